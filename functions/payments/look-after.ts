import { errorLines } from '../../core/http/log.ts';
import type { Plan } from '../../core/plan/plan-book.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { meterEncounters } from './metering.ts';
import { syncQuantity } from './plan-desk.ts';
import { checkMeter, type PlanEventDeps } from './plan-events.ts';

/**
 * What is looked after by the clock for every plan: the quantity follows who works there, the meter is told of what the ledger counted, an
 * invoice that is held back is looked at again. One clinic that fails holds up no other.
 */
export async function lookAfterPlans(
  deps: PlanEventDeps,
  leftMs: () => number,
): Promise<{ plans: number; failed: number; unfinished: boolean }> {
  const done = { plans: 0, failed: 0, unfinished: false };
  for (let after: TenantId | undefined; ; ) {
    const { plans, next } = await deps.plans.list(after);
    for (const plan of plans) {
      if (leftMs() < 5_000) return { ...done, unfinished: true };
      await lookAfter(deps, plan).catch((error: unknown) => {
        done.failed++;
        deps.log({ level: 'error', event: 'plan-not-looked-after', tenant: plan.tenant, ...errorLines(error) });
      });
      done.plans++;
    }
    if (next === undefined) return done;
    after = next;
  }
}

async function lookAfter(deps: PlanEventDeps, plan: Plan): Promise<void> {
  if (plan.customer === undefined || plan.subscription === undefined) return;
  await syncQuantity(deps, plan);
  await meterEncounters(deps, plan);
  if (!plan.held) return;
  const { stripe } = await deps.access();
  await checkMeter(deps, plan, await stripe.invoices.retrieve(plan.held.invoice));
}
