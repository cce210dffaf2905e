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
import { deeds } from './deeds.ts';
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
export const visitEndpoints = (deps: BillingDeps): readonly Endpoint[] => {
  const deed = deeds('visit', (scope, id, status) => visitReply(deps, scope, id, status));
  return [
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
    deed({
      path: `${V}/check`,
      may: ['ChargeItem', 'update'],
      summary: 'Looks at the visit anew: its open charges follow what the chart, the coverage and the fees say now.',
      perform: (scope, visit) => proposeCharges(deps, scope, visit),
    }),
    deed({
      path: `${V}/charges`,
      may: ['ChargeItem', 'create'],
      summary: 'Adds a charge from the fee schedule.',
      body: AddCharge,
      status: 201,
      perform: (scope, visit, body) => addCharge(deps, scope, visit, body),
    }),
    deed({
      method: 'PUT',
      path: `${V}/charges/{id}`,
      may: ['ChargeItem', 'update'],
      summary: 'Changes how many, or sets the price of a line by hand with a reason. 412 when somebody has changed it since.',
      body: ChangeCharge,
      perform: (scope, visit, body, params) => changeCharge(deps, scope, visit, idIn(params), body),
    }),
    deed({
      path: `${V}/charges/{id}/remove`,
      may: ['ChargeItem', 'update'],
      summary: 'Takes a charge off, with a reason: it is kept as not billed.',
      body: WithReason,
      perform: (scope, visit, body, params) => removeCharge(deps, scope, visit, idIn(params), body.reason),
    }),
    deed({
      path: `${V}/accept`,
      may: ['ChargeItem', 'update'],
      summary: 'Accepts the charges as they stand: nothing proposes them away any more.',
      perform: (scope, visit) => acceptCharges(deps, scope, visit),
    }),
    deed({
      path: `${V}/free`,
      may: ['ChargeItem', 'update'],
      summary: 'Says that nothing is asked for the visit, with a reason: it leaves the list.',
      body: WithReason,
      perform: (scope, visit, body) => makeFree(deps, scope, visit, body.reason),
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
};
