import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import { commit } from '../store/commit.ts';
import { dueItem } from '../store/due.ts';
import { keyItem, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';
import type { Upload } from './upload.ts';
import type { UploadRows } from './upload-rows.ts';

/**
 * Scanned documents of one clinic that are read at the same time. An account's first limit is ten functions at once, for everybody: a
 * clinic that drops five hundred scans uses two of them, and its other scans stand in line.
 */
export const PLACES = 2;
/** What is asked for while anything stands in line. */
export const LINE_TO_WATCH = 'UploadsInLine';
const WATCH_MS = 120_000;
/** Of those who take or leave a place at the same instant. */
const ATTEMPTS = 6;

interface Scoped {
  readonly tenant: TenantId;
}
/** A place of the few, until its holder says that it is done, or cannot be at work any more. */
export interface Place {
  readonly number: number;
  readonly upload: string;
  /** Which reading of the upload: a later one does not lose its place to the end of an earlier one. */
  readonly reading: number;
}
export type Claim =
  | { readonly kind: 'mine'; readonly upload: Upload; readonly place: Place }
  | { readonly kind: 'full' }
  /** Another has changed the upload meanwhile. */
  | { readonly kind: 'changed' };

/**
 * The places of a clinic and the line before them, in the table.
 *   place   pk, sk, u the upload, t which reading of it, until epoch ms at which its holder is certainly over
 *   line    pk, sk: an upload that waits
 * Invariant: an upload's state is `waiting` exactly while its row is in line: both change in one transaction.
 * Invariant: whoever leaves a place looks at the line afterwards, and whoever stands in line looks for a place afterwards. So one of two
 * who meet sees the other; of one who died in between the watch knows, which is due as long as anybody stands in line.
 */
export class UploadLine {
  readonly #tableOf: (tenant: TenantId) => Table;
  readonly #uploads: Pick<UploadRows, 'replacing'>;
  readonly #now: () => Date;
  constructor(tableOf: (tenant: TenantId) => Table, uploads: Pick<UploadRows, 'replacing'>, now: () => Date) {
    this.#tableOf = tableOf;
    this.#uploads = uploads;
    this.#now = now;
  }

  /** Takes a place for an upload, which is `reading` from then on and in line no more. @throws Problem unavailable */
  async claim({ tenant }: Scoped, was: Upload, next: Upload, untilMs: number): Promise<Claim> {
    const table = this.#tableOf(tenant);
    const reading = next.lease?.tries ?? 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [number] = await this.#free(tenant, was.id);
      if (number === undefined) return { kind: 'full' };
      const { next: saved, items } = this.#uploads.replacing({ tenant }, was, next);
      const put: TransactWriteItem = {
        Put: {
          TableName: table.name,
          Item: {
            ...keyItem(keys.readingPlace(tenant, number)),
            u: { S: was.id },
            t: { N: String(reading) },
            until: { N: String(untilMs) },
          },
          ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now OR u = :u',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':now': { N: String(this.#now().getTime()) }, ':u': { S: was.id } },
        },
      };
      const leave = { Delete: { TableName: table.name, Key: keyItem(keys.uploadInLine(tenant, was.id)) } };
      const ending = await commit(table, [...items, put, leave], randomUUID());
      if (ending.kind === 'done') return { kind: 'mine', upload: saved, place: { number, upload: was.id, reading } };
      if (ending.kind !== 'lost') throw new Problem('unavailable', said('upload-not-begun'), { cause: ending.cause });
      // Position 0 is the upload. The repeat of a sending whose answer was lost finds its own rows: its lease keeps others away until it is tried again.
      if (ending.failedAt.includes(0)) return { kind: 'changed' };
      await pause(20 * 2 ** attempt * Math.random());
    }
    return { kind: 'full' };
  }

  /** Puts an upload in line, to be watched. Undefined when another has changed it. @throws Problem unavailable */
  async stand(scope: Scoped, upload: Upload): Promise<Upload | undefined> {
    const { tenant } = scope;
    const table = this.#tableOf(tenant);
    const { lease, ...rest } = upload;
    const { next, items } = this.#uploads.replacing(scope, upload, {
      ...rest,
      state: 'waiting',
      ...(lease && { lease: { ...lease, untilMs: 0 } }),
    });
    const put = { Put: { TableName: table.name, Item: keyItem(keys.uploadInLine(tenant, upload.id)) } };
    const ending = await commit(table, [...items, put, this.#watch(tenant)], randomUUID());
    if (ending.kind === 'done') return next;
    if (ending.kind !== 'lost') throw new Problem('unavailable', said('upload-not-begun'), { cause: ending.cause });
    return undefined;
  }

  /** Gives a place back. One that was taken over meanwhile stays with whoever has it. */
  async leave({ tenant }: Scoped, { number, upload, reading }: Place): Promise<void> {
    const table = this.#tableOf(tenant);
    try {
      await orUnavailable(
        table.client.send(
          new DeleteItemCommand({
            TableName: table.name,
            Key: keyItem(keys.readingPlace(tenant, number)),
            ConditionExpression: 'u = :u AND t = :t',
            ExpressionAttributeValues: { ':u': { S: upload }, ':t': { N: String(reading) } },
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    }
  }

  /** The first in line, as many as there are places for. */
  async next({ tenant }: Scoped): Promise<readonly string[]> {
    const free = await this.#free(tenant);
    return free.length === 0 ? [] : this.#first(tenant, free.length);
  }

  /** Takes out of line what is settled and will never be read. */
  async drop({ tenant }: Scoped, upload: string): Promise<void> {
    const { client, name } = this.#tableOf(tenant);
    await orUnavailable(client.send(new DeleteItemCommand({ TableName: name, Key: keyItem(keys.uploadInLine(tenant, upload)) })));
  }

  /** Has the line looked at again, when anybody stands in it. */
  async watchOn({ tenant }: Scoped): Promise<void> {
    if ((await this.#first(tenant, 1)).length === 0) return;
    const ending = await commit(this.#tableOf(tenant), [this.#watch(tenant)], randomUUID());
    if (ending.kind !== 'done') throw new Problem('unavailable', said('upload-not-begun'));
  }

  async #first(tenant: TenantId, limit: number): Promise<readonly string[]> {
    const { pk } = keys.uploadInLine(tenant, '');
    const { items } = await this.#tableOf(tenant).query(pk, { from: '0', to: '~' }, { order: 'ascending', limit });
    return items.map((item) => stringOf(item, 'sk'));
  }

  /** Places that nobody holds; the one that this upload held, when it was left without a word, before the others. */
  async #free(tenant: TenantId, upload?: string): Promise<readonly number[]> {
    const { pk } = keys.readingPlace(tenant, 0);
    const { items } = await this.#tableOf(tenant).query(pk, { from: '0', to: '~' }, { order: 'ascending', limit: PLACES });
    const nowMs = this.#now().getTime();
    const own = items.find((item) => item.u?.S === upload);
    if (own) return [Number(stringOf(own, 'sk'))];
    const held = new Set(items.filter((item) => Number(item.until?.N) > nowMs).map((item) => Number(stringOf(item, 'sk'))));
    return Array.from({ length: PLACES }, (_, number) => number).filter((number) => !held.has(number));
  }

  /** One row a clinic and minute, however many stand in line. */
  #watch(tenant: TenantId): TransactWriteItem {
    const nowMs = this.#now().getTime();
    const work = { event: LINE_TO_WATCH, atMs: nowMs + WATCH_MS };
    return {
      Put: {
        TableName: this.#tableOf(tenant).name,
        Item: dueItem({ tenant, type: 'Upload', id: 'line' as FhirId }, work, nowMs),
      },
    };
  }
}
