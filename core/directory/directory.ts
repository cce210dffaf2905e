import { randomInt } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Role } from '../../schemas/access.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { keys, TENANT_LIST } from '../store/keys.ts';
import { orUnavailable } from '../store/table.ts';
import { type Member, type Membership, membershipPuts, type NewMember, toMember, toMembership } from './membership.ts';

export type { Membership } from './membership.ts';

export interface Tenant {
  readonly id: TenantId;
  readonly slug: Slug;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** Why an operator has suspended it or opened it again. */
  readonly reason?: string;
  /** IANA. Clinics of before sign-up existed have UTC until they choose one. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly created?: string;
}

export interface NewTenant {
  readonly slug: Slug;
  readonly name: string;
  readonly timeZone?: string;
  readonly country?: string;
  /** Chosen beforehand where the making may be repeated: the same id finds its own tenant. */
  readonly id?: TenantId;
}

/** A tenant may be suspended, so what was found is believed for a minute; an id and a slug never change. */
const BELIEVED_MS = 60_000;

/** Tenants, slugs and memberships: the rows below `sys#`. Reads are strongly consistent. Writing needs a client that may. */
export class Directory {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #nowMs: () => number;
  readonly #found = new Map<string, { tenant: Tenant; untilMs: number }>();
  constructor({ client, table, nowMs = Date.now }: { client: DynamoDBClient; table: string; nowMs?: () => number }) {
    this.#client = client;
    this.#table = table;
    this.#nowMs = nowMs;
  }

  async findTenant(slug: string): Promise<Tenant | undefined> {
    const parsed = Slug.safeParse(slug);
    if (!parsed.success) return undefined;
    const known = this.#found.get(slug);
    if (known && this.#nowMs() < known.untilMs) return known.tenant;
    const item = await this.#get(keys.slug(parsed.data));
    if (!item) return undefined;
    const tenant = toTenant(item);
    // One that is suspended is asked for each time: it is open again the moment that an operator says so.
    if (tenant.status === 'active') this.#found.set(slug, { tenant, untilMs: this.#nowMs() + BELIEVED_MS });
    else this.#found.delete(slug);
    return tenant;
  }

  async membershipsOf(sub: string): Promise<Membership[]> {
    const { Items = [] } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keys.memberships(sub) } },
          ConsistentRead: true,
        }),
      ),
    );
    return Items.map(toMembership);
  }

  /** The tenants of a person's memberships, by name. */
  async tenantsOf(sub: string): Promise<(Tenant & { readonly roles: readonly Role[] })[]> {
    const memberships = await this.membershipsOf(sub);
    const tenants = await Promise.all(
      memberships.map(async ({ slug, roles }) => {
        const tenant = await this.findTenant(slug);
        return tenant ? [{ ...tenant, roles }] : [];
      }),
    );
    return tenants.flat().sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Every tenant, a page of rows at a time: for work that has to visit them all. What it says of a tenant's status may be old. */
  async *listTenants(): AsyncGenerator<Pick<Tenant, 'id' | 'slug'>> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await orUnavailable(
        this.#client.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: TENANT_LIST } },
            ConsistentRead: true,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      );
      for (const item of Items) yield { id: TenantId.parse(stringOf(item, 'id')), slug: Slug.parse(stringOf(item, 'slug')) };
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  /** A slug is given once and never again. @throws Problem conflict when somebody has or had it */
  async createTenant({ slug, name, timeZone = 'UTC', country, id = newTenantId() }: NewTenant): Promise<Tenant> {
    const created = new Date(this.#nowMs()).toISOString();
    const tenant: Tenant = { id, slug, name, status: 'active', timeZone, created, ...(country && { country }) };
    const put = (key: Item) => ({
      Put: {
        TableName: this.#table,
        Item: { ...key, ...tenantAttributes(tenant) },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    });
    try {
      const TransactItems = [keys.slug(slug), keys.tenant(tenant.id), keys.listedTenant(slug)].map((key) => put(keyItem(key)));
      await orUnavailable(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') throw error;
      throw new Problem('conflict', [{ ...said('clinic-name-taken'), path: 'slug', code: 'duplicate' }], {
        cause: error,
      });
    }
    return tenant;
  }

  /** What stands in the table now, believed or not. */
  async readTenant(id: TenantId): Promise<Tenant | undefined> {
    const item = await this.#get(keys.tenant(id));
    return item && toTenant(item);
  }

  /** Another name or time zone. Environments that know the tenant believe the old ones for another minute. */
  async changeTenant(tenant: Tenant, change: { readonly name: string; readonly timeZone: string }): Promise<Tenant> {
    const update = (key: Item) => ({
      Update: {
        TableName: this.#table,
        Key: key,
        UpdateExpression: 'SET #name = :name, #zone = :zone',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#name': 'name', '#zone': 'timeZone' },
        ExpressionAttributeValues: { ':name': { S: change.name }, ':zone': { S: change.timeZone } },
      },
    });
    const TransactItems = [keys.slug(tenant.slug), keys.tenant(tenant.id), keys.listedTenant(tenant.slug)].map((key) =>
      update(keyItem(key)),
    );
    await orUnavailable(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
    this.#found.delete(tenant.slug);
    return { ...tenant, ...change };
  }

  /** Sets what the person is in the tenant, whatever it was before. @throws Problem not-found without such a tenant */
  async addMembership(member: NewMember): Promise<void> {
    const tenant = await this.findTenant(member.slug);
    if (!tenant) throw new Problem('not-found', 'There is no such clinic.');
    const TransactItems = membershipPuts(this.#table, tenant.id, member);
    await orUnavailable(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
  }

  /** A person in the list of a clinic's staff, also when disabled. */
  async memberOf(tenant: TenantId, sub: string): Promise<Member | undefined> {
    const item = await this.#get(keys.member(tenant, sub));
    return item && toMember(item);
  }

  async #get(key: { pk: string; sk: string }): Promise<Item | undefined> {
    const request = new GetItemCommand({ TableName: this.#table, Key: keyItem(key), ConsistentRead: true });
    return (await orUnavailable(this.#client.send(request))).Item;
  }
}

const Status = z.enum(['active', 'suspended']);

const tenantAttributes = ({ id, slug, name, status, timeZone, country, created }: Tenant): Item => ({
  id: { S: id },
  slug: { S: slug },
  name: { S: name },
  status: { S: status },
  timeZone: { S: timeZone },
  ...(country && { country: { S: country } }),
  ...(created && { created: { S: created } }),
});
export const toTenant = (item: Item): Tenant => ({
  id: TenantId.parse(stringOf(item, 'id')),
  slug: Slug.parse(stringOf(item, 'slug')),
  name: stringOf(item, 'name'),
  status: Status.parse(stringOf(item, 'status')),
  ...(item.reason?.S && { reason: item.reason.S }),
  timeZone: item.timeZone?.S ?? 'UTC',
  ...(item.country?.S && { country: item.country.S }),
  ...(item.created?.S && { created: item.created.S }),
});

const TENANT_ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Eight characters: they stand twice in every item's keys. The row's condition refuses one that exists. */
export const newTenantId = (): TenantId =>
  TenantId.parse(Array.from({ length: 8 }, () => TENANT_ID_ALPHABET[randomInt(TENANT_ID_ALPHABET.length)]).join(''));
