import type Stripe from 'stripe';
import type { Log } from '../../core/http/log.ts';
import type { Mailer } from '../../core/mail/mailer.ts';
import type { Plan } from '../../core/plan/plan-book.ts';
import type { StripeHandler, StripeHandlers } from '../../core/stripe/happening.ts';
import { compare, meterEncounters } from './metering.ts';
import { closesOnline, type PlanDeps, syncPlan } from './plan-desk.ts';

export interface PlanEventDeps extends PlanDeps {
  readonly mailer: Mailer;
  readonly log: Log;
  /** https://host of the app. */
  readonly appUrl: string;
}

/** What follows from what Stripe tells of clinics' plans. Each fetches what is true now and writes that. */
export function planEvents(deps: PlanEventDeps): StripeHandlers {
  const sync: StripeHandler = async ({ clinic }) => void (await syncPlan(deps, clinic));
  return {
    'checkout.session.completed': async ({ event, clinic }) => {
      if ((event.data.object as Stripe.Checkout.Session).mode === 'subscription') await syncPlan(deps, clinic);
    },
    'customer.subscription.created': sync,
    'customer.subscription.updated': sync,
    'customer.subscription.deleted': sync,
    'invoice.paid': sync,
    'invoice.created': async ({ event, clinic, stripe }) => {
      const plan = await syncPlan(deps, clinic);
      await checkMeter(deps, plan, await stripe.invoices.retrieve((event.data.object as Stripe.Invoice).id));
    },
    'invoice.payment_failed': async ({ event, clinic, stripe }) => {
      const plan = await syncPlan(deps, clinic);
      const invoice = await stripe.invoices.retrieve((event.data.object as Stripe.Invoice).id);
      if (invoice.status === 'open') await remind(deps, plan, invoice);
    },
    'customer.subscription.trial_will_end': async ({ clinic }) => {
      const plan = await syncPlan(deps, clinic);
      await write(deps, plan, 'Your trial ends in three days', [
        'The free trial of your Tessera plan ends in three days. Without a card on file its first invoice cannot be paid.',
      ]);
    },
  };
}

/**
 * Before an invoice is final: does Stripe's meter say what our ledger says? When it does not, the invoice is held back and an alert is
 * raised; the clock tells the meter again and lets the invoice go once both agree.
 */
export async function checkMeter(deps: PlanEventDeps, plan: Plan, invoice: Stripe.Invoice): Promise<void> {
  if (invoice.status !== 'draft' || plan.plan !== 'visits' || plan.customer === undefined) return;
  const metered = invoice.lines.data.find(({ period }) => period.end <= invoice.created + 60 && period.end > period.start);
  if (!metered) return;
  const { stripe } = await deps.access();
  await meterEncounters(deps, { ...plan, periodBegan: new Date(metered.period.start * 1_000).toISOString() });
  const { ledger, counted } = await compare(deps, plan, metered.period.start, metered.period.end);
  if (ledger === counted) {
    if (plan.held?.invoice !== invoice.id) return;
    const { held: _, ...released } = plan;
    await deps.plans.keep(released);
    await stripe.invoices.finalizeInvoice(invoice.id, { auto_advance: true });
    return;
  }
  deps.log({ level: 'error', alert: 'meter-differs', tenant: plan.tenant, invoice: invoice.id, ledger, counted });
  if (invoice.auto_advance !== false) await stripe.invoices.update(invoice.id, { auto_advance: false });
  await deps.plans.keep({ ...plan, held: { invoice: invoice.id, ledger, counted } });
}

/** Once for each attempt that failed. */
async function remind(deps: PlanEventDeps, plan: Plan, invoice: Stripe.Invoice): Promise<void> {
  const about = `${invoice.id} ${invoice.attempt_count}`;
  if (plan.reminded === about) return;
  const closes = closesOnline(plan)?.slice(0, 10) ?? '';
  await write(deps, plan, 'The payment for your Tessera plan has failed', [
    `Your plan’s invoice ${invoice.number ?? ''} could not be paid. Check the card, and pay it under Settings, Plan.`,
    `If it is still open on ${closes}, patients cannot make new bookings online from then on. Nothing else stops: charting, signing, visits that are booked, bookings at the desk and exports go on.`,
  ]);
  await deps.plans.keep({ ...plan, reminded: about });
}

/** To whoever looks after the clinic's money: billers, and administrators. No patient data, and no amount of anybody's care. */
async function write(
  { plans, mailer, appUrl }: PlanEventDeps,
  plan: Plan,
  subject: string,
  lines: readonly string[],
): Promise<void> {
  const staff = await plans.staff(plan.tenant);
  const finance = staff.filter(({ state, roles }) => state === 'active' && (roles.includes('biller') || roles.includes('admin')));
  const text = [...lines, `${appUrl}/t/${plan.slug}/settings/plan`].join('\n\n');
  for (const to of new Set(finance.flatMap(({ email }) => email ?? []))) await mailer.send({ to, subject, text });
}
