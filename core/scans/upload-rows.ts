import { randomUUID } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import { commit } from '../store/commit.ts';
import { dueItem } from '../store/due.ts';
import type { Item } from '../store/item.ts';
import { expiresAt, keyItem } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';
import { isSettled, isUploadId, LATE_MS, UPLOAD_LATE, type Upload } from './upload.ts';

/** Upload ids are made of these, so this range holds every one. */
const ALL_IDS = { from: '0', to: '~' };
/** How long what was filed or put away can be looked up by its upload. The document itself stays. */
const KEPT_SECONDS = 90 * 24 * 3_600;

interface Scoped {
  readonly tenant: TenantId;
}

/** Uploads in the table, by their own words. One item each: b the upload as deflated JSON, n its revision, expires once it is settled. */
export class UploadRows {
  readonly #tableOf: (tenant: TenantId) => Table;
  readonly #now: () => Date;
  constructor(tableOf: (tenant: TenantId) => Table, now: () => Date) {
    this.#tableOf = tableOf;
    this.#now = now;
  }

  async add({ tenant }: Scoped, upload: Upload): Promise<void> {
    const table = this.#tableOf(tenant);
    const nowMs = this.#now().getTime();
    const late = { event: UPLOAD_LATE, atMs: nowMs + LATE_MS };
    const items: TransactWriteItem[] = [
      { Put: { TableName: table.name, Item: this.#item(tenant, upload), ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { TableName: table.name, Item: dueItem({ tenant, type: 'Upload', id: upload.id as FhirId }, late, nowMs) } },
    ];
    const ending = await commit(table, items, randomUUID());
    if (ending.kind !== 'done' && !(await this.find({ tenant }, upload.id)))
      throw new Problem('unavailable', said('upload-not-begun'));
  }

  /** @throws Problem not-found */
  async read(scope: Scoped, id: string | undefined): Promise<Upload> {
    const found = id === undefined ? undefined : await this.find(scope, id);
    if (!found) throw new Problem('not-found', said('upload-unknown'));
    return found;
  }

  async find({ tenant }: Scoped, id: string): Promise<Upload | undefined> {
    if (!isUploadId(id)) return undefined;
    const table = this.#tableOf(tenant);
    const item = (await table.get(keys.upload(tenant, 'open', id))) ?? (await table.get(keys.upload(tenant, 'done', id)));
    return item && fromItem(item);
  }

  /** What waits, the oldest first, or what was settled, the newest first; and whether there is more than one answer holds. */
  async list(
    { tenant }: Scoped,
    part: 'open' | 'done',
    count: number,
  ): Promise<{ readonly uploads: readonly Upload[]; readonly more: boolean }> {
    const { items, endedAt } = await this.#tableOf(tenant).query(keys.upload(tenant, part, '').pk, ALL_IDS, {
      order: part === 'open' ? 'ascending' : 'descending',
      limit: count + 1,
    });
    // A page of long texts ends at DynamoDB's own megabyte, before its count.
    return { uploads: items.slice(0, count).map(fromItem), more: items.length > count || endedAt !== undefined };
  }

  /** Replaces exactly the revision that was read; not for a change between open and settled. @throws Problem conflict */
  async save({ tenant }: Scoped, upload: Upload): Promise<Upload> {
    const { next, put } = this.#next(tenant, upload);
    const table = this.#tableOf(tenant);
    try {
      await orUnavailable(table.client.send(new PutItemCommand(put)));
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') throw changed(error);
      throw error;
    }
    return next;
  }

  /** The same as rows of a transaction: for what is written together with records. `was`: the upload as it was read. */
  replacing({ tenant }: Scoped, was: Upload, upload: Upload): { next: Upload; items: TransactWriteItem[]; lost: () => Problem } {
    const { next, put } = this.#next(tenant, upload);
    if (isSettled(was) === isSettled(upload)) return { next, items: [{ Put: put }], lost: changed };
    const { ConditionExpression, ExpressionAttributeValues, ...anew } = put;
    const from = keyItem(keys.upload(tenant, isSettled(was) ? 'done' : 'open', upload.id));
    return {
      next,
      items: [{ Put: anew }, { Delete: { TableName: put.TableName, Key: from, ConditionExpression, ExpressionAttributeValues } }],
      lost: changed,
    };
  }

  /** Back on the board after its row has expired: of two who put it there, one is told. */
  restoring({ tenant }: Scoped, upload: Upload): { next: Upload; items: TransactWriteItem[]; lost: () => Problem } {
    const ConditionExpression = 'attribute_not_exists(pk)';
    const put = { TableName: this.#tableOf(tenant).name, Item: this.#item(tenant, upload), ConditionExpression };
    return { next: upload, items: [{ Put: put }], lost: changed };
  }

  /** Off the board, or back onto it, by itself. @throws Problem conflict, unavailable */
  async settle(scope: Scoped, was: Upload, upload: Upload): Promise<Upload> {
    const { next, items, lost } = this.replacing(scope, was, upload);
    const ending = await commit(this.#tableOf(scope.tenant), items, randomUUID());
    if (ending.kind === 'done') return next;
    if (ending.kind !== 'lost') throw new Problem('unavailable', said('upload-not-begun'), { cause: ending.cause });
    // The repeat of a sending whose answer was lost finds its own rows.
    if (ending.repeated && (await this.find(scope, upload.id))?.revision === next.revision) return next;
    throw lost();
  }

  #next(tenant: TenantId, upload: Upload) {
    const next = { ...upload, revision: upload.revision + 1, updated: this.#now().toISOString() };
    return {
      next,
      put: {
        TableName: this.#tableOf(tenant).name,
        Item: this.#item(tenant, next),
        ConditionExpression: 'n = :expected',
        ExpressionAttributeValues: { ':expected': { N: String(upload.revision) } },
      },
    };
  }

  #item(tenant: TenantId, upload: Upload): Item {
    const settled = isSettled(upload);
    return {
      ...keyItem(keys.upload(tenant, settled ? 'done' : 'open', upload.id)),
      b: { B: deflateRawSync(JSON.stringify(upload)) },
      n: { N: String(upload.revision) },
      ...(settled && { expires: expiresAt(this.#now(), KEPT_SECONDS) }),
    };
  }
}

const changed = (cause?: unknown): Problem => new Problem('conflict', said('upload-changed'), { cause });
const fromItem = (item: Item): Upload => JSON.parse(inflateRawSync(item.b?.B ?? Buffer.alloc(0)).toString()) as Upload;
