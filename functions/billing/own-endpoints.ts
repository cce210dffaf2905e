import type { Invoice } from 'fhir/r4';
import { beginCheckout, chargeSaved, lookAgain } from '../../core/billing/card-payments.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { ask, readThread } from '../../core/billing/questions.ts';
import { payerWith } from '../../core/billing/saved-methods.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { type Scope, throughClinic } from '../../core/scope.ts';
import { PayOnline, PaySaved, Question } from '../../schemas/billing.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { B, idIn } from './paths.ts';
import { ownPayment, type PaymentDeps } from './payment-endpoints.ts';

const media = 'application/json';
const OWN = `${B}/own`;

/** Whose pages these are. @throws Problem not-found for whoever is no patient here */
export function oneself({ confinedTo }: Scope): FhirId {
  if (confinedTo === undefined) throw new Problem('not-found', said('no-such-record'));
  return confinedTo;
}

/** The clinic's own view of an invoice that the patient may see as theirs: the store answers anybody else's as none. */
export async function ownInvoice({ records }: PaymentDeps, scope: Scope, id: FhirId): Promise<Scope> {
  oneself(scope);
  await records.read<Invoice>(scope, 'Invoice', id);
  return throughClinic(scope);
}

/** What a patient does about their own bills. */
export const ownEndpoints = (deps: PaymentDeps): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: `${OWN}/invoices/{id}/checkout`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'create', patients: true },
    summary: 'The address of the page on which the patient pays an invoice of their own; one page is open at a time.',
    body: withoutCardNumbers(PayOnline),
    media,
    async run({ scope, params, body, origin }) {
      const id = idIn(params);
      const clinic = await ownInvoice(deps, scope, id);
      const here = `${origin}/p/${scope.slug}/bills`;
      return reply(
        200,
        await beginCheckout(deps, clinic, id, { ...body, successUrl: `${here}?paid=${body.attempt}`, cancelUrl: here }),
      );
    },
  }),
  endpoint({
    method: 'POST',
    path: `${OWN}/invoices/{id}/charge`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'create', patients: true },
    summary:
      'Pays an invoice of the patient’s own with a card or account that they have saved. The same `attempt` again is the same charge.',
    body: withoutCardNumbers(PaySaved),
    media,
    async run({ scope, params, body }) {
      const [id, patient] = [idIn(params), oneself(scope)];
      const clinic = await ownInvoice(deps, scope, id);
      const payer = await payerWith(deps, clinic, patient, body.method);
      const { progress } = await chargeSaved(deps, clinic, id, { ...body, payer });
      return { ...reply(200, { progress }), patient };
    },
  }),
  endpoint({
    method: 'POST',
    path: `${OWN}/payments/{id}/look`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'create', patients: true },
    summary: 'Asks the processor how a payment of the patient’s own stands: for the way back from the payment page.',
    media,
    async run({ scope, params }) {
      const [patient, id, clinic] = [oneself(scope), idIn(params), throughClinic(scope)];
      await ownPayment(deps, clinic, id, patient);
      const movement = await lookAgain(deps, clinic, id);
      return { ...reply(200, { progress: movement?.progress }), patient };
    },
  }),
  endpoint({
    method: 'GET',
    path: `${OWN}/invoices/{id}/questions`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'read', patients: true },
    summary: 'What the patient has asked about an invoice of their own, and what was answered.',
    media,
    async run({ scope, params }) {
      const id = idIn(params);
      const clinic = await ownInvoice(deps, scope, id);
      return reply(200, await readThread(deps, clinic, id));
    },
  }),
  endpoint({
    method: 'POST',
    path: `${OWN}/invoices/{id}/questions`,
    access: { kind: 'tenant', type: 'Portal', interaction: 'create', patients: true },
    summary: 'Asks the clinic about an invoice of one’s own: the billing desk is given a task with a day to answer by.',
    body: withoutCardNumbers(Question),
    media,
    async run({ scope, params, body }) {
      const id = idIn(params);
      const clinic = await ownInvoice(deps, scope, id);
      await ask(deps, clinic, id, { ...body, from: 'patient' });
      return reply(201, await readThread(deps, clinic, id));
    },
  }),
];
