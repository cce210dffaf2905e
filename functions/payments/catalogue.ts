import type Stripe from 'stripe';
import { ADD_ON_CENTS, type AddOn, ENCOUNTER_CENTS, PATIENT_TIERS, type PaidPlan, PROVIDER_CENTS } from '../../schemas/plans.ts';

/** The meter of finished encounters: the name of its events, and of the meter. */
export const ENCOUNTER_EVENT = 'tessera_finished_encounters';
type Sold = 'provider' | 'encounter' | 'patient' | AddOn;

/** By which our prices are found at Stripe. A change of price is a new version: who has the old one keeps it. */
const LOOKUP: Readonly<Record<Sold, string>> = {
  provider: 'tessera:practice:provider:month:v1',
  encounter: 'tessera:visits:encounter:month:v1',
  patient: 'tessera:volume:patient:month:v1',
  workflows: 'tessera:workflows:base:month:v1',
};
const NAMES: Readonly<Record<Sold, string>> = {
  provider: 'Providers',
  encounter: 'Finished encounters',
  patient: 'Active patients',
  workflows: 'Document workflows',
};
export const BASE_OF: Readonly<Record<PaidPlan, Sold>> = { practice: 'provider', visits: 'encounter', volume: 'patient' };

export interface Catalogue {
  /** Price id by what is sold. */
  readonly prices: Readonly<Record<Sold, string>>;
  /** The meter of finished encounters. */
  readonly meter: string;
}

/** What a price of Stripe's is for. */
export const soldBy = (lookupKey: string | null): Sold | undefined =>
  (Object.keys(LOOKUP) as Sold[]).find((sold) => LOOKUP[sold] === lookupKey);

/** Our prices at Stripe, made where they are missing. Two who make them at once end with the same: each has an idempotency key. */
export async function catalogueOf(stripe: Stripe): Promise<Catalogue> {
  const meter = await meterOf(stripe);
  const { data } = await stripe.prices.list({ lookup_keys: Object.values(LOOKUP), active: true, limit: 10 });
  const known = new Map(data.map(({ lookup_key: key, id }) => [key, id]));
  const entries: [Sold, string][] = [];
  for (const sold of Object.keys(LOOKUP) as Sold[])
    entries.push([sold, known.get(LOOKUP[sold]) ?? (await makePrice(stripe, sold, meter))]);
  return { prices: Object.fromEntries(entries) as Record<Sold, string>, meter };
}

async function meterOf(stripe: Stripe): Promise<string> {
  const { data } = await stripe.billing.meters.list({ status: 'active', limit: 100 });
  const known = data.find(({ event_name: name }) => name === ENCOUNTER_EVENT);
  if (known) return known.id;
  const made = await stripe.billing.meters.create({
    display_name: NAMES.encounter,
    event_name: ENCOUNTER_EVENT,
    default_aggregation: { formula: 'sum' },
    customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    value_settings: { event_payload_key: 'value' },
  });
  return made.id;
}

async function makePrice(stripe: Stripe, sold: Sold, meter: string): Promise<string> {
  const key = (what: 'product' | 'price'): { idempotencyKey: string } => ({ idempotencyKey: `catalogue:${what}:${sold}:1` });
  const product = await stripe.products.create({ name: NAMES[sold] }, key('product'));
  const shared = { currency: 'usd', product: product.id, lookup_key: LOOKUP[sold] };
  const made = await stripe.prices.create({ ...shared, ...priceOf(sold, meter) }, key('price'));
  return made.id;
}

function priceOf(sold: Sold, meter: string): Omit<Stripe.PriceCreateParams, 'currency'> {
  if (sold === 'encounter')
    return { unit_amount: ENCOUNTER_CENTS, recurring: { interval: 'month', usage_type: 'metered', meter } };
  if (sold === 'patient')
    return {
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: PATIENT_TIERS.map(({ upTo, cents }) => ({ up_to: upTo ?? 'inf', unit_amount: cents })),
      recurring: { interval: 'month' },
    };
  return { unit_amount: sold === 'provider' ? PROVIDER_CENTS : ADD_ON_CENTS[sold], recurring: { interval: 'month' } };
}
