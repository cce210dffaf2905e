import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../lambda/function-pool.ts';
import { functionBehind } from '../template/functions.ts';
import type { Located, Resolver } from '../template/resolver.ts';
import type { Message } from './message-store.ts';

/** Answers a text message, as its recipient would. False when the template has nobody who listens. */
export type AnswerText = (message: Pick<Message, 'from' | 'to'>, text: string) => Promise<boolean>;

/** What AWS End User Messaging does with an answer to the installation's number: onto the topic of the template, and so to whoever subscribes. */
export function textAnswers(
  resolver: Resolver,
  invoke: (lambda: Located, event: unknown) => Promise<InvocationResult>,
): AnswerText {
  const listeners = resolver.all('AWS::SNS::Subscription').flatMap(({ stack, resource: { Properties } }) => {
    const topic = resolver.target(stack, Properties.TopicArn);
    const listens = Properties.Protocol === 'lambda' && topic?.id.includes('InboundTexts') === true;
    return (listens && functionBehind({ stack, value: Properties.Endpoint, resolver })) || [];
  });
  return async ({ from, to }, messageBody) => {
    const Message = JSON.stringify({
      originationNumber: to,
      destinationNumber: from,
      messageKeyword: 'KEYWORD_TESSERA',
      messageBody,
      inboundMessageId: randomUUID(),
    });
    const Records = [
      { EventSource: 'aws:sns', EventVersion: '1.0', Sns: { Message, MessageId: randomUUID(), Type: 'Notification' } },
    ];
    const results = await Promise.all(listeners.map((listener) => invoke(listener, { Records })));
    return results.length > 0 && results.every(({ kind }) => kind === 'answer');
  };
}
