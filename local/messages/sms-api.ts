import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonAnswer } from '../events/sqs-api.ts';
import { type TellDelivery, textEvent } from './delivery.ts';
import type { MessageStore } from './message-store.ts';

const SendTextMessage = z.object({
  DestinationPhoneNumber: z.string().regex(/^\+[1-9]\d{6,14}$/, 'not E.164'),
  OriginationIdentity: z.string().min(1),
  MessageBody: z.string().min(1).max(1_600),
  Context: z.record(z.string().max(100), z.string().max(800)).default({}),
});

/** SendTextMessage of AWS End User Messaging: into the inbox instead of onto a telephone. */
export const createSms =
  ({ store, tell }: { readonly store: MessageStore; readonly tell?: TellDelivery }) =>
  (operation: string, input: unknown, maySend: (originArn: string) => boolean): JsonAnswer => {
    if (operation !== 'SendTextMessage')
      return failure(400, 'ValidationException', `Text messages here do not know ${operation}.`);
    const asked = SendTextMessage.safeParse(input);
    if (!asked.success) return failure(400, 'ValidationException', z.prettifyError(asked.error));
    const { DestinationPhoneNumber: to, OriginationIdentity: from, MessageBody: text, Context: tags } = asked.data;
    if (!maySend(from))
      return failure(
        400,
        'AccessDeniedException',
        `The caller is not authorized to perform sms-voice:SendTextMessage on ${from}`,
      );
    store.keep({ kind: 'sms', from, to, subject: '', text });
    const messageId = randomUUID();
    tell?.(textEvent({ messageId, to, tags }));
    return { status: 200, body: { MessageId: messageId } };
  };

const failure = (status: number, code: string, message: string): JsonAnswer => ({ status, body: { __type: code, message } });
