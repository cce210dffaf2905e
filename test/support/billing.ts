import { randomUUID } from 'node:crypto';
import type { ChargeItemDefinition, Encounter, HealthcareService } from 'fhir/r4';
import { setFee } from '../../core/billing/fee-schedule.ts';
import { billVisit } from '../../core/billing/invoices.ts';
import { writeOwn } from '../../core/billing/own-records.ts';
import { takePayment } from '../../core/billing/postings.ts';
import { beginSaving } from '../../core/billing/saved-methods.ts';
import { chargeId, proposeCharges } from '../../core/billing/visits.ts';
import type { PaymentWay } from '../../core/payments/payment-way.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { toMoney } from '../../schemas/money.ts';

export const now = (): Date => new Date();
const VISIT_TYPE = 'urn:tessera:visit-type';

export const feeOf = (code: string, cents: number): ChargeItemDefinition & { id: string } => ({
  resourceType: 'ChargeItemDefinition',
  id: `fee-${code}`,
  url: `urn:uuid:${randomUUID()}`,
  title: code,
  status: 'active',
  code: { coding: [{ system: 'urn:tessera:fee', code }], text: code },
  propertyGroup: [{ priceComponent: [{ type: 'base', amount: toMoney(cents, 'USD') }] }],
});

export const finishedVisit = (patient: string, type: string | undefined, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  ...(type && { serviceType: { coding: [{ system: VISIT_TYPE, code: type }], text: type } }),
  period: {
    start: new Date(Date.now() - 26 * 3_600_000).toISOString(),
    end: new Date(Date.now() - 25.6 * 3_600_000).toISOString(),
  },
  ...more,
});

/** The fees that the tests' visits ask for; harmless to repeat. */
export async function haveFees(records: Records, scope: Scope): Promise<void> {
  const service: HealthcareService & { id: string } = {
    resourceType: 'HealthcareService',
    id: 'follow-up',
    active: true,
    name: 'Follow-up',
    type: [{ coding: [{ system: VISIT_TYPE, code: 'follow-up' }] }],
  };
  for (const one of [feeOf('visit-new', 180_00), feeOf('visit-follow-up', 110_05), feeOf('visit-telephone', 60_00), service])
    await records.update(scope, one);
}

/** Telephone visits that cost 75.00 when an insurer pays, and 50.00 otherwise. */
export const haveTwoPrices = (records: Records, scope: Scope) =>
  setFee({ records, now }, scope, {
    code: 'visit-telephone',
    system: 'own',
    title: 'Telephone',
    from: '2026-01-01',
    coveredCents: 75_00,
    selfPayCents: 50_00,
    rules: [{ visitTypes: ['telephone'] }],
  });

/** A processor that says yes to everything, and moves nothing. */
export const willingWay: PaymentWay = {
  name: 'stripe',
  openAccount: async () => 'acct_1',
  onboardingUrl: async () => 'https://pay.test/onboarding',
  accountState: async () => ({ takesPayments: true, paysOut: true, asks: false }),
  beginCheckout: async () => ({ processor: 'cs_1', url: 'https://pay.test/page' }),
  checkoutUrl: async () => 'https://pay.test/page',
  expire: async () => undefined,
  paymentOf: async () => ({ progress: 'open', cents: 0 }),
  refund: async (_, { cents }) => ({ progress: 'posted', cents }),
  openPayer: async (_, id) => `cus_${id}`,
  beginSaving: async () => 'https://pay.test/save',
  savedMethods: async () => [{ id: 'pm_saved', method: 'card', instrument: 'Visa 4242' }],
  forget: async () => undefined,
  chargeSaved: async (_, { cents, attempt }) => ({ progress: 'posted', cents, processor: `ch_${attempt}` }),
  giveUpCharge: async (_, { cents }) => ({ progress: 'expired', cents }),
  booked: async () => [],
  behind: async () => undefined,
  refundOf: async () => undefined,
  payouts: async () => [],
};

/** A visit that waits to be billed, another that has an invoice, and one whose invoice has a payment on it. */
export async function furnishBilling(records: Records, scope: Scope, patient: string) {
  const deps = { records, now };
  await haveFees(records, scope);
  const open = await records.create(scope, finishedVisit(patient, 'follow-up'));
  await proposeCharges(deps, scope, open.id as FhirId);
  const billed = async (): Promise<string> => {
    const { id } = await records.create(scope, finishedVisit(patient, 'telephone'));
    await proposeCharges(deps, scope, id as FhirId);
    return (await billVisit(deps, scope, id as FhirId, {})).id;
  };
  const [invoice, paid, entry] = [await billed(), await billed(), randomUUID()];
  await writeOwn(deps, scope, 'payment-account', { way: 'stripe', account: 'acct_1', since: '' }, undefined).catch(
    () => undefined,
  );
  const page = { attempt: randomUUID(), successUrl: 'https://tessera.test/', cancelUrl: 'https://tessera.test/' };
  await beginSaving({ ...deps, way: willingWay }, scope, patient as FhirId, page);
  await takePayment(deps, scope, paid as FhirId, { attempt: entry, cents: 10_00, method: 'check' });
  return { visit: open.id, charge: chargeId(scope, open.id, 1) as string, invoice, paid, entry };
}
