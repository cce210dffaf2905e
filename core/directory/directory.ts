import { randomInt } from 'node:crypto';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { keys, TENANT_LIST } from '../store/keys.ts';
import { orUnavailable } from '../store/table.ts';

export interface Tenant {
  readonly id: TenantId;
  readonly slug: Slug;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** Why an operator has suspended it or opened it again. */
  readonly reason?: string;
}

/** What one person is in one tenant. */
export interface Membership {
  readonly slug: Slug;
  readonly roles: readonly Role[];
  /** A reference like Practitioner/123. */
  readonly fhirUser?: string;
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
  async createTenant({ slug, name }: { slug: Slug; name: string }): Promise<Tenant> {
    const tenant: Tenant = { id: newTenantId(), slug, name, status: 'active' };
    const created = new Date(this.#nowMs()).toISOString();
    const rest: Item = {
      id: { S: tenant.id },
      slug: { S: slug },
      name: { S: name },
      status: { S: tenant.status },
      created: { S: created },
    };
    const put = (key: Item) => ({
      Put: { TableName: this.#table, Item: { ...key, ...rest }, ConditionExpression: 'attribute_not_exists(pk)' },
    });
    try {
      const TransactItems = [keys.slug(slug), keys.tenant(tenant.id), keys.listedTenant(slug)].map((key) => put(keyItem(key)));
      await orUnavailable(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') throw error;
      throw new Problem('conflict', 'This name is taken. Choose another one.', { cause: error });
    }
    return tenant;
  }

  /** Sets what the person is in the tenant, whatever it was before. */
  async addMembership({ sub, slug, roles, fhirUser }: Membership & { readonly sub: string }): Promise<void> {
    const Item: Item = {
      ...keyItem({ pk: keys.memberships(sub), sk: slug }),
      roles: { SS: [...roles] },
      ...(fhirUser && { fhirUser: { S: fhirUser } }),
    };
    await orUnavailable(this.#client.send(new PutItemCommand({ TableName: this.#table, Item })));
  }

  async #get(key: { pk: string; sk: string }): Promise<Item | undefined> {
    const request = new GetItemCommand({ TableName: this.#table, Key: keyItem(key), ConsistentRead: true });
    return (await orUnavailable(this.#client.send(request))).Item;
  }
}

const Status = z.enum(['active', 'suspended']);
const Roles = z.array(z.enum(TENANT_ROLES));

export const toTenant = (item: Item): Tenant => ({
  id: TenantId.parse(stringOf(item, 'id')),
  slug: Slug.parse(stringOf(item, 'slug')),
  name: stringOf(item, 'name'),
  status: Status.parse(stringOf(item, 'status')),
  ...(item.reason?.S && { reason: item.reason.S }),
});
const toMembership = (item: Item): Membership => ({
  slug: Slug.parse(stringOf(item, 'sk')),
  roles: Roles.parse(item.roles?.SS ?? []),
  ...(item.fhirUser?.S && { fhirUser: item.fhirUser.S }),
});

const TENANT_ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Eight characters: they stand twice in every item's keys. The row's condition refuses one that exists. */
const newTenantId = (): TenantId =>
  TenantId.parse(Array.from({ length: 8 }, () => TENANT_ID_ALPHABET[randomInt(TENANT_ID_ALPHABET.length)]).join(''));
