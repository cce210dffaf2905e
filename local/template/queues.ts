import type { QueueSettings } from '../events/queue-store.ts';
import type { Resolver } from './resolver.ts';

/** SQS's own values, in seconds, where the template says nothing. */
const DEFAULTS = { visibilitySeconds: 30, delaySeconds: 0, retentionSeconds: 345_600 };

/** Every queue of the template. */
export function readQueues(resolver: Resolver): QueueSettings[] {
  return resolver.all('AWS::SQS::Queue').map((queue) => {
    const seconds = (property: string, otherwise: number): number =>
      Number(resolver.property(queue, property) ?? otherwise) * 1_000;
    const redrive = resolver.property<{ deadLetterTargetArn?: string; maxReceiveCount?: number }>(queue, 'RedrivePolicy');
    const deadLetter = redrive?.deadLetterTargetArn?.split(':').at(-1);
    return {
      name: String(resolver.attribute(queue, 'QueueName')),
      arn: String(resolver.attribute(queue, 'Arn')),
      visibilityMs: seconds('VisibilityTimeout', DEFAULTS.visibilitySeconds),
      delayMs: seconds('DelaySeconds', DEFAULTS.delaySeconds),
      retentionMs: seconds('MessageRetentionPeriod', DEFAULTS.retentionSeconds),
      deadLetter: deadLetter ? { queue: deadLetter, maxReceives: Number(redrive?.maxReceiveCount ?? 10) } : undefined,
    };
  });
}
