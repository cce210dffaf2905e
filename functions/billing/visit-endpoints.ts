import type { BillingDeps } from '../../core/billing/clinic.ts';
import { acceptCharges, addCharge, changeCharge, makeFree, removeCharge } from '../../core/billing/edit-charges.ts';
import { billVisit } from '../../core/billing/invoices.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { proposeCharges, readVisit, unbilledVisits } from '../../core/billing/visits.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Reply } from '../../core/http/types.ts';
import type { Scope } from '../../core/scope.ts';
import { AddCharge, BillVisit, ChangeCharge, WithReason } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { B, idIn } from './paths.ts';

const media = 'application/json';
const V = `${B}/visits/{visit}`;

/** The visit as it stands now, which every change of it answers. */
async function visitReply(deps: BillingDeps, scope: Scope, visit: FhirId, status = 200): Promise<Reply> {
  const { charged: _charged, ...bill } = await readVisit(deps, scope, visit);
  const patient = FhirId.safeParse(bill.patient).data;
  return { ...reply(status, bill), ...(patient && { patient }) };
}

/** From a finished visit to its invoice. */
export const visitEndpoints = (deps: BillingDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: `${B}/unbilled`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'search' },
    summary: 'Finished visits that have no invoice yet, the oldest first, each with what is proposed or what blocks it.',
    media,
    async run({ scope }) {
      return reply(200, await unbilledVisits(deps, scope));
    },
  }),
  endpoint({
    method: 'GET',
    path: V,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'read' },
    summary:
      'A finished visit with its charges: what each was proposed for, its price, and what keeps the visit from being billed.',
    media,
    run: ({ scope, params }) => visitReply(deps, scope, idIn(params, 'visit')),
  }),
  endpoint({
    method: 'POST',
    path: `${V}/check`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'update' },
    summary: 'Looks at the visit anew: its open charges follow what the chart, the coverage and the fees say now.',
    media,
    async run({ scope, params }) {
      const visit = idIn(params, 'visit');
      await proposeCharges(deps, scope, visit);
      return visitReply(deps, scope, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${V}/charges`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'create' },
    summary: 'Adds a charge from the fee schedule.',
    body: withoutCardNumbers(AddCharge),
    media,
    async run({ scope, params, body }) {
      const visit = idIn(params, 'visit');
      await addCharge(deps, scope, visit, body);
      return visitReply(deps, scope, visit, 201);
    },
  }),
  endpoint({
    method: 'PUT',
    path: `${V}/charges/{id}`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'update' },
    summary: 'Changes how many, or sets the price of a line by hand with a reason. 412 when somebody has changed it since.',
    body: withoutCardNumbers(ChangeCharge),
    media,
    async run({ scope, params, body }) {
      const visit = idIn(params, 'visit');
      await changeCharge(deps, scope, visit, idIn(params), body);
      return visitReply(deps, scope, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${V}/charges/{id}/remove`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'update' },
    summary: 'Takes a charge off, with a reason: it is kept as not billed.',
    body: withoutCardNumbers(WithReason),
    media,
    async run({ scope, params, body }) {
      const visit = idIn(params, 'visit');
      await removeCharge(deps, scope, visit, idIn(params), body.reason);
      return visitReply(deps, scope, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${V}/accept`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'update' },
    summary: 'Accepts the charges as they stand: nothing proposes them away any more.',
    media,
    async run({ scope, params }) {
      const visit = idIn(params, 'visit');
      await acceptCharges(deps, scope, visit);
      return visitReply(deps, scope, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${V}/free`,
    access: { kind: 'tenant', type: 'ChargeItem', interaction: 'update' },
    summary: 'Says that nothing is asked for the visit, with a reason: it leaves the list.',
    body: withoutCardNumbers(WithReason),
    media,
    async run({ scope, params, body }) {
      const visit = idIn(params, 'visit');
      await makeFree(deps, scope, visit, body.reason);
      return visitReply(deps, scope, visit);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${V}/invoice`,
    access: { kind: 'tenant', type: 'Invoice', interaction: 'create' },
    summary:
      'Makes the invoice of the visit from its charges, once: a repeat, or somebody who was slower, is answered the same invoice.',
    body: withoutCardNumbers(BillVisit),
    media,
    async run({ scope, params, body }) {
      const invoice = await billVisit(deps, scope, idIn(params, 'visit'), body);
      return reply(201, { id: invoice.id });
    },
  }),
];
