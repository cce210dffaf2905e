import type { BillingDeps } from '../../core/billing/clinic.ts';
import { readAccount } from '../../core/billing/movements.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { throughClinic } from '../../core/scope.ts';
import type { LedgerEntry } from '../../schemas/billing.ts';
import type { OwnBill, OwnBills } from '../../schemas/portal.ts';
import { B } from './paths.ts';

/** An entry as its patient is told of it. What was entered wrongly and taken back is the clinic's own affair. */
function ownMovement({
  id,
  kind,
  at,
  cents,
  method,
  instrument,
  reversed,
}: LedgerEntry): OwnBill['movements'][number] | undefined {
  if (reversed || (kind !== 'payment' && kind !== 'refund' && kind !== 'return')) return undefined;
  return { id, kind, at, cents: Math.abs(cents), method: method ?? 'other', ...(instrument && { instrument }) };
}

/** What a patient is told of their own money: invoices and what is left of each, and none of the clinic's notes on its ledger. */
export const ownBillsEndpoints = (deps: BillingDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: `${B}/own`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'read', patients: true },
    summary: 'The bills of the patient who asks: of each its total, what is still to pay, and what is on its way from a bank.',
    media: 'application/json',
    async run({ scope }) {
      const { confinedTo } = scope;
      if (confinedTo === undefined) throw new Problem('forbidden', said('role-forbids'));
      // The ledger's own entries are the clinic's to read: a patient is told what they paid and got back, and what is left.
      const account = await readAccount(deps, throughClinic(scope), confinedTo);
      const bills: OwnBills = {
        currency: account.currency,
        openCents: account.invoices.reduce((sum, { state, openCents }) => sum + (state === 'open' ? openCents : 0), 0),
        bills: account.invoices.map(({ id, number, issued, state, totalCents, openCents, processingCents }) => ({
          id,
          number,
          issued,
          state,
          totalCents,
          openCents,
          processingCents,
          movements: account.entries.flatMap((entry) => (entry.invoice === id ? (ownMovement(entry) ?? []) : [])),
        })),
      };
      return { ...reply(200, bills), patient: confinedTo };
    },
  }),
];
