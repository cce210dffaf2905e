import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type Stripe from 'stripe';
import type { Plan } from '../../core/plan/plan-book.ts';
import { keyItem, stringOf } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable, type Table } from '../../core/store/table.ts';
import { catalogueOf, ENCOUNTER_EVENT } from './catalogue.ts';
import { monthOf, type PlanDeps } from './plan-desk.ts';

/** One encounter of the ledger, as it was counted. */
export interface Counted {
  readonly id: string;
  /** When it was first signed, UTC instant. */
  readonly at: string;
  /** Whether Stripe's meter has it. */
  readonly metered: boolean;
}
const MOST = 500;

/** Every encounter that was counted in a month, the earliest counted first. */
export async function countedIn(table: Table, tenant: Plan['tenant'], month: string): Promise<Counted[]> {
  const all: Counted[] = [];
  for (let after: string | undefined; ; ) {
    const { items, endedAt } = await table.query(
      keys.counted(tenant, month, '').pk,
      { from: '-', to: '{' },
      { order: 'ascending', limit: MOST, after },
    );
    all.push(
      ...items.map((item) => ({ id: stringOf(item, 'sk'), at: stringOf(item, 'at'), metered: item.metered?.BOOL === true })),
    );
    if (endedAt === undefined) return all.toSorted((one, other) => (one.at < other.at ? -1 : 1));
    after = endedAt;
  }
}

/** A meter takes no event older than this. */
const OLDEST_MS = 34 * 86_400_000;

/**
 * Tells the meter of every encounter in the ledger that it has not been told of. The ledger is the truth and the meter follows: an event has
 * the encounter's own id, so that one told twice counts once, and a row says that it was told, for Stripe remembers ids for a day only.
 */
export async function meterEncounters(deps: PlanDeps, plan: Plan): Promise<number> {
  if (plan.plan !== 'visits' || plan.customer === undefined || plan.periodBegan === undefined) return 0;
  const { stripe } = await deps.access();
  const table = deps.tableOf(plan.tenant);
  const now = deps.nowMs();
  const began = Math.max(Date.parse(plan.periodBegan), now - OLDEST_MS);
  let told = 0;
  for (const month of new Set([monthOf(began), monthOf(now)])) {
    for (const counted of await countedIn(table, plan.tenant, month)) {
      if (counted.metered || Date.parse(counted.at) < began) continue;
      await tell(stripe, plan, counted);
      await orUnavailable(
        table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: keyItem(keys.counted(plan.tenant, month, counted.id)),
            UpdateExpression: 'SET metered = :yes',
            ExpressionAttributeValues: { ':yes': { BOOL: true } },
          }),
        ),
      );
      told++;
    }
  }
  return told;
}

async function tell(stripe: Stripe, { tenant, customer = '' }: Plan, { id, at }: Counted): Promise<void> {
  try {
    await stripe.billing.meterEvents.create({
      event_name: ENCOUNTER_EVENT,
      payload: { stripe_customer_id: customer, value: '1' },
      identifier: `${tenant}:${id}`,
      timestamp: Math.floor(Date.parse(at) / 1_000),
    });
  } catch (error) {
    const isKnown = error instanceof Error && 'code' in error && error.code === 'resource_already_exists';
    if (!isKnown) throw error;
  }
}

/** What the ledger and the meter say of a time, [from, to) in seconds. */
export async function compare(
  deps: PlanDeps,
  plan: Plan,
  from: number,
  to: number,
): Promise<{ ledger: number; counted: number }> {
  const { stripe } = await deps.access();
  const { meter } = await catalogueOf(stripe);
  const table = deps.tableOf(plan.tenant);
  const months = new Set([monthOf(from * 1_000), monthOf(to * 1_000)]);
  const rows = (await Promise.all([...months].map((month) => countedIn(table, plan.tenant, month)))).flat();
  const ledger = rows.filter(({ at }) => Date.parse(at) >= from * 1_000 && Date.parse(at) < to * 1_000).length;
  const { data } = await stripe.billing.meters.listEventSummaries(meter, {
    customer: plan.customer ?? '',
    start_time: Math.floor(from / 60) * 60,
    end_time: Math.ceil(to / 60) * 60,
  });
  return { ledger, counted: data.reduce((sum, { aggregated_value: value }) => sum + value, 0) };
}
