import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { Problem } from '../outcome.ts';
import { commit } from '../store/commit.ts';
import { expiresAt, keyItem } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Happening } from './happening.ts';

/**
 * How long a repeat is known, in seconds: 60 days. A queue keeps a message for 14 days at most and the nightly look back goes 36 hours
 * back; work that failed has no receipt.
 */
const RECEIPT_SECONDS = 60 * 86_400;
/** Tries against rivals that write the same rows at the same moment. */
const ATTEMPTS = 8;

/**
 * Writes an effect and the receipt for it in one transaction: however often an event is told, its effect is there once.
 * `lost` tells at which of `effect` a condition failed. @throws Problem unavailable when it cannot be said whether it was written
 */
export async function once(
  table: Table,
  receiver: string,
  { tenant, eventId }: Happening,
  effect: readonly TransactWriteItem[],
  now: Date,
): Promise<{ kind: 'done' } | { kind: 'repeat' } | { kind: 'lost'; at: readonly number[] }> {
  const key = keys.receipt(tenant, eventId, receiver);
  const receipt: TransactWriteItem = {
    Put: {
      TableName: table.name,
      Item: { ...keyItem(key), expires: expiresAt(now, RECEIPT_SECONDS) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await wait(10 * 2 ** attempt * Math.random());
    const ending = await commit(table, [receipt, ...effect], randomUUID());
    if (ending.kind === 'done') return { kind: 'done' };
    if (ending.kind === 'lost' && ending.failedAt.includes(0)) return { kind: 'repeat' };
    if (ending.kind === 'lost' && ending.failedAt.length > 0) return { kind: 'lost', at: ending.failedAt.map((at) => at - 1) };
    // No answer, or a rival in flight: whether it is written stands in the table.
    if (ending.kind === 'unknown' && (await table.get(key))) return { kind: 'done' };
  }
  throw new Problem('unavailable', 'The work could not be written down in time. It is tried again.');
}

/** Which of the events a receiver has done already, by event id and receiver. One BatchGetItem for each 100. */
export async function receiptsOf(
  table: Table,
  wanted: readonly { readonly happening: Happening; readonly receiver: string }[],
): Promise<ReadonlySet<string>> {
  const found = await table.batchGet(
    wanted.map(({ happening, receiver }) => keys.receipt(happening.tenant, happening.eventId, receiver)),
  );
  const known = new Set(found.map(({ pk, sk }) => `${pk?.S}\n${sk?.S}`));
  return new Set(
    wanted
      .filter(({ happening, receiver }) => {
        const { pk, sk } = keys.receipt(happening.tenant, happening.eventId, receiver);
        return known.has(`${pk}\n${sk}`);
      })
      .map(({ happening, receiver }) => `${happening.eventId} ${receiver}`),
  );
}
