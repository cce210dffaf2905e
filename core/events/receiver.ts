import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Failure, Worker } from '../../schemas/events.ts';
import { errorLines, type Log } from '../http/log.ts';
import { inLanes } from '../in-lanes.ts';
import { Problem } from '../outcome.ts';
import type { FailedWorkRows, Work } from './failed-work.ts';
import { readEnvelope, type Told } from './happening.ts';

/** How an event was received. */
export interface Reception extends Told {
  /** It has failed before, so a row of failed work may have to go with the effect. */
  readonly repeated: boolean;
}
export interface ReceiverDeps {
  readonly worker: Worker;
  readonly failed: FailedWorkRows;
  readonly log: Log;
  /** Messages of a batch that are worked on at the same time; one unless told. */
  readonly lanes?: number;
  /** Does the effect once (`once`), however often it is called. */
  readonly receive: (reception: Reception) => Promise<'done' | 'repeat'>;
}

/** The message attribute of work that a person sends once more. */
export const SENT_AGAIN = 'again';

export const workOf = (worker: Worker, told: Told, message: string): Work => ({
  worker,
  event: told.happening.event,
  subject: told.happening.eventId,
  message,
});

/**
 * A queue's side of an event: message by message, so that one that fails holds up no other. What fails is noted in its tenant's partition
 * and stays in the queue, which tries it three times and then sets it aside.
 */
export const receiver =
  (deps: ReceiverDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const done = await inLanes(event.Records, deps.lanes ?? 1, (record) => isDone(deps, record));
    const failed = event.Records.filter((_, at) => !done[at]);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

async function isDone({ worker, failed, log, receive }: ReceiverDeps, record: SQSRecord): Promise<boolean> {
  const told = toldIn(record);
  if (!told) {
    log({ level: 'error', event: 'message-unreadable', worker });
    return false;
  }
  const { happening } = told;
  const line = { worker, tenant: happening.tenant, event: happening.event, eventId: happening.eventId };
  try {
    const repeated = Number(record.attributes.ApproximateReceiveCount) > 1 || SENT_AGAIN in record.messageAttributes;
    const outcome = await receive({ ...told, repeated });
    log({ level: 'info', ...line, outcome, delayMs: Date.now() - Date.parse(told.time) });
    return true;
  } catch (error) {
    log({ level: 'error', ...line, ...errorLines(error) });
    // Not even that may stop the others: without a note the work is set aside all the same, as `stopped`.
    await failed.noteTry(happening.tenant, workOf(worker, told, record.body), failureOf(error)).catch((second: unknown) => {
      log({ level: 'error', worker, event: 'failure-not-noted', ...errorLines(second) });
    });
    return false;
  }
}

function toldIn({ body }: SQSRecord): Told | undefined {
  try {
    return readEnvelope(body);
  } catch {
    return undefined;
  }
}

/** Why it failed, in a word that may be shown. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Problem)) return 'unexpected';
  return error.kind === 'unavailable' || error.kind === 'conflict' ? 'unavailable' : 'refused';
}
