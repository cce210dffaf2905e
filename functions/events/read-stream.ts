import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { type Told, toldBy } from '../../core/events/happening.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import type { Item } from '../../core/store/item.ts';
import type { Publish } from './bus.ts';

/**
 * Forwards what the table's stream says has happened, in its order. From the first record on that could not be told, Lambda hands the
 * batch out again, halved each time, so that one bad record does not hold up the others: it ends in the dead-letter queue.
 */
export async function readStream(
  { publish, log }: { readonly publish: Publish; readonly log: Log },
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const told = new Map<Told, string>();
  let stopAt: string | undefined;
  for (const record of records) {
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    try {
      for (const one of toldBy((record.dynamodb?.NewImage ?? {}) as Item)) told.set(one, sequence);
    } catch (error) {
      log({ level: 'error', event: 'record-unreadable', ...errorLines(error) });
      stopAt = sequence;
      break;
    }
  }
  const refused = new Set(await publish([...told.keys()]));
  const first = [...told].find(([one]) => refused.has(one))?.[1];
  const failedAt = first ?? stopAt;
  log({ level: 'info', records: records.length, told: told.size - refused.size, refused: refused.size });
  return { batchItemFailures: failedAt === undefined ? [] : [{ itemIdentifier: failedAt }] };
}
