import type { PaymentReconciliation } from 'fhir/r4';
import { accountOf, beginCheckout, type CardDeps, chargeSaved, lookAtInvoice, refund } from '../../core/billing/card-payments.ts';
import { readClinic } from '../../core/billing/clinic.ts';
import { readInvoice } from '../../core/billing/invoices.ts';
import { toMovement } from '../../core/billing/ledger.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { ownId, type PaymentAccount, readOwn, writeOwn } from '../../core/billing/own-records.ts';
import type { Letterhead } from '../../core/billing/receipts.ts';
import { reconcile } from '../../core/billing/reconcile.ts';
import { payerWith } from '../../core/billing/saved-methods.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type PaymentsState, PayOnline, PaySaved, type Reconciliation, Refund } from '../../schemas/billing.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { deeds } from './deeds.ts';
import { invoiceReply } from './invoice-endpoints.ts';
import { B, idIn } from './paths.ts';

export interface PaymentDeps extends CardDeps {
  /** Writes down whose account this is, so that what the processor tells of it finds its clinic. */
  readonly linkAccount: (account: string, scope: Scope) => Promise<void>;
  readonly letterheadOf: (slug: string) => Promise<Letterhead>;
}

const media = 'application/json';
const I = `${B}/invoices/{id}`;

/** What moves patients' money: the payment page, charges, refunds, the clinic's account, its payouts, the nightly look. */
export const paymentEndpoints = (deps: PaymentDeps): readonly Endpoint[] => {
  const deed = deeds('id', (scope, id, status) => invoiceReply(deps, scope, id, status));
  return [
    endpoint({
      method: 'POST',
      path: `${I}/checkout`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'create' },
      summary:
        'The address of the page on which an invoice is paid. The same `attempt`, or another tab, is sent to the same page: one is open at a time.',
      body: withoutCardNumbers(PayOnline),
      media,
      async run({ scope, params, body, origin }) {
        const id = idIn(params);
        const here = `${origin}/t/${scope.slug}/billing/invoices/${id}`;
        return reply(
          200,
          await beginCheckout(deps, scope, id, { ...body, successUrl: `${here}?paid=${body.attempt}`, cancelUrl: here }),
        );
      },
    }),
    endpoint({
      method: 'POST',
      path: `${I}/look`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'create' },
      summary: 'Asks the processor how the payments of this invoice stand that are not in the ledger, and answers the invoice.',
      media,
      async run({ scope, params }) {
        const id = idIn(params);
        await lookAtInvoice(deps, scope, id);
        return invoiceReply(deps, scope, id);
      },
    }),
    endpoint({
      method: 'POST',
      path: `${I}/charge`,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'update' },
      summary: 'Charges a saved card or bank account of the patient. The same `attempt` again is the same charge.',
      body: withoutCardNumbers(PaySaved),
      media,
      async run({ scope, params, body }) {
        const id = idIn(params);
        const { patient } = await readInvoice(deps, scope, id);
        const payer = await payerWith(deps, scope, patient as FhirId, body.method);
        await chargeSaved(deps, scope, id, { ...body, payer });
        return invoiceReply(deps, scope, id, 201);
      },
    }),
    deed({
      path: `${I}/entries/{entry}/refund`,
      may: ['Invoice', 'update'],
      summary: 'Gives back all of a payment or a part, with a reason. The same `attempt` again is the same refund.',
      body: Refund,
      status: 201,
      perform: (scope, id, body, params) => refund(deps, scope, id, idIn(params, 'entry'), body),
    }),
    endpoint({
      method: 'GET',
      path: `${B}/connect`,
      access: { kind: 'tenant', type: 'Invoice', interaction: 'search' },
      summary: 'Whether the clinic takes payments online, and what the processor still asks for.',
      media,
      async run({ scope }) {
        return reply(200, await connectState(deps, scope));
      },
    }),
    endpoint({
      method: 'POST',
      path: `${B}/connect`,
      access: { kind: 'tenant', type: 'Tenant', interaction: 'update' },
      summary: 'The address of the processor’s pages on which the clinic opens its account, or answers what is still asked.',
      media,
      async run({ scope, origin }) {
        const account = await openAccount(deps, scope);
        const here = `${origin}/t/${scope.slug}/settings/payments`;
        return reply(200, { url: await deps.way.onboardingUrl(account, { back: here, again: here }) });
      },
    }),
    endpoint({
      method: 'GET',
      path: `${B}/payouts`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'search' },
      summary: 'What the processor has sent, or is sending, to the clinic’s bank: the last 50.',
      media,
      async run({ scope }) {
        return reply(200, { payouts: await deps.way.payouts(await accountOf(deps, scope)) });
      },
    }),
    endpoint({
      method: 'GET',
      path: `${B}/reconciliation`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'search' },
      summary: 'How the last comparison of the ledger with the processor’s books went, each difference with its rows.',
      media,
      async run({ scope }) {
        const last = await readOwn<Reconciliation>(deps, scope, 'reconciliation');
        return reply(200, { ...(last && { last: last.value }), currency: (await readClinic(deps, scope)).currency });
      },
    }),
    endpoint({
      method: 'POST',
      path: `${B}/reconciliation`,
      access: { kind: 'tenant', type: 'PaymentReconciliation', interaction: 'update' },
      summary: 'Compares the ledger with the processor’s books now. Payments whose news never came are brought up to date first.',
      media,
      async run({ scope }) {
        return reply(200, { last: await reconcile(deps, scope), currency: (await readClinic(deps, scope)).currency });
      },
    }),
  ];
};

async function connectState(deps: PaymentDeps, scope: Scope): Promise<PaymentsState> {
  const kept = await readOwn<PaymentAccount>(deps, scope, 'payment-account');
  if (!kept) return { connected: false, takesPayments: false, paysOut: false, asks: false };
  return { connected: true, ...(await deps.way.accountState(kept.value.account)) };
}

/** The clinic's account, opened once: the processor makes one account of one key, whoever asks and however often. */
async function openAccount(deps: PaymentDeps, scope: Scope): Promise<string> {
  const kept = await readOwn<PaymentAccount>(deps, scope, 'payment-account');
  const account =
    kept?.value.account ??
    (await deps.way.openAccount(ownId(scope, 'payment-account'), (await deps.letterheadOf(scope.slug)).country));
  // Before our own row: an account that is ours must never be one whose news finds nobody.
  await deps.linkAccount(account, scope);
  if (kept) return account;
  const value: PaymentAccount = { way: 'stripe', account, since: deps.now().toISOString() };
  await writeOwn(deps, scope, 'payment-account', value, undefined).catch(async (error: unknown) => {
    if ((await readOwn<PaymentAccount>(deps, scope, 'payment-account'))?.value.account !== account) throw error;
  });
  return account;
}

/** The payment of a patient's own. @throws Problem not-found for anybody else's */
export async function ownPayment({ records }: PaymentDeps, scope: Scope, id: FhirId, patient: FhirId): Promise<void> {
  const record = await records.read<PaymentReconciliation>(scope, 'PaymentReconciliation', id);
  if (toMovement(record)?.patient !== patient) throw new Problem('not-found', said('no-such-record'));
}
