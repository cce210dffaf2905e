import { createHash, randomUUID } from 'node:crypto';
import type { Message, QueueSettings, QueueStore } from './queue-store.ts';

/** An answer of a JSON-protocol service. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}
type Input = Readonly<Record<string, unknown>>;

/** SQS refuses a longer message, attributes counted in (SQS quotas, 1 MiB since 2025). */
const MOST_MESSAGE_BYTES = 1_048_576;
const MOST_IN_BATCH = 10;
const LONGEST_WAIT_SECONDS = 20;
const LONG_POLL_STEP_MS = 50;

export interface SqsOptions {
  readonly queues: readonly QueueSettings[];
  readonly store: QueueStore;
  /** Called when a message was sent, so that a consumer need not wait for its next look. */
  readonly sent: (queue: QueueSettings) => void;
}

/** The operations of SQS that the application uses, over the JSON protocol that the SDK speaks. */
export const createSqs =
  ({ queues, store, sent }: SqsOptions) =>
  async (operation: string, input: Input): Promise<JsonAnswer> => {
    const name = String(input.QueueUrl ?? input.QueueName ?? '')
      .split('/')
      .at(-1);
    const queue = queues.find((known) => known.name === name);
    if (!queue) return failure('QueueDoesNotExist', 'The specified queue does not exist.');
    switch (operation) {
      case 'SendMessage': {
        const result = send(store, queue, input);
        if (result.status === 200) sent(queue);
        return result;
      }
      case 'SendMessageBatch': {
        const result = sendBatch(store, queue, entriesOf(input));
        sent(queue);
        return result;
      }
      case 'ReceiveMessage':
        return receive(store, queue, input);
      case 'DeleteMessage':
        store.delete(queue, String(input.ReceiptHandle));
        return { status: 200, body: {} };
      case 'DeleteMessageBatch': {
        const entries = entriesOf(input);
        for (const entry of entries) store.delete(queue, String(entry.ReceiptHandle));
        return { status: 200, body: { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] } };
      }
      case 'ChangeMessageVisibility':
        store.changeVisibility(queue, String(input.ReceiptHandle), Number(input.VisibilityTimeout) * 1_000);
        return { status: 200, body: {} };
      case 'GetQueueUrl':
        return { status: 200, body: { QueueUrl: input.QueueUrl ?? name } };
      case 'GetQueueAttributes': {
        const { visible, inFlight } = store.counts(queue);
        return {
          status: 200,
          body: {
            Attributes: {
              QueueArn: queue.arn,
              ApproximateNumberOfMessages: String(visible),
              ApproximateNumberOfMessagesNotVisible: String(inFlight),
            },
          },
        };
      }
      default:
        return failure('UnsupportedOperation', `The local SQS does not know ${operation}.`);
    }
  };

function send(store: QueueStore, queue: QueueSettings, input: Input): JsonAnswer {
  const body = String(input.MessageBody ?? '');
  const attributes = (input.MessageAttributes ?? {}) as Readonly<Record<string, unknown>>;
  if (body === '') return failure('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) + sizeOf(attributes) > MOST_MESSAGE_BYTES)
    return failure(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MOST_MESSAGE_BYTES} bytes.`,
    );
  const delaySeconds = input.DelaySeconds;
  const id = store.send(queue, {
    body,
    attributes,
    delayMs: delaySeconds === undefined ? undefined : Number(delaySeconds) * 1_000,
  });
  return { status: 200, body: { MessageId: id, MD5OfMessageBody: md5(body) } };
}

function sendBatch(store: QueueStore, queue: QueueSettings, entries: readonly Input[]): JsonAnswer {
  if (entries.length === 0 || entries.length > MOST_IN_BATCH)
    return failure('TooManyEntriesInBatchRequest', `A batch holds 1 to ${MOST_IN_BATCH} entries.`);
  const results = entries.map((entry) => ({ entry, result: send(store, queue, entry) }));
  return {
    status: 200,
    body: {
      Successful: results
        .filter(({ result }) => result.status === 200)
        .map(({ entry, result }) => ({ Id: entry.Id, ...(result.body as object) })),
      Failed: results
        .filter(({ result }) => result.status !== 200)
        .map(({ entry }) => ({ Id: entry.Id, SenderFault: true, Code: 'InvalidParameterValue' })),
    },
  };
}

async function receive(store: QueueStore, queue: QueueSettings, input: Input): Promise<JsonAnswer> {
  const most = Math.min(Number(input.MaxNumberOfMessages ?? 1), MOST_IN_BATCH);
  const visibility = input.VisibilityTimeout;
  const options = visibility === undefined ? {} : { visibilityMs: Number(visibility) * 1_000 };
  const until = Date.now() + Math.min(Number(input.WaitTimeSeconds ?? 0), LONGEST_WAIT_SECONDS) * 1_000;
  let messages = store.receive(queue, most, options);
  while (messages.length === 0 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LONG_POLL_STEP_MS));
    messages = store.receive(queue, most, options);
  }
  return { status: 200, body: messages.length === 0 ? {} : { Messages: messages.map(toSqsMessage) } };
}

const toSqsMessage = (message: Message) => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  Body: message.body,
  MD5OfBody: md5(message.body),
  MessageAttributes: message.attributes,
  Attributes: systemAttributes(message),
});

/** What SQS itself tells about a message. */
export const systemAttributes = ({ receives, sentMs, firstReceivedMs, deadFrom }: Message): Record<string, string> => ({
  ApproximateReceiveCount: String(receives),
  SentTimestamp: String(sentMs),
  SenderId: 'local',
  ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
  ...(deadFrom !== undefined && { DeadLetterQueueSourceArn: deadFrom }),
});

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const entriesOf = (input: Input): readonly Input[] => (input.Entries ?? []) as Input[];
const sizeOf = (attributes: Readonly<Record<string, unknown>>): number =>
  Object.keys(attributes).length === 0 ? 0 : Buffer.byteLength(JSON.stringify(attributes));
const failure = (code: string, message: string): JsonAnswer => ({
  status: 400,
  body: { __type: `com.amazonaws.sqs#${code}`, message, requestId: randomUUID() },
});
