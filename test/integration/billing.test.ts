import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { ChargeItem, Coverage, Invoice, Location, OperationOutcome } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { readClinic } from '../../core/billing/clinic.ts';
import { setFee } from '../../core/billing/fee-schedule.ts';
import { numberOfInvoice } from '../../core/billing/invoice.ts';
import { billVisit, listInvoices, readInvoice, voidInvoice } from '../../core/billing/invoices.ts';
import { readAccount } from '../../core/billing/movements.ts';
import { adjust, reverse, takePayment } from '../../core/billing/postings.ts';
import {
  chargeId,
  countUnbilled,
  proposeCharges,
  readVisit,
  rerateAfter,
  rerateCharges,
  unbilledVisits,
} from '../../core/billing/visits.ts';
import { errorLines } from '../../core/http/log.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { OwnBills } from '../../schemas/portal.ts';
import { TIME_ZONE } from '../../schemas/scheduling.ts';
import { call } from '../support/api.ts';
import { finishedVisit, furnishBilling, haveFees, haveTwoPrices, now } from '../support/billing.ts';
import { openClinics } from '../support/clinics.ts';
import { killAt } from '../support/fault-injection.ts';
import { pdfPages } from '../support/pdf-text.ts';
import { scopeOf, type TestStore, testStore } from '../support/records.ts';

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await haveFees(store.records, store.scope);
});
const deps = () => ({ records: store.records, now });
const somebody = async (): Promise<string> =>
  (await store.records.create(store.scope, { resourceType: 'Patient', name: [{ family: 'Okonkwo-Ñúñez' }] })).id;
/** A finished visit of somebody new, its charges proposed. */
async function visit(type: string | undefined = 'follow-up', patient?: string): Promise<{ visit: FhirId; patient: FhirId }> {
  const whose = patient ?? (await somebody());
  const { id } = await store.records.create(store.scope, finishedVisit(whose, type));
  await proposeCharges(deps(), store.scope, id as FhirId);
  return { visit: id as FhirId, patient: whose as FhirId };
}
async function invoiced(): Promise<{ invoice: FhirId; patient: FhirId; visit: FhirId }> {
  const made = await visit('telephone');
  return { ...made, invoice: (await billVisit(deps(), store.scope, made.visit, {})).id as FhirId };
}

describe('charges are proposed once', () => {
  test('of eight that hear of one finished visit at the same moment, one proposes', async () => {
    const patient = await somebody();
    const { id } = await store.records.create(store.scope, finishedVisit(patient, 'follow-up'));
    const written = await Promise.all(Array.from({ length: 8 }, () => proposeCharges(deps(), store.scope, id as FhirId)));
    expect(written.filter((count) => count > 0)).toEqual([1]);
    const bill = await readVisit(deps(), store.scope, id as FhirId);
    expect(bill.charges.map(({ code, totalCents, why }) => [code, totalCents, why.map(({ reason }) => reason)])).toEqual([
      ['visit-new', 180_00, ['visit-type', 'new-patient']],
    ]);
  });
  test('what is stored is valid FHIR', async () => {
    const { visit: id } = await visit();
    const charge = await store.records.read<ChargeItem>(store.scope, 'ChargeItem', chargeId(store.scope, id, 1));
    expect(parseResource(charge)).toHaveProperty('resource');
    const { invoice } = await invoiced();
    await takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 10_00, method: 'cash' });
    expect(parseResource(await store.records.read(store.scope, 'Invoice', invoice))).toHaveProperty('resource');
    const { items } = await store.records.ofType(store.scope, 'PaymentReconciliation', { count: 1 });
    expect(parseResource(items[0])).toHaveProperty('resource');
  });
  test('a visit that nothing fits is in the list, with what blocks it, until somebody has said what becomes of it', async () => {
    const { visit: id } = await visit('massage');
    const { visits } = await unbilledVisits(deps(), store.scope);
    expect(visits.find(({ encounter }) => encounter === id)).toMatchObject({
      state: 'blocked',
      blocks: ['no-fee'],
      totalCents: 0,
    });
    await expect(billVisit(deps(), store.scope, id, {})).rejects.toMatchObject({ kind: 'rule-broken' });
  });
  test('covered and without a diagnosis it is blocked; when the coverage ends it is priced for who pays alone', async () => {
    const patient = await somebody();
    const coverage: Coverage = {
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: { reference: `Patient/${patient}` },
      payor: [{ display: 'Meadow Mutual' }],
      period: { start: '2026-01-01' },
    };
    const kept = await store.records.create(store.scope, coverage);
    const { visit: id } = await visit('follow-up', patient);
    expect(await readVisit(deps(), store.scope, id)).toMatchObject({
      ratedAs: 'covered',
      blocks: ['no-diagnosis'],
      insurer: 'Meadow Mutual',
    });
    await store.records.update(store.scope, { ...kept, period: { start: '2026-01-01', end: '2026-02-01' } });
    expect(await rerateCharges(deps(), store.scope, { patient: patient as FhirId })).toBe(1);
    expect(await readVisit(deps(), store.scope, id)).toMatchObject({ ratedAs: 'self-pay', blocks: [] });
  });
});

test('a day has one coverage of an order, however it is written; what is not invoiced follows what stands', async () => {
  const { handlers, tokenOf, records, tenants } = await openClinics();
  const scope = scopeOf(tenants.oak);
  const own = { records, now };
  await haveFees(records, scope);
  await haveTwoPrices(records, scope);
  const patient = (await records.create(scope, { resourceType: 'Patient' })).id as FhirId;
  const id = (await records.create(scope, finishedVisit(patient, 'telephone'))).id as FhirId;
  await proposeCharges(own, scope, id);
  expect(await readVisit(own, scope, id)).toMatchObject({ ratedAs: 'self-pay', totalCents: 50_00 });
  const send = <Body>(method: string, path: string, body: object, ifMatch?: string) =>
    call<Body>(handlers.records, method, `/api/oak/fhir/R4${path}`, {
      token: tokenOf('oak', 'front-desk'),
      body,
      ...(ifMatch && { headers: { 'if-match': ifMatch } }),
    });
  const coverage = (insurer: string, start: string, end?: string): Coverage => ({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: { reference: `Patient/${patient}` },
    payor: [{ display: insurer }],
    period: { start, ...(end && { end }) },
  });
  const first = await send<Coverage>('POST', '/Coverage', coverage('Meadow Mutual', '2026-01-01'));
  expect(first.status).toBe(201);
  expect(await rerateAfter(own, scope, first.body.id as FhirId)).toBe(1);
  expect(await readVisit(own, scope, id)).toMatchObject({ ratedAs: 'covered', totalCents: 75_00, insurer: 'Meadow Mutual' });
  expect(await rerateAfter(own, scope, first.body.id as FhirId)).toBe(0);

  const refused = await send<OperationOutcome>('POST', '/Coverage', coverage('Harbor Health', '2026-03-01'));
  expect([refused.status, refused.body.issue[0]?.details?.text]).toEqual([422, expect.stringContaining('Meadow Mutual')]);
  const next = coverage('Harbor Health', '2026-02-01');
  const together = (end: string) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: { ...first.body, period: { start: '2026-01-01', end } },
        request: { method: 'PUT', url: `Coverage/${first.body.id}`, ifMatch: 'W/"1"' },
      },
      { resource: next, request: { method: 'POST', url: 'Coverage' } },
    ],
  });
  expect((await send('POST', '', together('2026-02-01'))).status).toBe(422);
  expect((await send('POST', '', together('2026-01-31'))).status).toBe(200);
  await rerateAfter(own, scope, first.body.id as FhirId);
  expect(await readVisit(own, scope, id)).toMatchObject({ ratedAs: 'covered', insurer: 'Harbor Health' });
  const { items } = await records.history(scope, 'Coverage', first.body.id as FhirId, { count: 10 });
  expect(items).toHaveLength(2);
});

test('of many coverages that claim one day at one moment exactly one is kept, whatever way they come', async () => {
  const coverage = (patient: string, insurer: string): Coverage => ({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: { reference: `Patient/${patient}` },
    payor: [{ display: insurer }],
    period: { start: '2026-01-01' },
  });
  for (let round = 0; round < 4; round += 1) {
    const patient = await somebody();
    const later = { ...coverage(patient, 'Later'), period: { start: '2025-01-01', end: '2025-12-31' } };
    const ended = await store.records.create(store.scope, later);
    const all = await Promise.allSettled([
      ...['A', 'B', 'C'].map((insurer) => store.records.create(store.scope, coverage(patient, insurer))),
      // One that was over is opened again into the same days.
      store.records.update(store.scope, { ...ended, period: { start: '2025-01-01' } }),
    ]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'rule-broken' });
    const { items } = await store.records.chart(store.scope, patient as FhirId, { types: 'Coverage', count: 9 });
    const holding = items.filter((one) => one.resourceType === 'Coverage' && (one.period?.end ?? '9') > '2026');
    expect(holding).toHaveLength(1);
  }
});

test('a coverage that was recorded for the wrong patient and is moved prices both anew', async () => {
  const [wrong, right] = [await somebody(), await somebody()];
  const [one, other] = [await visit('telephone', wrong), await visit('telephone', right)];
  const kept = await store.records.create(store.scope, {
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: { reference: `Patient/${wrong}` },
    payor: [{ display: 'Meadow Mutual' }],
  } satisfies Coverage);
  await rerateAfter(deps(), store.scope, kept.id as FhirId);
  expect(await readVisit(deps(), store.scope, one.visit)).toMatchObject({ ratedAs: 'covered' });
  await store.records.update(store.scope, { ...kept, beneficiary: { reference: `Patient/${right}` } });
  await rerateAfter(deps(), store.scope, kept.id as FhirId);
  expect(await readVisit(deps(), store.scope, one.visit)).toMatchObject({ ratedAs: 'self-pay' });
  expect(await readVisit(deps(), store.scope, other.visit)).toMatchObject({ ratedAs: 'covered' });
});

test('what the banner of a chart shows is what the open invoices come to', async () => {
  const { patient, invoice } = await invoiced();
  await takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 12_34, method: 'cash' });
  const second = await visit('telephone', patient);
  await billVisit(deps(), store.scope, second.visit, {});
  const { balanceCents, invoices } = await readAccount(deps(), store.scope, patient);
  expect(balanceCents).toBe(107_66);
  expect(invoices.reduce((sum, { openCents }) => sum + openCents, 0)).toBe(balanceCents);
});

describe('invoices', () => {
  test('of six who press at once one makes it, all are given the same, and the visit leaves the list', async () => {
    const { visit: id } = await visit();
    const made = await Promise.all(Array.from({ length: 6 }, () => billVisit(deps(), store.scope, id, {})));
    expect(new Set(made.map((invoice) => invoice.id)).size).toBe(1);
    expect((await unbilledVisits(deps(), store.scope)).visits.map(({ encounter }) => encounter)).not.toContain(id);
  });
  test('numbers have no gap and none comes twice, however many bill at once', async () => {
    const one = await testStore();
    await haveFees(one.records, one.scope);
    const own = { records: one.records, now };
    const patient = (await one.records.create(one.scope, { resourceType: 'Patient' })).id;
    const visits = await Promise.all(
      Array.from(
        { length: 5 },
        async () => (await one.records.create(one.scope, finishedVisit(patient, 'telephone'))).id as FhirId,
      ),
    );
    await Promise.all(visits.map((id) => proposeCharges(own, one.scope, id)));
    const bill = async (id: FhirId): Promise<Invoice> => {
      try {
        return await billVisit(own, one.scope, id, {});
      } catch {
        return bill(id); // five at the very same moment may lose six times: the person presses again
      }
    };
    const numbers = (await Promise.all(visits.map(bill))).map(({ identifier }) => identifier?.[0]?.value ?? '');
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5].map((number) => `${new Date().getUTCFullYear()}-00000${number}`));
  });
  test('killed at each step of making it, the visit is billed by the next press: one invoice, no number lost', async () => {
    const one = await testStore();
    await haveFees(one.records, one.scope);
    const own = { records: one.records, now };
    const patient = (await one.records.create(one.scope, { resourceType: 'Patient' })).id;
    const killer = killAt(one.client);
    let kills = 0;
    const id = (await one.records.create(one.scope, finishedVisit(patient, 'telephone'))).id as FhirId;
    await proposeCharges(own, one.scope, id);
    for (let step = 1; ; step += 1) {
      killer.at(step);
      const [ending] = await Promise.allSettled([billVisit(own, one.scope, id, {})]);
      if (!killer.fired()) {
        expect(ending.status).toBe('fulfilled');
        break;
      }
      kills += 1;
      // Whole or not at all: the visit is to be billed, or it has its invoice.
      const { charges, invoice } = await readVisit(own, one.scope, id);
      const waits = (await unbilledVisits(own, one.scope)).visits.length === 1;
      expect([waits, charges[0]?.status]).toEqual(invoice ? [false, 'billed'] : [true, 'planned']);
    }
    killer.off();
    expect(kills).toBeGreaterThan(5);
    const next = (await one.records.create(one.scope, finishedVisit(patient, 'telephone'))).id as FhirId;
    await proposeCharges(own, one.scope, next);
    const made = [await billVisit(own, one.scope, id, {}), await billVisit(own, one.scope, next, {})];
    expect(made.map((invoice) => numberOfInvoice(invoice).slice(-6))).toEqual(['000001', '000002']);
  });
  test('voided it keeps its number, and the visit is billed under the next one', async () => {
    const { invoice, visit: id, patient } = await invoiced();
    await voidInvoice(deps(), store.scope, invoice, 'Billed to the wrong visit');
    const again = await billVisit(deps(), store.scope, id, {});
    expect(again.id).not.toBe(invoice);
    const account = await readAccount(deps(), store.scope, patient);
    expect(account.balanceCents).toBe(60_00);
    expect(account.entries.map(({ kind, cents }) => [kind, cents])).toEqual([
      ['charge', 60_00],
      ['reversal', -60_00],
      ['charge', 60_00],
    ]);
    expect((await listInvoices(deps(), store.scope, 'void', undefined)).invoices.map((one) => one.id)).toContain(invoice);
  });
});

describe('the ledger', () => {
  test('sixteen times the same payment at once is one payment', async () => {
    const { invoice, patient } = await invoiced();
    const payment = { attempt: randomUUID(), cents: 20_00, method: 'cash' as const };
    const all = await Promise.allSettled(Array.from({ length: 16 }, () => takePayment(deps(), store.scope, invoice, payment)));
    expect(all.some(({ status }) => status === 'fulfilled')).toBe(true);
    await takePayment(deps(), store.scope, invoice, payment);
    expect((await readAccount(deps(), store.scope, patient)).balanceCents).toBe(40_00);
  });
  test('two who take the last of it at once do not take it twice', async () => {
    const { invoice } = await invoiced();
    const all = await Promise.allSettled(
      [1, 2].map(() => takePayment(deps(), store.scope, invoice, { attempt: randomUUID(), cents: 60_00, method: 'cash' })),
    );
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'paid', openCents: 0 });
  });
  test('an attempt that was used for something else is refused', async () => {
    const { invoice } = await invoiced();
    const attempt = randomUUID();
    await takePayment(deps(), store.scope, invoice, { attempt, cents: 20_00, method: 'cash' });
    await expect(takePayment(deps(), store.scope, invoice, { attempt, cents: 30_00, method: 'cash' })).rejects.toMatchObject({
      kind: 'rule-broken',
    });
  });
  test('whatever is entered in whatever order, the balance is the sum, never below zero, and the invoice is paid exactly when it is zero', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('pay', 'write-off', 'back'), fc.integer({ min: 1, max: 45_00 })), { maxLength: 6 }),
        async (steps) => {
          const { invoice } = await invoiced();
          let expected = 60_00;
          const standing: { id: string; cents: number }[] = [];
          for (const [what, cents] of steps) {
            const attempt = randomUUID();
            if (what === 'back') {
              const one = standing.shift();
              if (one) {
                await reverse(deps(), store.scope, invoice, one.id as FhirId, { attempt, reason: 'It bounced' });
                expected += one.cents;
              }
              continue;
            }
            const done =
              what === 'pay'
                ? takePayment(deps(), store.scope, invoice, { attempt, cents, method: 'check' })
                : adjust(deps(), store.scope, invoice, { attempt, cents, kind: 'write-off', reason: 'Agreed upon' });
            const [{ status }] = await Promise.allSettled([done]);
            expect(status).toBe(cents <= expected ? 'fulfilled' : 'rejected');
            if (status === 'fulfilled') {
              expected -= cents;
              standing.push({ id: attempt, cents });
            }
          }
          const page = await readInvoice(deps(), store.scope, invoice);
          expect(page.openCents).toBe(expected);
          expect(page.state).toBe(expected === 0 ? 'paid' : 'open');
        },
      ),
      { numRuns: 6 },
    );
  });
  test('money is on it: it cannot be voided; taken back, it can', async () => {
    const { invoice } = await invoiced();
    const attempt = randomUUID();
    await takePayment(deps(), store.scope, invoice, { attempt, cents: 5_00, method: 'cash' });
    await expect(voidInvoice(deps(), store.scope, invoice, 'wrong visit')).rejects.toMatchObject({ kind: 'rule-broken' });
    await reverse(deps(), store.scope, invoice, attempt as FhirId, { attempt: randomUUID(), reason: 'Given back' });
    await voidInvoice(deps(), store.scope, invoice, 'wrong visit');
    expect(await readInvoice(deps(), store.scope, invoice)).toMatchObject({ state: 'void' });
  });
});

test('a place whose zone no clock knows leaves billing to the clock of another', async () => {
  const { records, scope } = await testStore();
  const place = (name: string, zone: string): Location => ({
    resourceType: 'Location',
    name,
    extension: [{ url: TIME_ZONE, valueCode: zone }],
  });
  const zone = async () => (await readClinic({ records }, scope)).timeZone;
  await records.create(scope, place('Bree', 'Middle-earth/Bree'));
  expect(await zone()).toBe('UTC');
  await records.create(scope, place('Madrid', 'Europe/Madrid'));
  expect(await zone()).toBe('Europe/Madrid');
});

test('a new version of a fee prices what nobody has accepted anew, and leaves no day with two prices', async () => {
  const one = await testStore();
  await haveFees(one.records, one.scope);
  const own = { records: one.records, now };
  const patient = (await one.records.create(one.scope, { resourceType: 'Patient' })).id;
  const id = (await one.records.create(one.scope, finishedVisit(patient, 'telephone'))).id as FhirId;
  await proposeCharges(own, one.scope, id);
  const fee = { code: 'visit-telephone', system: 'own' as const, title: 'Telephone', rules: [{ visitTypes: ['telephone'] }] };
  await setFee(own, one.scope, { ...fee, from: '2026-01-01', coveredCents: 75_00, selfPayCents: 50_00 });
  expect(await rerateCharges(own, one.scope, 'everybody')).toBe(1);
  expect((await readVisit(own, one.scope, id)).totalCents).toBe(50_00);
  // Billed before the news of a fee has come: at no price that nobody has seen.
  await setFee(own, one.scope, { ...fee, from: '2026-01-01', coveredCents: 75_00, selfPayCents: 55_00 });
  await expect(billVisit(own, one.scope, id, {})).rejects.toMatchObject({ issues: [{ name: 'prices-changed' }] });
  expect((await readVisit(own, one.scope, id)).totalCents).toBe(55_00);
  await setFee(own, one.scope, { ...fee, from: '2099-01-01', coveredCents: 99_00 });
  await expect(setFee(own, one.scope, { ...fee, from: '2098-01-01', coveredCents: 1 })).rejects.toMatchObject({
    kind: 'rule-broken',
  });
  expect(await countUnbilled(own, one.scope)).toEqual({ visits: 1, blocked: 0 });
});

test('a receipt is the ledger’s, for the desk and for the patient whose it is; another patient’s, and what is no payment, is 404', async () => {
  const { handlers, tokenOf, patientToken, records, tenants } = await openClinics();
  const scope = scopeOf(tenants.oak);
  await haveFees(records, scope);
  const [mine, other] = await Promise.all(
    ['Ирина Соколова', 'Zoë Núñez'].map(
      async (text) => (await records.create(scope, { resourceType: 'Patient', name: [{ text }] })).id,
    ),
  );
  const { paid, entry } = await furnishBilling(records, scope, mine ?? '');
  const get = (path: string, token: string) => call(handlers.billing, 'GET', `/api/oak/billing${path}`, { token });
  const desk = await get(`/invoices/${paid}/entries/${entry}/receipt`, tokenOf('oak', 'front-desk'));
  expect([desk.status, desk.headers['content-type']]).toEqual([200, 'application/pdf']);
  const [text = ''] = await pdfPages(desk.bytes ?? new Uint8Array());
  expect(text).toMatch(/USD 10\.00.*USD 50\.00 of this invoice is left to pay/);
  expect(text).toContain(numberOfInvoice(await records.read<Invoice>(scope, 'Invoice', paid as FhirId)));
  expect(text).toContain('Sokolova');

  const receipt = `/own/invoices/${paid}/entries/${entry}/receipt`;
  const own = await get(receipt, patientToken('oak', mine ?? ''));
  expect(await pdfPages(own.bytes ?? new Uint8Array())).toHaveLength(1);
  expect((await get(receipt, patientToken('oak', other ?? ''))).status).toBe(404);
  expect((await get(`/own/invoices/${paid}/paper`, patientToken('oak', other ?? ''))).status).toBe(404);
  expect((await get(`/invoices/${paid}/entries/${randomUUID()}/receipt`, tokenOf('oak', 'biller'))).status).toBe(404);
  expect((await get(`/invoices/${paid}/paper`, tokenOf('oak', 'auditor'))).status).toBe(403);
  const bills = await call<OwnBills>(handlers.billing, 'GET', '/api/oak/billing/own', { token: patientToken('oak', mine ?? '') });
  expect(bills.body.bills.find(({ id }) => id === paid)?.movements).toMatchObject([
    { id: entry, kind: 'payment', cents: 10_00, method: 'check' },
  ]);
});

test('a card number that somebody types anywhere is refused, and reaches no log line', async () => {
  const { handlers, tokenOf, patientToken, records, tenants, logged } = await openClinics();
  const scope = scopeOf(tenants.oak);
  const patient = (await records.create(scope, { resourceType: 'Patient' })).id;
  const { invoice, paid, entry, visit: unbilled } = await furnishBilling(records, scope, patient);
  const digits = '4242 4242 4242 4242';
  const words = `Charge my card ${digits} please`;
  const attempt = randomUUID();
  const typed: [method: string, path: string, body?: object | string][] = [
    ['POST', `/own/invoices/${invoice}/questions`, { attempt, text: words }],
    ['POST', `/invoices/${invoice}/questions`, { attempt, text: words }],
    ['POST', `/invoices/${invoice}/payments`, { attempt, cents: 1_00, method: 'check', note: words }],
    ['POST', `/invoices/${invoice}/adjustments`, { attempt, cents: 1_00, kind: 'write-off', reason: words }],
    ['POST', `/invoices/${paid}/entries/${entry}/reverse`, { attempt, reason: words }],
    ['POST', `/invoices/${invoice}/void`, { reason: words }],
    ['POST', `/visits/${unbilled}/free`, { reason: words }],
    ['POST', `/invoices/${invoice}/checkout`, { attempt, cents: 4242424242424242 }],
    ['POST', `/invoices/${invoice}/charge`, { attempt, cents: 1_00, method: digits }],
    ['POST', `/invoices/${invoice}/questions`, `{"text": "${words}`],
    ['GET', `/invoices?state=${encodeURIComponent(digits)}`],
    ['GET', `/invoices/${digits.replaceAll(' ', '')}`],
    ['GET', `/invoices/${invoice}/paper?language=${digits.replaceAll(' ', '')}`],
  ];
  for (const [method, path, body] of typed) {
    const token = path.startsWith('/own') ? patientToken('oak', patient) : tokenOf('oak', 'biller');
    const sent = typeof body === 'string' ? { rawBody: body } : body ? { body } : {};
    const headers = { 'content-type': 'application/json' };
    const answer = await call(handlers.billing, method, `/api/oak/billing${path}`, { token, headers, ...sent });
    expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
    expect(answer.text).not.toMatch(/4242[ -]?4242[ -]?4242/);
  }
  expect(logged.length).toBeGreaterThan(typed.length - 1);
  const broken = new Error(words, { cause: new TypeError(words) });
  expect(JSON.stringify([logged, errorLines(broken)])).not.toMatch(/4242[ -]?4242/);
});
