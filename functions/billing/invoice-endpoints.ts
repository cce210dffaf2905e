import { type CardDeps, closePages } from '../../core/billing/card-payments.ts';
import type { BillingDeps } from '../../core/billing/clinic.ts';
import { listInvoices, readInvoice, voidInvoice } from '../../core/billing/invoices.ts';
import { listPayments, readAccount } from '../../core/billing/movements.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { adjust, reverse, takePayment } from '../../core/billing/postings.ts';
import { ask, readThread, resolve } from '../../core/billing/questions.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Reply } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { Adjustment, DeskPayment, INVOICE_STATES, Question, TakeBack, WithReason } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { deeds } from './deeds.ts';
import { B, idIn } from './paths.ts';

const media = 'application/json';
const I = `${B}/invoices/{id}`;

/** The invoice as it stands now, which every change of it answers. */
export async function invoiceReply(deps: BillingDeps, scope: Scope, id: FhirId, status = 200): Promise<Reply> {
  const page = await readInvoice(deps, scope, id);
  const patient = FhirId.safeParse(page.patient).data;
  return { ...reply(status, page), ...(patient && { patient }) };
}

/** Cash lies on the desk whether or not a page could be closed: what is paid twice then has a task. @throws every other error */
function unlessOpenStill(error: unknown): void {
  if (!(error instanceof Problem) || (error.kind !== 'unavailable' && error.kind !== 'conflict')) throw error;
}

/** Invoices, what is paid on them and what a patient owes. */
export const invoiceEndpoints = (deps: CardDeps): readonly Endpoint[] => {
  const deed = deeds('id', (scope, id, status) => invoiceReply(deps, scope, id, status));
  return [
    endpoint({
      method: 'GET',
      path: `${B}/invoices`,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'search' },
      summary: 'Invoices by `state`: open (the oldest first), paid or void (the newest first), in pages of 50 with `cursor`.',
      media,
      async run({ scope, query }) {
        const state = INVOICE_STATES.find((known) => known === (query.get('state') ?? 'open'));
        if (!state) throw new Problem('invalid', { text: `state is one of ${INVOICE_STATES.join(', ')}.`, path: 'state' });
        return reply(200, await listInvoices(deps, scope, state, query.get('cursor') ?? undefined));
      },
    }),
    endpoint({
      method: 'GET',
      path: I,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'read' },
      summary: 'An invoice with its lines, every entry of the ledger on it, and payments that are on their way or failed.',
      media,
      run: ({ scope, params }) => invoiceReply(deps, scope, idIn(params)),
    }),
    deed({
      path: `${I}/void`,
      may: ['Invoice', 'update'],
      summary:
        'Takes an invoice back, with a reason. It keeps its number; the visit can be billed anew. 422 while money is on it.',
      body: WithReason,
      async perform(scope, id, body) {
        await closePages(deps, scope, id);
        await voidInvoice(deps, scope, id, body.reason);
      },
    }),
    deed({
      path: `${I}/payments`,
      may: ['PaymentReconciliation', 'create'],
      summary: 'Records cash or a check. The same `attempt` again is the same payment.',
      body: DeskPayment,
      status: 201,
      async perform(scope, id, body) {
        await closePages(deps, scope, id).catch(unlessOpenStill);
        await takePayment(deps, scope, id, body);
      },
    }),
    deed({
      path: `${I}/adjustments`,
      may: ['Invoice', 'update'],
      summary:
        'Lowers what an invoice asks for, with a reason: a write-off or an adjustment. The same `attempt` again is the same entry.',
      body: Adjustment,
      status: 201,
      async perform(scope, id, body) {
        await closePages(deps, scope, id);
        await adjust(deps, scope, id, body);
      },
    }),
    deed({
      path: `${I}/entries/{entry}/reverse`,
      may: ['Invoice', 'update'],
      summary:
        'Takes back what was entered by hand, with a reason: a second entry, the first stays. The same `attempt` again is the same entry.',
      body: TakeBack,
      status: 201,
      perform: (scope, id, body, params) => reverse(deps, scope, id, idIn(params, 'entry'), body),
    }),
    endpoint({
      method: 'GET',
      path: `${I}/questions`,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'read' },
      summary: 'What was asked about an invoice and answered, and by when the next answer is due.',
      media,
      async run({ scope, params }) {
        return reply(200, await readThread(deps, scope, idIn(params)));
      },
    }),
    endpoint({
      method: 'POST',
      path: `${I}/questions`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'create' },
      summary: 'Writes down a question about an invoice, or an answer. The same `attempt` again is the same message.',
      body: withoutCardNumbers(Question),
      media,
      async run({ scope, params, body }) {
        const id = idIn(params);
        await ask(deps, scope, id, { ...body, from: 'clinic' });
        return reply(201, await readThread(deps, scope, id));
      },
    }),
    endpoint({
      method: 'POST',
      path: `${I}/questions/resolve`,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'update' },
      summary: 'Says that the question is answered: its task is done.',
      media,
      async run({ scope, params }) {
        const id = idIn(params);
        await resolve(deps, scope, id);
        return reply(200, await readThread(deps, scope, id));
      },
    }),
    endpoint({
      method: 'GET',
      path: `${B}/payments`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'search' },
      summary:
        'Payments that are not in the ledger, by `state`: failed, processing (at the bank, for days) or open (at the payment page).',
      media,
      async run({ scope, query }) {
        const state = (['failed', 'processing', 'open'] as const).find((known) => known === (query.get('state') ?? 'failed'));
        if (!state) throw new Problem('invalid', { text: 'state is failed, processing or open.', path: 'state' });
        return reply(200, { payments: await listPayments(deps, scope, state) });
      },
    }),
    endpoint({
      method: 'GET',
      path: `${B}/patients/{patient}`,
      access: { kind: 'tenant', type: 'Account', interaction: 'read' },
      summary: 'What a patient owes: their invoices, every entry of their ledger with the balance after it, what is on its way.',
      media,
      async run({ scope, params }) {
        const patient = idIn(params, 'patient');
        await deps.records.read(scope, 'Patient', patient);
        return { ...reply(200, await readAccount(deps, scope, patient)), patient };
      },
    }),
  ];
};
