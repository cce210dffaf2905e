import { randomUUID } from 'node:crypto';
import type { PaymentReconciliation, Task } from 'fhir/r4';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginCheckout,
  type CardDeps,
  chargeSaved,
  closePages,
  lookAgain,
  lookAtInvoice,
  refund,
  settle,
} from '../../core/billing/card-payments.ts';
import { billVisit, readInvoice } from '../../core/billing/invoices.ts';
import { type Movement, toReconciliation } from '../../core/billing/ledger.ts';
import { listPayments, readAccount } from '../../core/billing/movements.ts';
import { writeOwn } from '../../core/billing/own-records.ts';
import { reverse, takePayment } from '../../core/billing/postings.ts';
import { differences, reconcile } from '../../core/billing/reconcile.ts';
import { beginSaving, forgetMethod, payerWith, savedMethods } from '../../core/billing/saved-methods.ts';
import { proposeCharges } from '../../core/billing/visits.ts';
import { Problem, said } from '../../core/outcome.ts';
import { stripeWay } from '../../core/payments/stripe-way.ts';
import { createStripe } from '../../core/stripe/client.ts';
import { billingStripeEvents } from '../../functions/billing/stripe-events.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { DECLINES } from '../../schemas/task-texts.ts';
import { finishedVisit, haveFees } from '../support/billing.ts';
import { killAt } from '../support/fault-injection.ts';
import { type TestStore, testStore } from '../support/records.ts';
import { CARD, openStripe, press, type StripeForTests } from '../support/stripe.ts';

/** Names that must not leave, whatever is done: every request of this file is looked through at its end. */
const NAME = 'Quillfeather';
let stripe: StripeForTests;
let store: TestStore;
let account: string;
let laterMs = 0;
const now = (): Date => new Date(Date.now() + laterMs);
beforeAll(async () => {
  [stripe, store] = await Promise.all([openStripe(), testStore()]);
  await haveFees(store.records, store.scope);
  account = await stripe.connected();
  await writeOwn(deps(), store.scope, 'payment-account', { way: 'stripe', account, since: now().toISOString() }, undefined);
});
afterAll(() => stripe?.close());

const deps = (): CardDeps => ({ records: store.records, now, way: stripeWay(async () => ({ stripe: stripe.stripe })) });
/** An invoice of 60.00. */
async function invoiced(): Promise<{ invoice: FhirId; patient: FhirId }> {
  const patient = (await store.records.create(store.scope, { resourceType: 'Patient', name: [{ family: NAME }] })).id as FhirId;
  const { id } = await store.records.create(store.scope, finishedVisit(patient, 'telephone'));
  await proposeCharges(deps(), store.scope, id as FhirId);
  return { patient, invoice: (await billVisit(deps(), store.scope, id as FhirId, {})).id as FhirId };
}
async function another(patient: FhirId): Promise<FhirId> {
  const id = (await store.records.create(store.scope, finishedVisit(patient, 'telephone'))).id as FhirId;
  await proposeCharges(deps(), store.scope, id);
  return id;
}
const order = (cents = 60_00, attempt: string = randomUUID()) => ({
  attempt,
  cents,
  successUrl: `https://tessera.example/t/oak/billing/invoices?paid=${attempt}`,
  cancelUrl: 'https://tessera.example/t/oak/billing/invoices',
});
async function open(invoice: FhirId, of = order()): Promise<string> {
  const answer = await beginCheckout(deps(), store.scope, invoice, of);
  if (!('url' in answer)) throw new Error('This is paid already.');
  return answer.url;
}
const card = (number: string) => ({ number, ...CARD });
/** Every event of the clinic's account since the test began, told in this order, each as often as it comes. */
async function tell(events: readonly Stripe.Event[]): Promise<void> {
  const handlers = billingStripeEvents(deps());
  for (const event of events)
    await handlers[event.type]?.({
      event,
      stripe: stripe.stripe,
      options: { stripeAccount: account },
      scope: store.scope,
      clinic: store.scope,
    });
}
const allEvents = async (): Promise<Stripe.Event[]> => {
  const found: Stripe.Event[] = [];
  for await (const event of stripe.stripe.events.list({ limit: 100 }, { stripeAccount: account })) found.push(event);
  return found;
};
/** Those of the last few seconds. */
const latestEvents = async (): Promise<Stripe.Event[]> =>
  (await stripe.stripe.events.list({ limit: 10 }, { stripeAccount: account })).data;
const days = async (count: number): Promise<void> => {
  laterMs += count * 86_400_000;
  await stripe.standIn.advance(count * 86_400_000);
};

test('a clinic opens one account, however often it asks, and answers the processor on its own pages', async () => {
  const id = randomUUID() as FhirId;
  const way = deps().way;
  const accounts = await Promise.all([1, 2].map(() => way.openAccount(id, 'US')));
  const again = await way.openAccount(id, 'US');
  expect(new Set([...accounts, again]).size).toBe(1);
  expect(await way.accountState(again)).toMatchObject({ takesPayments: false, asks: true });
  const page = 'https://tessera.example/t/oak/settings/payments';
  await fetch(await way.onboardingUrl(again, { back: page, again: page }), { method: 'POST', redirect: 'manual' });
  expect(await way.accountState(again)).toEqual({ takesPayments: true, paysOut: true, asks: false });
});

describe('one charge', () => {
  test('a double click, another tab, a repeat and a replay end on one page, and what is paid there is one payment', async () => {
    const { invoice } = await invoiced();
    const mine = order();
    const clicks = await Promise.allSettled([1, 2].map(() => open(invoice, mine)));
    const urls = clicks.flatMap((click) => (click.status === 'fulfilled' ? [click.value] : []));
    urls.push(await open(invoice, mine), await open(invoice)); // a repeat, and another tab with an attempt of its own
    expect(new Set(urls).size).toBe(1);
    await press(urls[0] ?? '', card('4242424242424242'));
    const events = await allEvents();
    // Backwards, twice: the oldest comes last.
    await tell([...events, ...events]);
    const page = await readInvoice(deps(), store.scope, invoice);
    expect(page).toMatchObject({ state: 'paid', openCents: 0 });
    expect(page.entries.map(({ kind, cents, instrument }) => [kind, cents, instrument])).toEqual([
      ['charge', 60_00, undefined],
      ['payment', -60_00, 'Visa 4242'],
    ]);
    expect(await beginCheckout(deps(), store.scope, invoice, mine)).toEqual({ done: true });
  });

  test('looked at by many at one moment, as by its webhook and by the way back, all are told that it was paid', async () => {
    const { invoice } = await invoiced();
    const mine = order();
    await press(await open(invoice, mine), card('4242424242424242'));
    const told = await Promise.all([1, 2, 3, 4].map(() => lookAgain(deps(), store.scope, mine.attempt as FhirId)));
    expect(told.map((movement) => movement?.progress)).toEqual(['posted', 'posted', 'posted', 'posted']);
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });
  });

  test('a declined card leaves the page open and nothing in the ledger; the next card pays', async () => {
    const { invoice } = await invoiced();
    const url = await open(invoice);
    expect((await press(url, card('4000000000000002'))).status).toBe(402);
    await tell(await allEvents());
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'open', openCents: 60_00 });
    await press(url, card('4242424242424242'));
    await tell(await allEvents());
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid' });
  });

  test('paid by a second card after the news that the first was declined: who comes back finds it paid before its own news', async () => {
    const { invoice } = await invoiced();
    const url = await open(invoice);
    await press(url, card('4000000000000002'));
    await tell((await allEvents()).filter(({ type }) => type === 'payment_intent.payment_failed'));
    await press(url, card('4242424242424242'));
    await lookAtInvoice(deps(), store.scope, invoice);
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', pending: [] });
  });

  test.each(['before the processor is asked', 'after the processor is asked', 'after it was paid'] as const)(
    'killed %s: nothing is lost and nothing is charged twice',
    async (when) => {
      const { invoice } = await invoiced();
      const mine = order();
      const dying = (at: 'before' | 'after'): CardDeps => {
        const { way, ...rest } = deps();
        return {
          ...rest,
          way: {
            ...way,
            async beginCheckout(...asked) {
              if (at === 'before') throw new Error('killed');
              await way.beginCheckout(...asked);
              throw new Error('killed');
            },
          },
        };
      };
      if (when !== 'after it was paid')
        await expect(
          beginCheckout(dying(when.startsWith('before') ? 'before' : 'after'), store.scope, invoice, mine),
        ).rejects.toThrow('killed');
      const url = await open(invoice, mine); // pressed again
      await press(url, card('4242424242424242'));
      // No event ever comes: the nightly look finds it.
      expect((await reconcile(deps(), store.scope)).differences).toEqual([]);
      expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });
    },
  );
});

describe('a bank account', () => {
  const bank = (number: string) => ({ routing: '110000000', account: number });
  test('is processing for days and paid when it is paid', async () => {
    const { invoice } = await invoiced();
    await press(await open(invoice), bank('000123456789'));
    await tell(await allEvents());
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({
      state: 'open',
      openCents: 60_00,
      processingCents: 60_00,
    });
    await expect(
      takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 1_00, method: 'cash' }),
    ).rejects.toMatchObject({ kind: 'rule-broken' });
    await days(5);
    await tell(await allEvents());
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0, processingCents: 0 });
  });
  test('that gives no money leaves the invoice open, in the list of failures, with a task', async () => {
    const { invoice } = await invoiced();
    await press(await open(invoice), bank('000222222227'));
    await tell(await allEvents());
    await days(5);
    await tell(await allEvents());
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({
      state: 'open',
      openCents: 60_00,
      processingCents: 0,
    });
    expect((await listPayments(deps(), store.scope, 'failed')).map((one) => one.invoice)).toContain(invoice);
    const tasks = await store.records.chart(store.scope, (await readInvoice(deps(), store.scope, invoice)).patient as FhirId, {
      types: 'Task',
      count: 9,
    });
    expect(tasks.items.map((task) => task.resourceType === 'Task' && task.focus?.reference)).toEqual([`Invoice/${invoice}`]);
  });
  test('that takes it back after we were paid opens the balance again, as an entry beside the payment', async () => {
    const { invoice, patient } = await invoiced();
    await press(await open(invoice), bank('000555555559'));
    for (let at = 0; at < 3; at += 1) {
      await days(5);
      await tell(await allEvents());
    }
    const page = await readInvoice(deps(), store.scope, invoice);
    expect(page.entries.map(({ kind, cents }) => [kind, cents])).toEqual([
      ['charge', 60_00],
      ['payment', -60_00],
      ['return', 60_00],
    ]);
    expect(page.state).toBe('open');
    expect((await readAccount(deps(), store.scope, patient)).balanceCents).toBe(60_00);
  });
});

test('a refund gives back no more than came in, however often and by however many it is asked for', async () => {
  const { invoice } = await invoiced();
  const mine = order();
  await press(await open(invoice, mine), card('4242424242424242'));
  await lookAgain(deps(), store.scope, mine.attempt as FhirId);
  const part = { attempt: randomUUID(), cents: 20_00, reason: 'Charged too much' };
  await Promise.allSettled([1, 2, 3].map(() => refund(deps(), store.scope, invoice, mine.attempt as FhirId, part)));
  const rivals = await Promise.allSettled(
    [1, 2].map(() =>
      refund(deps(), store.scope, invoice, mine.attempt as FhirId, { attempt: randomUUID(), cents: 40_00, reason: 'All of it' }),
    ),
  );
  expect(rivals.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await tell(await allEvents());
  const page = await readInvoice(deps(), store.scope, invoice);
  expect(
    page.entries
      .filter(({ kind }) => kind === 'refund')
      .map(({ cents }) => cents)
      .sort(),
  ).toEqual([20_00, 40_00]);
  expect(page.openCents).toBe(60_00);
});

/** Dies at the processor: before it is asked, or after it has answered. */
const dyingWay = (what: 'refund' | 'chargeSaved' | 'beginCheckout', when: 'before' | 'after'): CardDeps => {
  const { way, ...rest } = deps();
  const dying = async (account: string, order: never): Promise<never> => {
    if (when === 'after') await way[what](account, order);
    throw new Error('killed');
  };
  return { ...rest, way: { ...way, [what]: dying } };
};

describe('killed while money is given back', () => {
  async function paid() {
    const { invoice, patient } = await invoiced();
    const mine = order();
    await press(await open(invoice, mine), card('4242424242424242'));
    await lookAgain(deps(), store.scope, mine.attempt as FhirId);
    const wanted = { attempt: randomUUID(), cents: 25_00, reason: 'Charged too much' };
    return { invoice, patient, payment: mine.attempt as FhirId, wanted };
  }
  type Paid = Awaited<ReturnType<typeof paid>>;
  const give = (way: CardDeps, { invoice, payment, wanted }: Paid) => refund(way, store.scope, invoice, payment, wanted);
  /** The ledger and the processor say the same, and nothing is left under way. */
  async function settled({ invoice, patient, payment, wanted }: Paid): Promise<'given' | 'not given'> {
    const page = await readInvoice(deps(), store.scope, invoice);
    const charge =
      (await store.records.read<PaymentReconciliation>(store.scope, 'PaymentReconciliation', payment)).paymentIdentifier?.value ??
      '';
    const { data } = await stripe.stripe.refunds.list({ charge }, { stripeAccount: account });
    const entries = page.entries.filter(({ kind }) => kind === 'refund');
    expect(data.map(({ amount }) => amount)).toEqual(entries.map(({ cents }) => cents));
    expect(page.pending.filter(({ progress }) => progress !== 'failed')).toEqual([]);
    const { items } = await store.records.chart(store.scope, patient, { types: 'Task', count: 9 });
    if (page.pending.some(({ id }) => id === wanted.attempt)) expect(items).toHaveLength(1);
    return entries.length > 0 ? 'given' : 'not given';
  }

  test('at each step and pressed again, it is given back once', async () => {
    const killer = killAt(store.client);
    try {
      const one = await paid();
      let kills = 0;
      for (let step = 1; ; step += 1) {
        killer.at(step);
        const [ending] = await Promise.allSettled([give(deps(), one)]);
        if (!killer.fired()) {
          expect(ending.status).toBe('fulfilled');
          break;
        }
        kills += 1;
      }
      expect(kills).toBeGreaterThan(5);
      expect(await settled(one)).toBe('given');
    } finally {
      killer.off();
    }
  });
  test('at each step and left alone, the nightly look finds it: given back, or failed with a task', async () => {
    const killer = killAt(store.client);
    try {
      const left: Paid[] = [];
      for (let step = 1; ; step += 1) {
        const one = await paid();
        killer.at(step);
        await Promise.allSettled([give(deps(), one)]);
        if (!killer.fired()) break;
        left.push(one);
      }
      for (const when of ['before', 'after'] as const) {
        const one = await paid();
        await expect(give(dyingWay('refund', when), one)).rejects.toThrow('killed');
        left.push(one);
      }
      laterMs += 3_600_000;
      expect((await reconcile(deps(), store.scope)).differences).toEqual([]);
      const endings = [];
      for (const one of left) endings.push(await settled(one));
      expect(new Set(endings)).toEqual(new Set(['given', 'not given']));
    } finally {
      killer.off();
    }
  });
});

test('a saved card is charged once an attempt, and is known by brand and last four digits', async () => {
  const { invoice, patient } = await invoiced();
  const url = await beginSaving(deps(), store.scope, patient, order());
  await press(url, card('4242424242424242'));
  await tell(await allEvents());
  const [saved] = await savedMethods(deps(), store.scope, patient);
  expect(saved).toMatchObject({ method: 'card', instrument: 'Visa 4242' });
  const payer = await payerWith(deps(), store.scope, patient, saved?.id ?? '');
  const mine = { attempt: randomUUID(), cents: 60_00, payer, method: saved?.id ?? '' };
  await Promise.allSettled([1, 2, 3].map(() => chargeSaved(deps(), store.scope, invoice, mine)));
  await chargeSaved(deps(), store.scope, invoice, mine);
  expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });

  // Killed after the processor has taken the money, and no event comes: the nightly look finds the payment.
  const second = (await billVisit(deps(), store.scope, await another(patient), {})).id as FhirId;
  const lost = { ...mine, attempt: randomUUID() };
  await expect(chargeSaved(dyingWay('chargeSaved', 'after'), store.scope, second, lost)).rejects.toThrow('killed');
  laterMs += 3_600_000;
  expect((await reconcile(deps(), store.scope)).differences).toEqual([]);
  expect(await readInvoice(deps(), store.scope, second)).toMatchObject({ state: 'paid', openCents: 0 });
  const { items } = await store.records.chart(store.scope, patient, { types: 'Account', compartment: 'admin', count: 1 });
  expect(JSON.stringify(items)).toContain('I allow this clinic to charge');

  // Another patient's card is not theirs to pay with, nor to remove.
  const other = await invoiced();
  await beginSaving(deps(), store.scope, other.patient, order());
  for (const wrong of [payerWith, forgetMethod])
    await expect(wrong(deps(), store.scope, other.patient, saved?.id ?? '')).rejects.toMatchObject({ kind: 'rule-broken' });
  await forgetMethod(deps(), store.scope, patient, saved?.id ?? '');
  expect(await savedMethods(deps(), store.scope, patient)).toEqual([]);
});

/** A patient with an invoice, and a card or account that they have saved. */
async function withSaved(number = '4242424242424242') {
  const { invoice, patient } = await invoiced();
  await press(await beginSaving(deps(), store.scope, patient, order()), card(number));
  const [saved] = await savedMethods(deps(), store.scope, patient);
  const method = saved?.id ?? '';
  const payer = await payerWith(deps(), store.scope, patient, method);
  const charge = (attempt: string = randomUUID(), way = deps(), cents = 60_00) =>
    chargeSaved(way, store.scope, invoice, { attempt, cents, payer, method });
  return { invoice, patient, charge };
}
/** What the processor has taken for an invoice, payment by payment. */
async function taken(invoice: string): Promise<number[]> {
  const found: number[] = [];
  for await (const one of stripe.stripe.charges.list({ limit: 100 }, { stripeAccount: account }))
    if (one.metadata.invoice === invoice && one.paid) found.push(one.amount);
  return found;
}
const tasksOf = async (patient: FhirId): Promise<Task[]> =>
  (await store.records.chart(store.scope, patient, { types: 'Task', count: 20 })).items as Task[];
const kindsOf = (tasks: readonly Task[]) => tasks.map(({ code, status }) => `${code?.coding?.[0]?.code} ${status}`);

describe('money is taken once, by whatever ways at one moment', () => {
  test('a saved card that two tabs charge is charged once, and again when the one before has been declined', async () => {
    const { invoice, charge } = await withSaved();
    const all = await Promise.allSettled([charge(), charge(), charge()]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await taken(invoice)).toEqual([60_00]);
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });
  });
  test('paid on its page before the news has come, the saved card is not charged as well', async () => {
    const { invoice, charge } = await withSaved();
    await press(await open(invoice), card('4242424242424242'));
    await expect(charge()).rejects.toMatchObject({ kind: 'rule-broken' });
    expect(await taken(invoice)).toEqual([60_00]);
  });
  test('who pays at the desk closes the page; one that was paid in that moment leaves nothing to pay', async () => {
    const { invoice } = await invoiced();
    const cash = () => takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 60_00, method: 'cash' });
    const url = await open(invoice);
    await closePages(deps(), store.scope, invoice);
    await cash();
    await press(url, card('4242424242424242'));
    await tell(await latestEvents());
    expect(await taken(invoice)).toEqual([]);
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });

    const other = await invoiced();
    await press(await open(other.invoice), card('4242424242424242'));
    await closePages(deps(), store.scope, other.invoice);
    await expect(
      takePayment(deps(), store.scope, other.invoice, { attempt: randomUUID(), cents: 60_00, method: 'cash' }),
    ).rejects.toMatchObject({ kind: 'rule-broken' });
  });
  test('paid twice all the same, somebody has the task to give it back', async () => {
    const { invoice, patient } = await invoiced();
    const url = await open(invoice);
    await takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 60_00, method: 'cash' });
    await press(url, card('4242424242424242'));
    await tell([...(await latestEvents()), ...(await latestEvents())]);
    expect((await readAccount(deps(), store.scope, patient)).balanceCents).toBe(-60_00);
    const tasks = await tasksOf(patient);
    expect(kindsOf(tasks)).toEqual(['payment-difference requested']);
    expect(tasks[0]?.note?.[0]?.text).toBe('+ 60.00 USD');
  });
  test('an attempt that ended without money begins nothing anew', async () => {
    const { invoice } = await invoiced();
    const mine = order();
    await open(invoice, mine);
    await closePages(deps(), store.scope, invoice);
    await expect(open(invoice, mine)).rejects.toMatchObject({ issues: [{ name: 'attempt-over' }] });
    expect(await open(invoice)).toContain('http');
  });
  test('a page that another tab finds half opened is opened for it; who comes from elsewhere has a page that leads back there', async () => {
    const { invoice } = await invoiced();
    await expect(beginCheckout(dyingWay('beginCheckout', 'after'), store.scope, invoice, order())).rejects.toThrow('killed');
    const desk = await open(invoice);
    expect(await open(invoice)).toBe(desk);
    const attempt = randomUUID();
    const bills = 'https://tessera.example/p/oak/bills';
    const own = await open(invoice, { attempt, cents: 60_00, successUrl: `${bills}?paid=${attempt}`, cancelUrl: bills });
    expect(own).not.toBe(desk);
    expect((await press(desk, card('4242424242424242'))).location ?? '').not.toContain('paid=');
    expect((await press(own, card('4242424242424242'))).location).toBe(`${bills}?paid=${attempt}`);
    expect(await taken(invoice)).toEqual([60_00]);
  });
});

describe('a charge whose answer nobody heard is settled by whoever comes next, at once', () => {
  /** The books and the ledger say the same of an invoice that is paid by card: once. */
  async function paidOnce(invoice: FhirId): Promise<void> {
    expect(await taken(invoice)).toEqual([60_00]);
    const { state, openCents, pending } = await readInvoice(deps(), store.scope, invoice);
    expect({ state, openCents, open: pending.filter(({ progress }) => progress === 'open') }).toEqual({
      state: 'paid',
      openCents: 0,
      open: [],
    });
  }
  test('killed at each step, before Stripe and after it: the next attempt settles it, and each was charged once at the most', async () => {
    const killer = killAt(store.client);
    try {
      const { invoice, charge } = await withSaved();
      const dollar = (way = deps()) => charge(randomUUID(), way, 1_00);
      let kills = 0;
      for (let step = 1; ; step += 1) {
        killer.at(step);
        const [ending] = await Promise.allSettled([dollar()]);
        if (!killer.fired()) {
          expect(ending.status).toBe('fulfilled');
          break;
        }
        kills += 1;
      }
      expect(kills).toBeGreaterThan(8);
      for (const when of ['before', 'after'] as const)
        await expect(dollar(dyingWay('chargeSaved', when))).rejects.toThrow('killed');
      const rest = async () => (await readInvoice(deps(), store.scope, invoice)).openCents;
      await dollar();
      const left = await rest();
      expect((await taken(invoice)).reduce((sum, cents) => sum + cents, 0)).toBe(60_00 - left);
      await charge(randomUUID(), deps(), left);
      const charges = await taken(invoice);
      expect(charges.reduce((sum, cents) => sum + cents, 0)).toBe(60_00);
      const { entries, pending } = await readInvoice(deps(), store.scope, invoice);
      expect(
        entries
          .filter(({ kind }) => kind === 'payment')
          .map(({ cents }) => -cents)
          .sort(),
      ).toEqual(charges.sort());
      expect(pending.filter(({ progress }) => progress === 'open')).toEqual([]);
    } finally {
      killer.off();
    }
  });
  test.each(['before', 'after'] as const)('whoever was held up %s Stripe takes nothing beside it', async (when) => {
    const { invoice, charge } = await withSaved();
    let goOn = (): void => undefined;
    let reached = (): void => undefined;
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { way, ...rest } = deps();
    const slow = async (...asked: Parameters<typeof way.chargeSaved>) => {
      const early = when === 'after' ? await way.chargeSaved(...asked) : undefined;
      reached();
      await held;
      return early ?? way.chargeSaved(...asked);
    };
    const first = charge(randomUUID(), { ...rest, way: { ...way, chargeSaved: slow } });
    await there;
    const [second] = await Promise.allSettled([charge()]);
    goOn();
    const [late] = await Promise.allSettled([first]);
    expect([late.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    if (late.status === 'rejected') expect(late.reason).toMatchObject({ issues: [{ name: 'payment-under-way' }] });
    await paidOnce(invoice);
  });
  test('cash is taken at once, and the card is never charged, however late its charge arrives', async () => {
    const { invoice, charge } = await withSaved();
    const lost = randomUUID();
    await expect(charge(lost, dyingWay('chargeSaved', 'before'))).rejects.toThrow('killed');
    await closePages(deps(), store.scope, invoice);
    await takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 60_00, method: 'cash' });
    const [repeated] = await Promise.allSettled([charge(lost)]);
    expect(repeated).toMatchObject({ reason: { issues: [{ name: 'attempt-over' }] } });
    expect(await taken(invoice)).toEqual([]);
    expect((await readInvoice(deps(), store.scope, invoice)).openCents).toBe(0);
  });
  test('one that was declined is failed, with its task; a page that nobody heard of is closed for another amount', async () => {
    const declined = await withSaved('4000000000000341');
    await expect(declined.charge(randomUUID(), dyingWay('chargeSaved', 'after'))).rejects.toThrow('killed');
    await closePages(deps(), store.scope, declined.invoice);
    expect((await readInvoice(deps(), store.scope, declined.invoice)).pending.map(({ progress }) => progress)).toEqual([
      'failed',
    ]);
    expect(kindsOf(await tasksOf(declined.patient))).toEqual(['failed-payment requested']);

    const { invoice } = await invoiced();
    for (const when of ['before', 'after'] as const)
      await expect(beginCheckout(dyingWay('beginCheckout', when), store.scope, invoice, order())).rejects.toThrow('killed');
    await press(await open(invoice, order(25_00)), card('4242424242424242'));
    await lookAtInvoice(deps(), store.scope, invoice);
    expect((await readInvoice(deps(), store.scope, invoice)).openCents).toBe(35_00);
  });
  test('one that cannot be looked for is said to be a moment’s trouble, and stands as it was', async () => {
    const { invoice, charge } = await withSaved();
    await expect(charge(randomUUID(), dyingWay('chargeSaved', 'after'))).rejects.toThrow('killed');
    const nobody = createStripe({ secretKey: stripe.secretKey, base: 'http://127.0.0.1:9' });
    const list: Stripe['paymentIntents']['list'] = (params) => nobody.paymentIntents.list(params, { maxNetworkRetries: 0 });
    const paymentIntents = Object.assign(Object.create(stripe.stripe.paymentIntents), { list });
    const cut: Stripe = Object.assign(Object.create(stripe.stripe), { paymentIntents });
    const way = stripeWay(async () => ({ stripe: cut }));
    await expect(charge(randomUUID(), { ...deps(), way })).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await readInvoice(deps(), store.scope, invoice)).pending.map(({ progress }) => progress)).toEqual(['open']);
  });
  test('a look leaves it to whoever waits for the answer, and settles it when nobody can', async () => {
    const { invoice, charge } = await withSaved();
    await expect(charge(randomUUID(), dyingWay('chargeSaved', 'before'))).rejects.toThrow('killed');
    const standing = async () => (await readInvoice(deps(), store.scope, invoice)).pending.map(({ progress }) => progress);
    await lookAtInvoice(deps(), store.scope, invoice);
    expect(await standing()).toEqual(['open']);
    laterMs += 31_000;
    await lookAtInvoice(deps(), store.scope, invoice);
    expect(await standing()).toEqual(['expired']);
  });
});

test('a declined saved card has one task, however often and by however many it is tried; paid, it is over', async () => {
  const { invoice, patient, charge } = await withSaved('4000000000000341');
  for (let at = 0; at < 2; at += 1) await charge();
  await Promise.allSettled([charge(), charge()]);
  await tell(await latestEvents());
  const failures = (await readInvoice(deps(), store.scope, invoice)).pending.filter(
    ({ progress }) => progress === 'failed',
  ).length;
  expect(failures).toBeGreaterThanOrEqual(3);
  const tasks = await tasksOf(patient);
  expect(kindsOf(tasks)).toEqual(['failed-payment requested']);
  expect(tasks[0]?.note?.map(({ text }) => text)).toEqual([`${failures} × 60.00 USD: ${DECLINES.declined}`]);
  await takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 60_00, method: 'check' });
  expect(kindsOf(await tasksOf(patient))).toEqual(['failed-payment completed']);
  const failing = async () => (await listPayments(deps(), store.scope, 'failed')).filter((one) => one.invoice === invoice).length;
  expect(await failing()).toBe(0);
  // The check bounces, and the card is tried once more: it is to be looked at again, in its own time.
  const [entry] = (await readInvoice(deps(), store.scope, invoice)).entries.filter(({ kind }) => kind === 'payment');
  await reverse(deps(), store.scope, invoice, entry?.id as FhirId, { attempt: randomUUID(), reason: 'Bounced' });
  laterMs += 10 * 86_400_000;
  await charge();
  const [again] = await tasksOf(patient);
  expect(kindsOf([again as Task])).toEqual(['failed-payment requested']);
  expect(Date.parse(again?.restriction?.period?.end ?? '')).toBeGreaterThan(now().getTime());
  expect(await failing()).toBeGreaterThan(3);
});

test('a payment that failed is found however many failed before and after it whose invoices are paid since', async () => {
  const { invoice, charge } = await withSaved('4000000000000341');
  await charge();
  const paid = (await invoiced()).invoice;
  await takePayment(deps(), store.scope, paid, { attempt: randomUUID(), cents: 60_00, method: 'check' });
  const { patient } = await readInvoice(deps(), store.scope, paid);
  const settled = (at: string): Movement => ({
    id: randomUUID(),
    kind: 'payment',
    cents: 60_00,
    currency: 'USD',
    at,
    day: at.slice(0, 10),
    account: '',
    invoice: paid,
    patient,
    progress: 'failed',
  });
  const instants = [-1, 1].map((days) => new Date(now().getTime() + days * 86_400_000).toISOString());
  const many = instants.flatMap((at) => Array.from({ length: 101 }, () => toReconciliation(settled(at))));
  const resources = many.map((resource) => ({ resource, id: resource.id as FhirId }));
  await store.records.createMany(store.scope, resources);
  expect((await listPayments(deps(), store.scope, 'failed')).map((one) => one.invoice)).toContain(invoice);
});

test.each(['told', 'found by the nightly look'] as const)(
  'a refund that the bank sends back, %s, has not gone: it can be given again, and somebody is told',
  async (how) => {
    const { invoice, patient } = await invoiced();
    const mine = order();
    await press(await open(invoice, mine), card('4000000000005126'));
    await lookAgain(deps(), store.scope, mine.attempt as FhirId);
    const given = { attempt: randomUUID(), cents: 25_00, reason: 'Charged too much' };
    await refund(deps(), store.scope, invoice, mine.attempt as FhirId, given);
    await stripe.standIn.advance(0);
    if (how === 'told') await tell([...(await latestEvents()), ...(await latestEvents())]);
    laterMs += 3_600_000;
    expect((await reconcile(deps(), store.scope)).differences).toEqual([]);
    const page = await readInvoice(deps(), store.scope, invoice);
    expect(page.entries.map(({ kind, cents, reversed }) => [kind, cents, reversed ?? false])).toEqual([
      ['charge', 60_00, false],
      ['payment', -60_00, false],
      ['refund', 25_00, true],
      ['reversal', -25_00, false],
    ]);
    expect(page).toMatchObject({ state: 'paid', openCents: 0 });
    expect(kindsOf(await tasksOf(patient))).toEqual(['failed-payment requested']);
    const all = { attempt: randomUUID(), cents: 60_00, reason: 'All of it' };
    await refund(deps(), store.scope, invoice, mine.attempt as FhirId, all);
  },
);

test('what the bank would not give back stays refused under its attempt: a repeat is told so, and a new one may be given', async () => {
  const { invoice } = await invoiced();
  const mine = order();
  await press(await open(invoice, mine), card('4242424242424242'));
  await lookAgain(deps(), store.scope, mine.attempt as FhirId);
  const { way, ...rest } = deps();
  const refuse = async (): Promise<never> => {
    throw new Problem('rule-broken', said('refund-refused'));
  };
  const wanted = { attempt: randomUUID(), cents: 60_00, reason: 'All of it' };
  for (const of of [{ ...rest, way: { ...way, refund: refuse } }, deps()])
    await expect(refund(of, store.scope, invoice, mine.attempt as FhirId, wanted)).rejects.toMatchObject({ kind: 'rule-broken' });
  expect((await readInvoice(deps(), store.scope, invoice)).openCents).toBe(0);
  await refund(deps(), store.scope, invoice, mine.attempt as FhirId, { ...wanted, attempt: randomUUID() });
  expect((await readInvoice(deps(), store.scope, invoice)).openCents).toBe(60_00);
});

test('cash that was given back in part is not taken back whole', async () => {
  const { invoice } = await invoiced();
  const entry = randomUUID() as FhirId;
  await takePayment(deps(), store.scope, invoice, { attempt: entry, cents: 60_00, method: 'cash' });
  await refund(deps(), store.scope, invoice, entry, { attempt: randomUUID(), cents: 20_00, reason: 'Too much' });
  const back = () => reverse(deps(), store.scope, invoice, entry, { attempt: randomUUID(), reason: 'Wrong' });
  await expect(back()).rejects.toMatchObject({ kind: 'rule-broken' });
  expect((await readInvoice(deps(), store.scope, invoice)).openCents).toBe(20_00);
});

test('the books agree to the cent after all of this; what somebody did behind our back is a difference with its rows and a task', async () => {
  laterMs += 3_600_000;
  const before = await reconcile(deps(), store.scope);
  expect(before.differences).toEqual([]);
  expect(before.processorCents).toBe(before.ledgerCents);
  const charge = await stripe.stripe.paymentIntents.create(
    {
      amount: 7_00,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
      expand: ['latest_charge'],
    },
    { stripeAccount: account },
  );
  laterMs += 3_600_000;
  const after = await reconcile(deps(), store.scope);
  expect(after.differences).toEqual([
    { source: (charge.latest_charge as Stripe.Charge).id, processorCents: 7_00, ledgerCents: 0 },
  ]);
  expect(after.processorCents - after.ledgerCents).toBe(7_00);
  await settle(deps(), store.scope, randomUUID(), { progress: 'posted', cents: 1 }); // nobody's attempt: nothing happens
});

test('nothing of a patient has left for the processor', () => {
  expect(stripe.sent.length).toBeGreaterThan(20);
  expect(JSON.stringify(stripe.sent)).not.toContain(NAME);
  expect(JSON.stringify(stripe.sent)).not.toMatch(/telephone|visit-|Patient\//i);
});

describe('differences', () => {
  const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-25T00:00:00Z' };
  const movement = (more: object) =>
    ({
      id: 'm',
      kind: 'payment',
      cents: 5_00,
      currency: 'USD',
      patient: 'p',
      invoice: 'i',
      account: 'a',
      at: '2026-11-20T00:00:00Z',
      day: '2026-11-20',
      progress: 'posted',
      processor: 'ch_1',
      ...more,
    }) as Parameters<typeof differences>[1][number];
  const line = (source: string, cents: number, at = '2026-11-20T00:00:00Z') => ({ source, cents, at });
  test.each([
    { booked: [line('ch_1', 5_00)], movements: [movement({})], expected: 0, because: 'equal' },
    { booked: [line('ch_1', 5_01)], movements: [movement({})], expected: 1, because: 'a cent off' },
    { booked: [], movements: [movement({})], expected: 1, because: 'only ours' },
    { booked: [line('ch_1', 5_00)], movements: [], expected: 1, because: 'only theirs' },
    { booked: [line('ch_1', 5_00, '2026-11-25T00:01:00Z')], movements: [], expected: 0, because: 'on its way' },
    {
      booked: [],
      movements: [movement({ processor: undefined, method: 'cash' })],
      expected: 0,
      because: 'cash is in no processor’s books',
    },
    {
      booked: [line('re_1', -5_00)],
      movements: [movement({ kind: 'refund', processor: 're_1' })],
      expected: 0,
      because: 'a refund takes away',
    },
  ])('$because: $expected', ({ booked, movements, expected }) => {
    expect(differences(booked, movements, window)).toHaveLength(expected);
  });
});
