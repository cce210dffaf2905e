import type { FhirResource } from 'fhir/r4';
import { BILLING } from '../../schemas/billing.ts';

/** `payer`: whose Account a payer at the processor is. `status`: a list that the billing desk works from. `patient`: whose ledger a movement of money belongs to, which FHIR does not say. */
export type BillingParameter = 'status' | 'patient' | 'payer';
interface BillingRow {
  readonly parameter: BillingParameter;
  readonly value: string;
}

/** A list that is read from its newest end: later instants sort before earlier ones. */
const newestFirst = (instant = ''): string => String(9e14 - (Date.parse(instant) || 0)).padStart(15, '0');

/**
 * The index rows of what is billed: charges that no invoice has yet, invoices by their state (open ones the oldest first), payments that are
 * under way or failed, and of every movement whose it is.
 */
export function billingRows(resource: FhirResource): BillingRow[] {
  switch (resource.resourceType) {
    case 'ChargeItem': {
      const open = resource.status === 'planned' || resource.status === 'billable';
      const at = resource.occurrencePeriod?.start ?? resource.occurrenceDateTime ?? resource.enteredDate ?? '';
      return open ? [{ parameter: 'status', value: `open/${at}` }] : [];
    }
    case 'Invoice': {
      if (resource.status === 'draft') return [];
      if (resource.status === 'issued') return [{ parameter: 'status', value: `open/${resource.date ?? ''}` }];
      const state = resource.status === 'balanced' ? 'paid' : 'void';
      return [{ parameter: 'status', value: `${state}/${newestFirst(resource.date)}` }];
    }
    case 'PaymentReconciliation': {
      const extension = (url: string) => resource.extension?.find((one) => one.url === url);
      const patient = extension(BILLING.patient)?.valueReference?.reference?.replace(/^Patient\//, '');
      const progress = extension(BILLING.progress)?.valueCode;
      const listed = progress === 'open' || progress === 'processing' || progress === 'failed';
      return [
        ...(patient ? [{ parameter: 'patient' as const, value: patient }] : []),
        ...(listed ? [{ parameter: 'status' as const, value: `${progress}/${newestFirst(resource.created)}` }] : []),
      ];
    }
    case 'Account': {
      const payer = resource.identifier?.find(({ system }) => system === 'https://stripe.com/customer')?.value;
      return payer ? [{ parameter: 'payer', value: payer }] : [];
    }
    default:
      return [];
  }
}
