import type { BillingDeps } from '../../core/billing/clinic.ts';
import { readAccount } from '../../core/billing/movements.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { throughClinic } from '../../core/scope.ts';
import type { OwnBills } from '../../schemas/portal.ts';
import { B } from './paths.ts';

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
      // The ledger's entries are not a patient's to read one by one: a balance is the sum of all of them.
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
        })),
      };
      return { ...reply(200, bills), patient: confinedTo };
    },
  }),
];
