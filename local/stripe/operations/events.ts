import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, metadata, paging, range, text } from '../params.ts';

export type KeptEvent = Kept<Stripe.Event>;
export type KeptEndpoint = Kept<Stripe.WebhookEndpoint>;
/** What an endpoint's object does not show. */
export interface EndpointSecret {
  readonly secret: string;
  /** Told of what happens on the accounts of others, instead of on the platform's own. */
  readonly connect: boolean;
}
export const secretOf = (desk: Desk, id: string): EndpointSecret =>
  JSON.parse(desk.store.fact(`endpoint:${id}`) ?? '{"secret":"","connect":false}') as EndpointSecret;

/** An endpoint, or what it was before: the local runtime says at each start where its own are. */
export function putEndpoint(
  desk: Desk,
  {
    id,
    url,
    connect,
    secret,
    events = ['*'],
  }: {
    readonly id?: string;
    readonly url: string;
    readonly connect: boolean;
    readonly secret: string;
    readonly events?: string[];
  },
): KeptEndpoint {
  const endpoint = desk.of('').save<KeptEndpoint>({
    id: id ?? desk.newId('we'),
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: desk.now(),
    description: null,
    enabled_events: events,
    livemode: false,
    metadata: {},
    status: 'enabled',
    url,
  });
  desk.store.setFact(`endpoint:${endpoint.id}`, JSON.stringify({ secret, connect } satisfies EndpointSecret));
  return endpoint;
}

/** The endpoints that an event goes to. */
export const endpointsFor = (desk: Desk, event: KeptEvent): KeptEndpoint[] =>
  desk
    .of('')
    .list<Stripe.WebhookEndpoint>('webhook_endpoint')
    .filter(
      ({ id, status, enabled_events: enabled }) =>
        status === 'enabled' &&
        secretOf(desk, id).connect === (event.account !== undefined) &&
        (enabled.includes('*') || enabled.includes(event.type)),
    );

export type Delivery = 'waiting' | 'done' | 'given-up';
export const deliveryOf = (desk: Desk, event: string, endpoint: string): Delivery | undefined =>
  desk.store.fact(`delivery:${event}:${endpoint}`) as Delivery | undefined;

/** An event as it is answered: with the number of endpoints that have not taken it yet. */
const counted = (desk: Desk, event: KeptEvent): KeptEvent => ({
  ...event,
  pending_webhooks: endpointsFor(desk, event).filter(({ id }) => deliveryOf(desk, event.id, id) !== 'done').length,
});

export const eventOperations: readonly Operation[] = [
  operation(
    'GET',
    '/v1/events/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, counted(desk, desk.get<Stripe.Event>(id, 'event')), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/events',
    z.strictObject({
      ...paging,
      created: range(),
      type: text().optional(),
      types: z.array(text()).max(20).optional(),
      delivery_success: flag().optional(),
    }),
    (desk, params) => {
      if (params.type !== undefined && params.types !== undefined)
        throw refused('You may pass either `type` or `types`, but not both.', { param: 'types' });
      const kept = desk.list<Stripe.Event>('event').filter((event) => {
        const wanted = params.types ?? (params.type === undefined ? undefined : [params.type]);
        return inRange(event.created, params.created) && (wanted === undefined || wanted.includes(event.type));
      });
      const all = kept.map((event) => counted(desk, event));
      const success = params.delivery_success;
      const fitting = success === undefined ? all : all.filter(({ pending_webhooks: pending }) => (pending === 0) === success);
      return pageOf(fitting, '/v1/events', params);
    },
  ),
  operation(
    'POST',
    '/v1/webhook_endpoints',
    z.strictObject({
      url: text(),
      enabled_events: z.array(text()).min(1),
      api_version: text().optional(),
      connect: flag().optional(),
      description: text().optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, params) => {
      if (!URL.canParse(params.url)) throw refused('Not a valid URL', { code: 'url_invalid', param: 'url' });
      const secret = `whsec_${randomBytes(24).toString('hex')}`;
      const endpoint = putEndpoint(desk, {
        url: params.url,
        connect: params.connect ?? false,
        secret,
        events: params.enabled_events,
      });
      return { ...endpoint, secret };
    },
  ),
  operation('GET', '/v1/webhook_endpoints/:id', z.strictObject({ expand: expand() }), (desk, _, { id }) =>
    desk.get(id, 'webhook_endpoint'),
  ),
  operation('GET', '/v1/webhook_endpoints', z.strictObject(paging), (desk, params) =>
    pageOf(desk.list<Stripe.WebhookEndpoint>('webhook_endpoint'), '/v1/webhook_endpoints', params),
  ),
  operation(
    'POST',
    '/v1/webhook_endpoints/:id',
    z.strictObject({
      url: text().optional(),
      enabled_events: z.array(text()).optional(),
      disabled: flag().optional(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const before = desk.get<Stripe.WebhookEndpoint>(id, 'webhook_endpoint');
      return desk.save({
        ...before,
        ...(params.url !== undefined && { url: params.url }),
        ...(params.enabled_events && { enabled_events: params.enabled_events }),
        ...(params.disabled !== undefined && { status: params.disabled ? 'disabled' : 'enabled' }),
      });
    },
  ),
  operation('DELETE', '/v1/webhook_endpoints/:id', z.strictObject({}), (desk, _, { id }) => {
    desk.get(id, 'webhook_endpoint');
    desk.store.remove(id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];
