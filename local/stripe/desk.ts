import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { noSuch, refused } from './failure.ts';
import type { ObjectStore, StripeObject } from './object-store.ts';

/** An object of Stripe's with the ids of its neighbours in place of the neighbours: as it is kept, before `expand`. */
export type Kept<T> = T & StripeObject;
/** A request's account: '' is the platform's own. */
export type AccountId = string;

export interface DeskOptions {
  readonly store: ObjectStore;
  /** http://localhost:<port>, where the payment page and its like are shown. */
  readonly origin: string;
  readonly apiVersion: string;
  readonly nowMs: () => number;
  /** The stand-in's own time, where `nowMs` is a test clock's: events leave by it. */
  readonly wallMs?: () => number;
  /** Called when an event has been written: somebody may deliver it. */
  readonly happened: () => void;
}

/** What an operation works with: one account's objects, its clock, its events. */
export class Desk {
  readonly account: AccountId;
  readonly origin: string;
  readonly store: ObjectStore;
  readonly #options: DeskOptions;
  /** The request that it works for, as the event names it. */
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };

  readonly #wallMs: () => number;

  constructor(options: DeskOptions, account: AccountId, request: Desk['request'] = { id: null, idempotency_key: null }) {
    this.#options = options;
    this.#wallMs = options.wallMs ?? options.nowMs;
    this.account = account;
    this.origin = options.origin;
    this.store = options.store;
    this.request = request;
  }

  /** The same desk for another account. */
  of(account: AccountId): Desk {
    return new Desk(this.#options, account, this.request);
  }

  /** The same desk at another time: that of a test clock. */
  at(timeMs: number): Desk {
    return new Desk({ ...this.#options, nowMs: () => timeMs, wallMs: this.#wallMs }, this.account, this.request);
  }

  nowMs(): number {
    return this.#options.nowMs();
  }
  /** As Stripe writes times. */
  now(): number {
    return Math.floor(this.nowMs() / 1_000);
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('hex')}`;
  }

  save<T extends StripeObject>(object: T): T {
    this.store.put(this.account, object);
    return object;
  }

  /** @throws StripeFailure resource_missing */
  get<T>(id: string, what: string, param?: string): Kept<T> {
    const found = this.store.find(id);
    if (!found || found.account !== this.account || found.body.object !== what)
      throw noSuch(what.replace('checkout.session', 'checkout.session'), id, param ?? what, param === undefined ? 404 : 400);
    return found.body as Kept<T>;
  }
  find<T>(id: string): Kept<T> | undefined {
    const found = this.store.find(id);
    return found?.account === this.account ? (found.body as Kept<T>) : undefined;
  }
  list<T>(object: string): Kept<T>[] {
    return this.store.list(this.account, object) as Kept<T>[];
  }

  later(afterMs: number, what: string, subject: string): void {
    this.store.later({ atMs: this.nowMs() + afterMs, what, account: this.account, subject });
  }

  /** Writes that something has happened, with the object as it is now. Delivered once the request is answered. */
  emit(type: Stripe.Event['type'], object: object, previous?: object): void {
    const event = {
      id: this.newId('evt'),
      object: 'event' as const,
      api_version: this.#options.apiVersion,
      created: Math.floor(this.#wallMs() / 1_000),
      data: { object, ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 0,
      request: this.request,
      type,
      ...(this.account !== '' && { account: this.account }),
    };
    this.save(event);
    this.store.later({ atMs: this.#wallMs(), what: 'deliver', account: this.account, subject: event.id });
    this.#options.happened();
  }
}

export interface Page<T> {
  readonly object: 'list';
  readonly url: string;
  readonly has_more: boolean;
  readonly data: T[];
}
interface Paging {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
}

/** A page of a list that stands newest first. @throws StripeFailure for a cursor that is not in it */
export function pageOf<T extends { readonly id: string }>(all: readonly T[], url: string, paging: Paging): Page<T> {
  const { limit = 10, starting_after: after, ending_before: before } = paging;
  const at = (id: string, param: string): number => {
    const index = all.findIndex((one) => one.id === id);
    if (index < 0) throw refused(`No such object: '${id}'`, { code: 'resource_missing', param });
    return index;
  };
  if (before !== undefined) {
    const end = at(before, 'ending_before');
    const from = Math.max(0, end - limit);
    return { object: 'list', url, has_more: from > 0, data: all.slice(from, end) };
  }
  const from = after === undefined ? 0 : at(after, 'starting_after') + 1;
  return { object: 'list', url, has_more: all.length > from + limit, data: all.slice(from, from + limit) };
}

type Range =
  | number
  | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
  | undefined;
export function inRange(value: number, range: Range): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return value === range;
  const { gt, gte, lt, lte } = range;
  return (
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte)
  );
}

/** What `expand` may turn from an id into its object: whatever is kept under that id and may be seen by the account. */
export function expanded(desk: Desk, value: unknown, paths: readonly string[] | undefined): unknown {
  let result = value;
  for (const path of paths ?? []) result = expandOne(desk, result, path.split('.'), path);
  return result;
}

function expandOne(desk: Desk, value: unknown, [name, ...rest]: readonly string[], path: string): unknown {
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => expandOne(desk, one, [name, ...rest], path));
  if (typeof value !== 'object' || value === null) return value;
  const holder = value as Record<string, unknown>;
  if (!(name in holder)) throw refused(`This property cannot be expanded (${path}).`, { param: 'expand' });
  const at = holder[name];
  const whole = typeof at === 'string' ? desk.find<object>(at) : at;
  return { ...holder, [name]: expandOne(desk, whole ?? at, rest, path) };
}
