import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { FailedWork, Failure, Worker, WorkState } from '../../schemas/events.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import { expiresAt, type Item, keyItem, numberOf, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';

/** Work as it was asked for: who was to do it, what had happened, and the message that asks for it again. Names and ids only. */
export interface Work {
  readonly worker: Worker;
  readonly event: string;
  /** Of the event, or of the import: one piece of work a worker and subject. */
  readonly subject: string;
  readonly message: string;
}
export type KeptWork = FailedWork & { readonly message: string; readonly subject: string };

/** `trying`: failed, and the queue hands it out again by itself. Nobody is told yet. */
type State = WorkState | 'trying';

/** What was put away is kept for 90 days, for whoever asks. */
const AWAY_SECONDS = 90 * 86_400;
const MOST_LISTED = 500;

export const workId = ({ worker, subject }: Pick<Work, 'worker' | 'subject'>): string =>
  createHash('sha256').update(`${worker}\n${subject}`).digest('hex').slice(0, 32);

/**
 * Work that failed, one row each in its tenant's partition, and beside it a row without content by which the platform counts what waits.
 * A receiver notes each try; who empties the dead-letter queue says that it waits for a person.
 */
export class FailedWorkRows {
  readonly #tableOf: (tenant: TenantId) => Table;
  readonly #now: () => Date;
  constructor(tableOf: (tenant: TenantId) => Table, now: () => Date) {
    this.#tableOf = tableOf;
    this.#now = now;
  }

  /** One more try has failed. */
  async noteTry(tenant: TenantId, work: Work, failure: Failure): Promise<void> {
    const table = this.#tableOf(tenant);
    const row = this.#update(table, tenant, work, {
      set: 'failure = :failure, #state = if_not_exists(#state, :trying)',
      add: ' ADD tries :one',
      values: { ':failure': { S: failure }, ':trying': { S: 'trying' satisfies State }, ':one': { N: '1' } },
    });
    await orUnavailable(table.client.send(new UpdateItemCommand(row)));
  }

  /** Its tries are used up: it waits for a person. `tries` counts when the receiver could not count for itself. */
  async wait(tenant: TenantId, work: Work, { tries, failure }: { tries: number; failure: Failure }): Promise<void> {
    const table = this.#tableOf(tenant);
    const row = this.#update(table, tenant, work, {
      set: '#state = :waiting, tries = if_not_exists(tries, :tries), failure = if_not_exists(failure, :failure)',
      add: ' REMOVE expires, reason, decided',
      values: {
        ':waiting': { S: 'waiting' satisfies State },
        ':tries': { N: String(tries) },
        ':failure': { S: failure },
      },
    });
    const count = { ...keyItem(keys.failedCount(tenant, workId(work))), worker: { S: work.worker } };
    await orUnavailable(
      table.client.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Update: row }, { Put: { TableName: table.name, Item: count } }] }),
      ),
    );
  }

  /** What waits, is tried again or was put away, the newest failure first. */
  async list(tenant: TenantId): Promise<KeptWork[]> {
    const { pk } = keys.failedWork(tenant, '');
    const { items } = await this.#tableOf(tenant).query(pk, { from: '0', to: 'g' }, { order: 'ascending', limit: MOST_LISTED });
    return items.flatMap((item) => toWork(item) ?? []).sort((a, b) => (a.lastFailed < b.lastFailed ? 1 : -1));
  }

  async find(tenant: TenantId, id: string): Promise<KeptWork | undefined> {
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
    const item = await this.#tableOf(tenant).get(keys.failedWork(tenant, id));
    return item && toWork(item);
  }

  /** A person has sent it once more. Work that was done in the meantime has no row any more, and gets none. */
  async markAgain(tenant: TenantId, id: string): Promise<void> {
    await this.#decide(tenant, id, 'SET #state = :state REMOVE expires, reason, decided', { ':state': { S: 'again' } });
  }

  /** A person has decided that it need not be done. */
  async putAway(tenant: TenantId, id: string, { reason, by }: { reason: string; by: string }): Promise<void> {
    const now = this.#now();
    await this.#decide(tenant, id, 'SET #state = :state, reason = :reason, decided = :now, decider = :by, expires = :expires', {
      ':state': { S: 'aside' },
      ':reason': { S: reason },
      ':now': { S: now.toISOString() },
      ':by': { S: by },
      ':expires': expiresAt(now, AWAY_SECONDS),
    });
  }

  /** What takes the rows away, for the transaction that does the work. */
  clearing(tenant: TenantId, work: Pick<Work, 'worker' | 'subject'>): TransactWriteItem[] {
    const TableName = this.#tableOf(tenant).name;
    const id = workId(work);
    return [keys.failedWork(tenant, id), keys.failedCount(tenant, id)].map((key) => ({
      Delete: { TableName, Key: keyItem(key) },
    }));
  }

  async clear(tenant: TenantId, work: Pick<Work, 'worker' | 'subject'>): Promise<void> {
    const TransactItems = this.clearing(tenant, work);
    await orUnavailable(this.#tableOf(tenant).client.send(new TransactWriteItemsCommand({ TransactItems })));
  }

  async #decide(
    tenant: TenantId,
    id: string,
    UpdateExpression: string,
    ExpressionAttributeValues: Record<string, AttributeValue>,
  ): Promise<void> {
    const table = this.#tableOf(tenant);
    const names = { TableName: table.name, ExpressionAttributeNames: { '#state': 'state' } };
    const Key = keyItem(keys.failedWork(tenant, id));
    const row = { ...names, Key, UpdateExpression, ExpressionAttributeValues, ConditionExpression: 'attribute_exists(pk)' };
    const count = { TableName: table.name, Key: keyItem(keys.failedCount(tenant, id)) };
    try {
      await orUnavailable(
        table.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: row }, { Delete: count }] })),
      );
    } catch (error) {
      const gone =
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed');
      if (!gone) throw error;
      throw new Problem('not-found', 'This work has been done in the meantime.', { cause: error });
    }
  }

  #update(
    table: Table,
    tenant: TenantId,
    work: Work,
    { set, add, values }: { set: string; add: string; values: Record<string, AttributeValue> },
  ) {
    const now = this.#now().toISOString();
    return {
      TableName: table.name,
      Key: keyItem(keys.failedWork(tenant, workId(work))),
      UpdateExpression: `SET worker = :worker, #event = :event, #subject = :subject, message = :message, firstFailed = if_not_exists(firstFailed, :now), lastFailed = :now, ${set}${add}`,
      ExpressionAttributeNames: { '#state': 'state', '#event': 'event', '#subject': 'subject' },
      ExpressionAttributeValues: {
        ':worker': { S: work.worker },
        ':event': { S: work.event },
        ':subject': { S: work.subject },
        ':message': { S: work.message },
        ':now': { S: now },
        ...values,
      },
    };
  }
}

/** Undefined while it is still tried by itself. */
function toWork(item: Item): KeptWork | undefined {
  const state = stringOf(item, 'state') as State;
  if (state === 'trying') return undefined;
  return {
    id: stringOf(item, 'sk'),
    worker: stringOf(item, 'worker') as Worker,
    event: stringOf(item, 'event'),
    subject: stringOf(item, 'subject'),
    message: stringOf(item, 'message'),
    state,
    failure: stringOf(item, 'failure') as Failure,
    tries: numberOf(item, 'tries'),
    firstFailed: stringOf(item, 'firstFailed'),
    lastFailed: stringOf(item, 'lastFailed'),
    ...(item.reason?.S !== undefined && { reason: item.reason.S }),
    ...(item.decided?.S !== undefined && { decided: item.decided.S }),
  };
}
