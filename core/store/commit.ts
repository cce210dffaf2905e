import { setTimeout as wait } from 'node:timers/promises';
import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { isOutcomeUnknown, isThrottled, type Table } from './table.ts';

/** The most items of one TransactWriteItems (DynamoDB). */
export const TRANSACTION_ITEMS = 100;

/**
 * How a transaction ended. `lost`: a condition failed (at those positions), or a rival was in flight; nothing was written by this sending.
 * When it was the repeat of one whose answer never came (`repeated`), the rival may have been that one.
 */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'lost'; readonly failedAt: readonly number[]; readonly repeated: boolean }
  | { readonly kind: 'throttled'; readonly cause: unknown }
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** Tries of one transaction under one token, each with the SDK's own retries inside. */
const TRIES = 3;

/**
 * Sends one transaction and says how it ended. While the outcome is unknown it is sent again under the same token, which DynamoDB answers
 * without doing it twice (for ten minutes). @throws what is neither a lost race nor a weakness of the service: a bug
 */
export async function commit(table: Table, items: readonly TransactWriteItem[], token: string): Promise<Ending> {
  let ending: Ending = { kind: 'unknown', cause: undefined };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await wait(50 * 2 ** attempt * Math.random());
    try {
      await table.client.send(new TransactWriteItemsCommand({ TransactItems: [...items], ClientRequestToken: token }));
      return { kind: 'done' };
    } catch (error) {
      ending = endingOf(error, attempt > 0);
      if (ending.kind !== 'unknown') return ending;
    }
  }
  return ending;
}

const LOST = new Set(['ConditionalCheckFailed', 'TransactionConflict']);
const THROTTLED = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded']);

function endingOf(error: unknown, sentBefore: boolean): Ending {
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? [];
    const codes = reasons.map(({ Code = 'None' }) => Code);
    if (codes.some((code) => LOST.has(code))) {
      const repeated = sentBefore || (error.$metadata.attempts ?? 1) > 1; // the SDK repeats by itself
      return { kind: 'lost', failedAt: positionsOf(reasons, 'ConditionalCheckFailed'), repeated };
    }
    if (codes.some((code) => THROTTLED.has(code))) return { kind: 'throttled', cause: error };
    throw error;
  }
  if (isThrottled(error)) return { kind: 'throttled', cause: error };
  // The first sending is still at work: its outcome is asked for under the same token.
  if (error instanceof Error && error.name === 'TransactionInProgressException') return { kind: 'unknown', cause: error };
  if (isOutcomeUnknown(error)) return { kind: 'unknown', cause: error };
  throw error;
}

const positionsOf = (reasons: readonly CancellationReason[], code: string): number[] =>
  reasons.flatMap((reason, at) => (reason.Code === code ? [at] : []));
