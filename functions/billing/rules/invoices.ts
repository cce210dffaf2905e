import type { FhirResource, Invoice } from 'fhir/r4';
import { invoiceFaults, patientOfInvoice } from '../../../core/billing/invoice.ts';
import { seriesId } from '../../../core/billing/invoices.ts';
import { OWN_NAMES, OWN_SYSTEM, ownId } from '../../../core/billing/own-records.ts';
import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { DeleteRule, RuleContext, WriteRule } from '../../../core/rules.ts';
import { patientOf } from '../../../schemas/fhir/compartment.ts';
import { FhirId } from '../../../schemas/ids.ts';

/** Whatever way an invoice comes, its sums balance; and one that was issued here stands as it was issued. */
export const balancedInvoice: WriteRule = async (resource, context) => {
  const invoice = resource as Invoice;
  return [...invoiceFaults(invoice), ...(await changesIssued(invoice, context))];
};

async function changesIssued(invoice: Invoice, { scope, records }: RuleContext): Promise<ProblemIssue[]> {
  const patient = FhirId.safeParse(patientOfInvoice(invoice)).data;
  if (!invoice.id || !patient) return [];
  const { items } = await records.chart(scope, patient, { types: 'Invoice', compartment: 'admin', count: 500 });
  const before = items.find(({ id }) => id === invoice.id) as Invoice | undefined;
  if (!before || before.status === 'draft') return [];
  return [said('invoice-issued')];
}

/** What says who owes what is never deleted: it is voided or reversed, and both stay to be read. */
export const ledgerStays: DeleteRule = () => [said('ledger-stands')];

/** An entry of the ledger is made at the billing desk, where it is held against what is open. */
export const ledgerEntry: WriteRule = (resource: FhirResource) =>
  resource.resourceType === 'PaymentReconciliation' && resource.extension?.some(({ url }) => url === 'urn:tessera:ledger-entry')
    ? [said('ledger-stands')]
    : [];

/** A charge that is on an invoice stands as it was billed. */
export const billedCharge: WriteRule = async (resource, { scope, records }) => {
  const patient = patientOf(resource);
  if (!resource.id || !patient) return [];
  const { items } = await records.chart(scope, patient, { types: 'ChargeItem', compartment: 'admin', count: 500 });
  const before = items.find(({ id }) => id === resource.id);
  return before?.resourceType === 'ChargeItem' && before.status === 'billed' ? [said('charge-billed')] : [];
};

/** What billing keeps of a clinic (whose account takes its payments, the last invoice number) is written by billing alone. */
export const ownBasics: WriteRule = (resource, { scope }) => {
  if (resource.resourceType !== 'Basic') return [];
  const isOurs = resource.code.coding?.some(({ system }) => system === OWN_SYSTEM) ?? false;
  return isOurs || isOwnId(scope, resource.id) ? [said('ledger-stands')] : [];
};
export const ownBasicsStay: DeleteRule = (id, { scope }) => (isOwnId(scope, id) ? [said('ledger-stands')] : []);

const YEARS = Array.from({ length: 80 }, (_, at) => String(2026 + at));
function isOwnId(scope: RuleContext['scope'], id: string | undefined): boolean {
  if (id === undefined) return false;
  return OWN_NAMES.some((name) => ownId(scope, name) === id) || YEARS.some((year) => seriesId(scope, year) === id);
}
