import { type DynamoDBClient, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Slug } from '../../schemas/ids.ts';
import { LEDGER_LINES, type LedgerCounts } from '../../schemas/usage.ts';
import { Problem, said } from '../outcome.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { FIRST_INVITATION, keys, TENANT_LIST, usagePk } from '../store/keys.ts';
import { orUnavailable } from '../store/table.ts';
import { type Tenant, toTenant } from './directory.ts';

/** A tenant as operators see it: nothing of what is inside. */
export interface ListedTenant extends Tenant {
  /** ISO 8601. */
  readonly created: string;
  /** Since when it is what it is; absent until an operator has changed it. */
  readonly since?: string;
}
export type TenantStatus = Tenant['status'];

/** The list of all tenants, and their state. Needs a client that may. */
export class Tenancy {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #nowMs: () => number;
  constructor({ client, table, nowMs = Date.now }: { client: DynamoDBClient; table: string; nowMs?: () => number }) {
    this.#client = client;
    this.#table = table;
    this.#nowMs = nowMs;
  }

  /** By slug. `next` is the slug after which to go on, when there may be more. */
  async list({ after, most }: { after?: Slug | undefined; most: number }): Promise<{ tenants: ListedTenant[]; next?: Slug }> {
    const { Items = [], LastEvaluatedKey } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: TENANT_LIST } },
          ConsistentRead: true,
          Limit: most,
          ...(after && { ExclusiveStartKey: keyItem(keys.listedTenant(after)) }),
        }),
      ),
    );
    const tenants = Items.map(toListed);
    const last = tenants.at(-1)?.slug;
    return { tenants, ...(LastEvaluatedKey && last && { next: last }) };
  }

  /** How many people work in the clinic, disabled ones too. They are counted and not read: the role may no more. */
  async countStaff({ id }: Pick<Tenant, 'id'>): Promise<number> {
    const { Count = 0 } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk AND sk < :invitations',
          ExpressionAttributeValues: { ':pk': { S: keys.staff(id) }, ':invitations': { S: FIRST_INVITATION } },
          Select: 'COUNT',
          ConsistentRead: true,
        }),
      ),
    );
    return Count;
  }

  /** The clinic's ledger: what it has done, by month (yyyy-mm). A row a month, some 80 bytes: a page of a Query holds a thousand years. */
  async usageOf({ id }: Pick<Tenant, 'id'>): Promise<ReadonlyMap<string, LedgerCounts>> {
    const { Items = [] } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: usagePk(id) } },
          ConsistentRead: true,
        }),
      ),
    );
    return new Map(Items.map((item) => [stringOf(item, 'sk'), toCounts(item)]));
  }

  /**
   * Changes the state in every row that tells it, all or none. Two operators who press at once: one changes it, the other is told.
   * Functions believe the state that they have read for a minute (Directory).
   * @throws Problem conflict when it is so already
   */
  async setStatus({ id, slug }: Pick<Tenant, 'id' | 'slug'>, status: TenantStatus, reason: string): Promise<void> {
    const update = (key: { pk: string; sk: string }) => ({
      Update: {
        TableName: this.#table,
        Key: keyItem(key),
        UpdateExpression: 'SET #status = :status, #reason = :reason, since = :since',
        ConditionExpression: 'attribute_exists(pk) AND #status <> :status',
        ExpressionAttributeNames: { '#status': 'status', '#reason': 'reason' },
        ExpressionAttributeValues: {
          ':status': { S: status },
          ':reason': { S: reason },
          ':since': { S: new Date(this.#nowMs()).toISOString() },
        },
      },
    });
    const TransactItems = [keys.slug(slug), keys.tenant(id), keys.listedTenant(slug)].map(update);
    try {
      await orUnavailable(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') throw error;
      throw new Problem('conflict', said('clinic-changed'), { cause: error });
    }
  }
}

/** A line that nothing has been counted in yet is not there. */
const toCounts = (item: Item): LedgerCounts =>
  Object.fromEntries(LEDGER_LINES.map((line) => [line, Number(item[line]?.N ?? 0)])) as LedgerCounts;

const toListed = (item: Item): ListedTenant => ({
  ...toTenant(item),
  created: item.created?.S ?? '',
  ...(item.since?.S && { since: item.since.S }),
});
