import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { expiresAt, keyItem, stringOf } from '../store/item.ts';
import { keys, STRIPE_PREFIX } from '../store/keys.ts';
import { orUnavailable, Table } from '../store/table.ts';

/** A clinic, as Stripe's ids lead to it. */
export interface Clinic {
  readonly tenant: TenantId;
  readonly slug: Slug;
}
/** An event that could not be worked through. */
export interface FailedEvent {
  readonly id: string;
  readonly type: string;
  /** Of which account; '' is the operator's own. */
  readonly account: string;
  /** Whose it is. */
  readonly tenant: TenantId;
  readonly slug: Slug;
  readonly tries: number;
  /** UTC instant. */
  readonly since: string;
}

/** An event is known for longer than Stripe lists it (30 days) or tries to deliver it (3 days). */
const KNOWN_SECONDS = 45 * 86_400;
/** Whoever has taken an event and is not heard of for this long has died with it. */
const LEASE_MS = 60_000;
const MOST_LISTED = 1_000;

/** What Stripe has told and what became of it, and which clinic an account or a customer of Stripe's is. */
export class StripeBook {
  readonly #table: Table;
  readonly #now: () => Date;
  constructor({ client, table, now = () => new Date() }: { client: DynamoDBClient; table: string; now?: () => Date }) {
    this.#table = new Table(client, table, now);
    this.#now = now;
  }

  /** Whether the caller is to work the event through: it was not taken before, or whoever took it failed or died. */
  async take(event: string): Promise<'taken' | 'busy' | 'done'> {
    const now = this.#now();
    try {
      await orUnavailable(
        this.#table.client.send(
          new PutItemCommand({
            TableName: this.#table.name,
            Item: {
              ...keyItem(keys.stripeEvent(event)),
              state: { S: 'taken' },
              until: { N: String(now.getTime() + LEASE_MS) },
              expires: expiresAt(now, KNOWN_SECONDS),
            },
            ConditionExpression: 'attribute_not_exists(pk) OR (#state = :taken AND #until < :now)',
            ExpressionAttributeNames: { '#state': 'state', '#until': 'until' },
            ExpressionAttributeValues: { ':taken': { S: 'taken' }, ':now': { N: String(now.getTime()) } },
          }),
        ),
      );
      return 'taken';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const known = await this.#table.get(keys.stripeEvent(event));
      return known?.state?.S === 'done' ? 'done' : 'busy';
    }
  }

  /** Worked through: never again. */
  async done(event: string): Promise<void> {
    const now = this.#now();
    await orUnavailable(
      this.#table.client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: { ...keyItem(keys.stripeEvent(event)), state: { S: 'done' }, expires: expiresAt(now, KNOWN_SECONDS) },
        }),
      ),
    );
    await orUnavailable(
      this.#table.client.send(new DeleteItemCommand({ TableName: this.#table.name, Key: keyItem(keys.stripeFailed(event)) })),
    );
  }

  /** Not worked through: it may be taken again at once, and stands in the list of failures until it is done. */
  async failed(
    event: string,
    { type, account, tenant, slug }: Pick<FailedEvent, 'type' | 'account' | 'tenant' | 'slug'>,
  ): Promise<void> {
    const TableName = this.#table.name;
    await orUnavailable(
      this.#table.client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyItem(keys.stripeFailed(event)),
          UpdateExpression:
            'SET #type = :type, account = :account, tenant = :tenant, slug = :slug, since = if_not_exists(since, :now), expires = :expires ADD tries :one',
          ExpressionAttributeNames: { '#type': 'type' },
          ExpressionAttributeValues: {
            ':type': { S: type },
            ':account': { S: account },
            ':tenant': { S: tenant },
            ':slug': { S: slug },
            ':now': { S: this.#now().toISOString() },
            ':expires': expiresAt(this.#now(), KNOWN_SECONDS),
            ':one': { N: '1' },
          },
        }),
      ),
    );
    await orUnavailable(this.#table.client.send(new DeleteItemCommand({ TableName, Key: keyItem(keys.stripeEvent(event)) })));
  }

  async failures(): Promise<FailedEvent[]> {
    const { items } = await this.#table.query(
      `${STRIPE_PREFIX}failed`,
      { from: 'evt_', to: 'evt`' },
      { order: 'ascending', limit: MOST_LISTED },
    );
    return items.map((item) => ({
      id: stringOf(item, 'sk'),
      type: stringOf(item, 'type'),
      account: item.account?.S ?? '',
      tenant: TenantId.parse(stringOf(item, 'tenant')),
      slug: Slug.parse(stringOf(item, 'slug')),
      tries: Number(item.tries?.N ?? 1),
      since: stringOf(item, 'since'),
    }));
  }

  /** Which of the events have been worked through. */
  async known(events: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#table.batchGet(events.map(keys.stripeEvent));
    const done = found
      .filter(({ state }) => state?.S === 'done')
      .map((item) => stringOf(item, 'pk').slice(`${STRIPE_PREFIX}event#`.length));
    return new Set(done);
  }

  /** @param id an account (acct_...) or a customer (cus_...) */
  async keepOwner(id: string, { tenant, slug }: Clinic): Promise<void> {
    await orUnavailable(
      this.#table.client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: { ...keyItem(keys.stripeOwner(id)), tenant: { S: tenant }, slug: { S: slug } },
        }),
      ),
    );
  }

  async ownerOf(id: string): Promise<Clinic | undefined> {
    const item = await this.#table.get(keys.stripeOwner(id));
    return item && { tenant: TenantId.parse(stringOf(item, 'tenant')), slug: Slug.parse(stringOf(item, 'slug')) };
  }

  /** The accounts of clinics, by id, after a given one. */
  async accounts(after?: string): Promise<{ readonly ids: string[]; readonly more: boolean }> {
    const { items, endedAt } = await this.#table.query(
      `${STRIPE_PREFIX}owners`,
      { from: 'acct_', to: 'acct`' },
      { order: 'ascending', limit: MOST_LISTED, after },
    );
    return { ids: items.map((item) => stringOf(item, 'sk')), more: endedAt !== undefined };
  }
}
