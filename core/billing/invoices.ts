import type { Basic, ChargeItem, Invoice, Patient } from 'fhir/r4';
import type { BillVisit, InvoiceLine, InvoicePage, InvoiceState, InvoicesPage } from '../../schemas/billing.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { centsOf, sumOfCents } from '../../schemas/money.ts';
import { personName } from '../../schemas/names.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored, Write } from '../store/types.ts';
import { blocksOf, isOpen, isPlaceholder, totalCentsOf } from './charge-item.ts';
import { type BillingDeps, dayIn, readClinic } from './clinic.ts';
import { currencyOfInvoice, numberOfInvoice, patientOfInvoice, toInvoice, totalOfInvoice, visitOfInvoice } from './invoice.ts';
import { entriesOf, type Movement, openCentsOf, processingCentsOf, stateOf, toPending, VOIDED } from './ledger.ts';
import { movementsOf } from './movements.ts';
import { accountId, chargesOf, chartOf, isLostRace, refuseOldPrices } from './visits.ts';

/** Days until an invoice is due. */
const DUE_DAYS = 30;
const TRIES = 6;

type Kept = Stored<Invoice>;

/**
 * Makes the invoice of a visit: invoice, number and charges in one transaction, so that of two who press at once one makes it and the
 * other is given it. Numbers have no gaps: tax laws of countries whose currencies we offer ask for a series without any (Spain,
 * RD 1619/2012, art. 6), and a number that is missing is what an auditor asks about first. A voided invoice keeps its number.
 */
export async function billVisit(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  { anyway }: Pick<BillVisit, 'anyway'>,
): Promise<Kept> {
  for (let attempt = 1; ; attempt += 1) {
    const charged = await chargesOf(deps, scope, visit);
    const present = await invoiceOf(deps, scope, visit, charged);
    if (present) return present;
    await refuseOldPrices(deps, scope, visit, charged);
    try {
      await refuseTorn(deps, scope, visit, charged);
      return await issue(deps, scope, visit, charged, anyway);
    } catch (error) {
      if (!isLostRace(error) || attempt >= TRIES) throw error;
    }
  }
}

/**
 * Several charges are read one beside the other: one that was added in between may be missing though another is as its adding left it.
 * Two readings that are equal are what stood there between them. @throws Problem conflict
 */
async function refuseTorn(deps: BillingDeps, scope: Scope, visit: FhirId, charged: readonly Stored<ChargeItem>[]): Promise<void> {
  const versions = (of: readonly Stored<ChargeItem>[]): string => of.map(({ id, meta }) => `${id}/${meta.versionId}`).join();
  if (versions(await chargesOf(deps, scope, visit)) !== versions(charged)) throw new Problem('conflict', said('charge-changed'));
}

async function invoiceOf(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  charged: readonly Stored<ChargeItem>[],
): Promise<Kept | undefined> {
  const [charge] = charged;
  if (!charge) throw new Problem('not-found', said('visit-not-billable'));
  const patient = patientOf(charge);
  if (!patient || !charged.some(({ status }) => status === 'billed')) return undefined;
  const invoices = await chartOf<Invoice>(deps, scope, patient, 'Invoice', { compartment: 'admin' });
  return invoices.find((invoice) => stateOf(invoice) !== 'void' && visitOfInvoice(invoice) === visit);
}

async function issue(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  charged: readonly Stored<ChargeItem>[],
  anyway: string | undefined,
): Promise<Kept> {
  const open = charged.filter(isOpen);
  const blocks = [...new Set(open.flatMap(blocksOf))];
  if (blocks.length > 0 && !anyway) throw new Problem('rule-broken', said('visit-blocked', { blocks: blocks.join(', ') }));
  const clinic = await readClinic(deps, scope);
  const lines = open.filter((charge) => !isPlaceholder(charge));
  const patient = open[0] && patientOf(open[0]);
  if (!patient || sumOfCents(lines.map((charge) => totalCentsOf(charge, clinic.currency))) <= 0)
    throw new Problem('rule-broken', said('visit-nothing-to-bill'));
  const now = deps.now();
  const day = dayIn(clinic.timeZone, now);
  const { number, writes: numbering } = await nextNumber(deps, scope, day.slice(0, 4));
  const invoice = toInvoice({
    id: invoiceId(scope, number),
    number,
    charges: lines,
    currency: clinic.currency,
    patient,
    encounter: visit,
    account: `Account/${accountId(scope, patient)}`,
    issuer: clinic.organization,
    at: now.toISOString(),
    due: new Date(Date.parse(day) + DUE_DAYS * 86_400_000).toISOString().slice(0, 10),
    anyway,
  });
  const [made] = await deps.records.transact(
    scope,
    [
      { kind: 'create', resource: invoice, id: FhirId.parse(invoice.id) },
      ...numbering,
      ...open.map(
        (charge): Write => ({
          kind: 'update',
          resource: { ...charge, status: isPlaceholder(charge) ? 'not-billable' : 'billed' },
          ifMatch: Number(charge.meta.versionId),
        }),
      ),
    ],
    { via: 'transaction' },
  );
  return made?.resource as Kept;
}

export const seriesId = (scope: Pick<Scope, 'tenant'>, year: string): FhirId => stableId(scope.tenant, `invoice-numbers/${year}`);
export const invoiceId = (scope: Scope, number: string): FhirId => stableId(scope.tenant, `invoice/${number}`);

const LAST_NUMBER = 'urn:tessera:last-invoice-number';

/** The number after the last one of the year: whoever takes it writes the series' record too, and so finds out who was first. */
async function nextNumber({ records }: BillingDeps, scope: Scope, year: string): Promise<{ number: string; writes: Write[] }> {
  const id = seriesId(scope, year);
  const [series] = (await records.readMany(scope, [{ type: 'Basic', id }])) as Stored<Basic>[];
  const last = series?.extension?.find(({ url }) => url === LAST_NUMBER)?.valueInteger ?? 0;
  const next: Basic & { id: string } = {
    resourceType: 'Basic',
    id,
    extension: [{ url: LAST_NUMBER, valueInteger: last + 1 }],
    code: { coding: [{ system: 'urn:tessera:basic', code: 'invoice-numbers' }], text: `Invoice numbers of ${year}` },
  };
  const write: Write = series
    ? { kind: 'update', resource: next, ifMatch: Number(series.meta.versionId) }
    : { kind: 'create', resource: next, id };
  return { number: `${year}-${String(last + 1).padStart(6, '0')}`, writes: [write] };
}

/** Takes an invoice back: it keeps its number and its lines, and the visit waits to be billed anew. @throws Problem rule-broken while money is on it */
export async function voidInvoice(deps: BillingDeps, scope: Scope, id: FhirId, reason: string): Promise<Kept> {
  for (let attempt = 1; ; attempt += 1) {
    const invoice = await deps.records.read<Invoice>(scope, 'Invoice', id);
    if (stateOf(invoice) === 'void') return invoice;
    const movements = (await movementsOf(deps, scope, patientOfInvoice(invoice))).filter((one) => one.invoice === id);
    const untouched = openCentsOf(invoice, movements) === totalOfInvoice(invoice) && !movements.some(isUnderWay);
    if (!untouched) throw new Problem('rule-broken', said('invoice-has-payments'));
    const visit = visitOfInvoice(invoice);
    const charges = visit ? (await chargesOf(deps, scope, visit)).filter(({ status }) => status === 'billed') : [];
    const voided: Kept = {
      ...invoice,
      status: 'cancelled',
      cancelledReason: reason,
      extension: [...(invoice.extension ?? []), { url: VOIDED, valueString: `${deps.now().toISOString()} ${reason}` }],
    };
    try {
      const [done] = await deps.records.transact(
        scope,
        [
          { kind: 'update', resource: voided, ifMatch: Number(invoice.meta.versionId) },
          ...charges.map(
            (charge): Write => ({
              kind: 'update',
              resource: { ...charge, status: 'billable' },
              ifMatch: Number(charge.meta.versionId),
            }),
          ),
        ],
        { via: 'transaction' },
      );
      return done?.resource as Kept;
    } catch (error) {
      if (!isLostRace(error) || attempt >= TRIES) throw error;
    }
  }
}

const isUnderWay = ({ progress }: Movement): boolean => progress === 'processing' || progress === 'open';

/** Invoices of one state: open ones the oldest first, the others the newest. */
export async function listInvoices(
  deps: BillingDeps,
  scope: Scope,
  state: InvoiceState,
  cursor: string | undefined,
): Promise<InvoicesPage> {
  const page = await deps.records.byIndex(
    scope,
    'Invoice',
    'status',
    { prefix: `${state}/` },
    { count: 50, ...(cursor && { cursor }) },
  );
  const invoices = (page.items as Kept[]).filter((invoice) => stateOf(invoice) === state);
  const patients = [...new Set(invoices.map(patientOfInvoice))].filter(Boolean);
  const [named, ledgers] = await Promise.all([
    deps.records.readMany(
      scope,
      patients.map((id) => ({ type: 'Patient', id: FhirId.parse(id) })),
    ),
    // A paid or void invoice has nothing open: its ledger need not be read.
    state === 'open' ? Promise.all(patients.map((id) => movementsOf(deps, scope, id))) : [],
  ]);
  const movements = ledgers.flat();
  return {
    currency: invoices[0] ? currencyOfInvoice(invoices[0]) : 'USD',
    invoices: invoices.map((invoice) => toLine(invoice, movements, named as Stored<Patient>[])),
    ...(page.cursor && { cursor: page.cursor }),
  };
}

export function toLine(invoice: Kept, movements: readonly Movement[], patients: readonly Stored<Patient>[]): InvoiceLine {
  const patient = patientOfInvoice(invoice);
  const named = patients.find(({ id }) => id === patient);
  const patientName = named && personName(named.name);
  const state = stateOf(invoice);
  return {
    id: invoice.id,
    number: numberOfInvoice(invoice),
    patient,
    ...(patientName && { patientName }),
    issued: invoice.date ?? '',
    state,
    totalCents: totalOfInvoice(invoice),
    openCents: state === 'open' ? openCentsOf(invoice, movements) : 0,
    processingCents: processingCentsOf(invoice.id, movements),
  };
}

export async function readInvoice(deps: BillingDeps, scope: Scope, id: FhirId): Promise<InvoicePage> {
  const invoice = await deps.records.read<Invoice>(scope, 'Invoice', id);
  const patient = patientOfInvoice(invoice);
  const [movements, patients] = await Promise.all([
    movementsOf(deps, scope, patient),
    deps.records.readMany(scope, [{ type: 'Patient', id: FhirId.parse(patient) }]),
  ]);
  return toPage(invoice, movements, patients as Stored<Patient>[]);
}

export function toPage(invoice: Kept, all: readonly Movement[], patients: readonly Stored<Patient>[]): InvoicePage {
  const movements = all.filter((one) => one.invoice === invoice.id);
  const currency = currencyOfInvoice(invoice);
  const encounter = visitOfInvoice(invoice);
  const due = invoice.extension?.find(({ valueDate }) => valueDate)?.valueDate;
  return {
    ...toLine(invoice, movements, patients),
    currency,
    version: Number(invoice.meta.versionId),
    ...(encounter && { encounter }),
    ...(due && { due }),
    lines: (invoice.lineItem ?? []).map(({ chargeItemReference, priceComponent = [] }) => {
      const base = priceComponent.find(({ type }) => type === 'base');
      const byHand = priceComponent.find(({ type }) => type !== 'base');
      return {
        text: chargeItemReference?.display ?? base?.code?.text ?? '',
        code: base?.code?.coding?.[0]?.code ?? '',
        quantity: base?.factor ?? 1,
        cents: sumOfCents(priceComponent.map(({ amount }) => centsOf(amount, currency) ?? 0)),
        ...(byHand?.code?.text && { note: byHand.code.text }),
      };
    }),
    entries: entriesOf([invoice], movements),
    pending: movements.flatMap((movement) => toPending(movement) ?? []),
    ...(stateOf(invoice) === 'void' && invoice.cancelledReason && { voided: invoice.cancelledReason }),
  };
}
