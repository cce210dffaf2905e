import { GetItemCommand, PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { hashOf } from '../../core/links/secret.ts';
import { keyItem, stringOf } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { FhirId, Slug, TenantId } from '../../schemas/ids.ts';
import type { KeptRows } from './kept.ts';

/** What using a link does. */
export type Purpose =
  | { readonly kind: 'signup'; readonly id: string }
  | { readonly kind: 'invitation'; readonly id: string; readonly tenant: TenantId; readonly slug: Slug }
  | { readonly kind: 'patient'; readonly id: FhirId; readonly tenant: TenantId; readonly slug: Slug }
  | { readonly kind: 'operator'; readonly id: string };

export interface Link {
  readonly hash: string;
  readonly purpose: Purpose;
  readonly untilMs: number;
  readonly used: boolean;
}

/** How long a link works; a mail on Friday evening is read on Sunday. */
export const LINK_HOURS = 48;
/** How long an expired one is still known, so that its page can say so and send another. */
export const KEPT_DAYS = 30;

/** The secret is in the fragment, which no browser sends anywhere: not to us with the page, nor to a mail scanner's log. */
export const linkAddress = (origin: string, { kind }: Purpose, token: string): string =>
  `${origin}${kind === 'patient' ? '/p/link' : '/link'}#${token}`;

/** The links that were mailed. A GET, of whatever, changes none. */
export class Links {
  readonly #rows: KeptRows;
  readonly #nowMs: () => number;
  constructor(rows: KeptRows, nowMs: () => number) {
    this.#rows = rows;
    this.#nowMs = nowMs;
  }

  async add(token: string, purpose: Purpose): Promise<{ readonly hash: string; readonly untilMs: number }> {
    const hash = hashOf(token);
    const untilMs = this.#nowMs() + LINK_HOURS * 3_600_000;
    const Item = {
      ...keyItem(keys.link(hash)),
      b: { S: JSON.stringify(purpose) },
      until: { N: String(untilMs) },
      expires: { N: String(Math.floor(this.#nowMs() / 1_000) + KEPT_DAYS * 86_400) },
    };
    await orUnavailable(this.#rows.client.send(new PutItemCommand({ TableName: this.#rows.table, Item })));
    return { hash, untilMs };
  }

  find(token: string): Promise<Link | undefined> {
    return this.read(hashOf(token));
  }

  async read(hash: string): Promise<Link | undefined> {
    const request = new GetItemCommand({ TableName: this.#rows.table, Key: keyItem(keys.link(hash)), ConsistentRead: true });
    const { Item } = await orUnavailable(this.#rows.client.send(request));
    if (!Item) return undefined;
    const purpose = JSON.parse(stringOf(Item, 'b')) as Purpose;
    return { hash, purpose, untilMs: Number(Item.until?.N), used: Item.used !== undefined };
  }

  /** Uses it up, as a part of the transaction that does what it was for. */
  using({ hash }: Link): TransactWriteItem {
    return {
      Update: {
        TableName: this.#rows.table,
        Key: keyItem(keys.link(hash)),
        UpdateExpression: 'SET used = :now',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(used)',
        ExpressionAttributeValues: { ':now': { N: String(this.#nowMs()) } },
      },
    };
  }
}
