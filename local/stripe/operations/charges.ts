import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, int, metadata, oneOf, paging, range, text } from '../params.ts';
import type { KeptCharge, KeptIntent } from './charging.ts';
import { mergedMetadata } from './customers.ts';
import { book, DEBIT_TAKES_MS, dollars } from './money.ts';
import { conductOf } from './payment-methods.ts';

type KeptRefund = Kept<Stripe.Refund> & { charge: string; payment_intent: string | null; balance_transaction: string | null };
type KeptDispute = Kept<Stripe.Dispute> & { charge: string };

const theCharge = (desk: Desk, id: string, param?: string): KeptCharge =>
  desk.get<Stripe.Charge>(id, 'charge', param) as KeptCharge;

function chargeToRefund(
  desk: Desk,
  { charge, payment_intent: intent }: { charge?: string | undefined; payment_intent?: string | undefined },
): KeptCharge {
  if (charge) return theCharge(desk, charge, 'charge');
  if (!intent)
    throw refused('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
    });
  const { latest_charge: latest } = desk.get<Stripe.PaymentIntent>(intent, 'payment_intent', 'payment_intent') as KeptIntent;
  if (!latest)
    throw refused(`This PaymentIntent (${intent}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    });
  return theCharge(desk, latest);
}

function refund(
  desk: Desk,
  charge: KeptCharge,
  amount: number,
  reason: Stripe.Refund.Reason | null,
  about: Record<string, string>,
): KeptRefund {
  const isCard = charge.payment_method_details?.type === 'card';
  const id = desk.newId(isCard ? 're' : 'pyr');
  const transaction = book(desk, {
    type: isCard ? 'refund' : 'payment_refund',
    category: 'refund',
    amount: -amount,
    currency: charge.currency,
    source: id,
    description: charge.description,
  });
  const made = desk.save<KeptRefund>({
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: desk.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: isCard
      ? { type: 'card', card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' } }
      : { type: 'us_bank_transfer', us_bank_transfer: { reference: null, reference_status: null } },
    metadata: about,
    payment_intent: charge.payment_intent,
    payment_method: typeof charge.payment_method === 'string' ? charge.payment_method : null,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: isCard ? 'succeeded' : 'pending',
    transfer_reversal: null,
  } as KeptRefund);
  const refunded = charge.amount_refunded + amount;
  const after = desk.save<KeptCharge>({ ...charge, amount_refunded: refunded, refunded: refunded >= charge.amount });
  desk.emit('refund.created', made);
  desk.emit('charge.refunded', after, { amount_refunded: charge.amount_refunded, refunded: charge.refunded });
  const conduct = typeof charge.payment_method === 'string' ? conductOf(desk, charge.payment_method) : undefined;
  if (conduct && 'card' in conduct && conduct.card.kind === 'refund-fails') desk.later(0, 'refund-fails', id);
  else if (!isCard) desk.later(DEBIT_TAKES_MS, 'refund-arrives', id);
  return made;
}

/** The bank could not pay it out: the money comes back to the account. */
export function failRefund(desk: Desk, id: string): void {
  const failing = desk.find<Stripe.Refund>(id) as KeptRefund | undefined;
  if (!failing || failing.status === 'failed') return;
  const charge = theCharge(desk, failing.charge);
  const back = book(desk, {
    type: 'refund_failure',
    category: 'refund_failure',
    amount: failing.amount,
    currency: failing.currency,
    source: id,
  });
  const failed = desk.save<KeptRefund>({
    ...failing,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction: back.id,
  });
  desk.save<KeptCharge>({ ...charge, amount_refunded: charge.amount_refunded - failing.amount, refunded: false });
  desk.emit('refund.updated', failed);
  desk.emit('refund.failed', failed);
}
export function arriveRefund(desk: Desk, id: string): void {
  const pending = desk.find<Stripe.Refund>(id) as KeptRefund | undefined;
  if (pending?.status !== 'pending') return;
  desk.emit('refund.updated', desk.save<KeptRefund>({ ...pending, status: 'succeeded' }));
}

const DISPUTE_FEE = 1_500;
const EVIDENCE_DAYS = 9;

/** A card's owner objects, or a bank takes a debit back: the money goes at once, and whose it is is settled later. */
export function dispute(desk: Desk, charge: KeptCharge, reason: string): void {
  const isCard = charge.payment_method_details?.type === 'card';
  const id = desk.newId('du');
  const amount = charge.amount_captured - charge.amount_refunded;
  const withdrawal = book(desk, {
    type: 'adjustment',
    category: 'dispute',
    amount: -amount,
    currency: charge.currency,
    source: id,
    description: 'Chargeback withdrawal',
    ...(isCard && {
      feeDetails: [
        { amount: DISPUTE_FEE, application: null, currency: charge.currency, description: 'Dispute fee', type: 'stripe_fee' },
      ],
    }),
  });
  const opened = desk.save<KeptDispute>({
    id,
    object: 'dispute',
    amount,
    balance_transactions: [withdrawal],
    charge: charge.id,
    created: desk.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {} as Stripe.Dispute.Evidence,
    evidence_details: {
      due_by: isCard ? desk.now() + EVIDENCE_DAYS * 86_400 : null,
      enhanced_eligibility: {},
      has_evidence: false,
      submission_method: 'not_submitted',
      past_due: false,
      submission_count: 0,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    // A debit that was taken back cannot be argued about.
    status: isCard ? 'needs_response' : 'lost',
  } as KeptDispute);
  desk.save<KeptCharge>({ ...charge, disputed: true });
  desk.emit('charge.dispute.created', opened);
  desk.emit('charge.dispute.funds_withdrawn', opened);
  if (!isCard) desk.emit('charge.dispute.closed', opened);
}

function settleDispute(desk: Desk, opened: KeptDispute, won: boolean): KeptDispute {
  const settled = desk.save<KeptDispute>({ ...opened, status: won ? 'won' : 'lost' });
  if (won) {
    const back = book(desk, {
      type: 'adjustment',
      category: 'dispute_reversal',
      amount: opened.amount,
      currency: opened.currency,
      source: opened.id,
      description: 'Chargeback reversal',
    });
    const whole = desk.save<KeptDispute>({ ...settled, balance_transactions: [...settled.balance_transactions, back] });
    desk.emit('charge.dispute.funds_reinstated', whole);
  }
  desk.emit('charge.dispute.closed', settled);
  return settled;
}
export function concludeDispute(desk: Desk, id: string): void {
  const opened = desk.find<Stripe.Dispute>(id) as KeptDispute | undefined;
  if (opened?.status !== 'under_review') return;
  // Stripe's rule for tests: evidence that says so wins.
  settleDispute(desk, opened, opened.evidence.uncategorized_text === 'winning_evidence');
}

const listOf = <T extends { id: string; created: number }>(
  desk: Desk,
  object: string,
  url: string,
  params: Parameters<typeof pageOf>[2] & { created?: Parameters<typeof inRange>[1]; expand?: string[] | undefined },
  fits: (one: T) => boolean,
): object =>
  expanded(
    desk,
    pageOf(
      desk.list<T>(object).filter((one) => inRange(one.created, params.created) && fits(one)),
      url,
      params,
    ),
    params.expand,
  ) as object;

const By = { ...paging, created: range(), charge: text().optional(), payment_intent: text().optional() };

export const chargeOperations: readonly Operation[] = [
  operation(
    'GET',
    '/v1/charges/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, theCharge(desk, id), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/charges',
    z.strictObject({ ...paging, created: range(), customer: text().optional(), payment_intent: text().optional() }),
    (desk, params) =>
      listOf<Kept<KeptCharge>>(
        desk,
        'charge',
        '/v1/charges',
        params,
        ({ customer, payment_intent: intent }) =>
          (params.customer === undefined || customer === params.customer) &&
          (params.payment_intent === undefined || intent === params.payment_intent),
      ),
  ),
  operation(
    'POST',
    '/v1/refunds',
    z.strictObject({
      charge: text().optional(),
      payment_intent: text().optional(),
      amount: int().optional(),
      reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer').optional(),
      refund_application_fee: flag().optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, params) => {
      const charge = chargeToRefund(desk, params);
      if (charge.status !== 'succeeded' || !charge.captured)
        throw refused(`Charge ${charge.id} cannot be refunded because it has not succeeded.`, { code: 'charge_not_refundable' });
      if (charge.disputed)
        throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
      if (charge.refunded) throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
      const left = charge.amount_captured - charge.amount_refunded;
      const amount = params.amount ?? left;
      if (amount < 1)
        throw refused('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param: 'amount' });
      if (amount > left)
        throw refused(
          `Refund amount (${dollars(amount, charge.currency)}) is greater than unrefunded amount on charge (${dollars(left, charge.currency)})`,
          { param: 'amount' },
        );
      return expanded(desk, refund(desk, charge, amount, params.reason ?? null, params.metadata ?? {}), params.expand) as object;
    },
  ),
  operation(
    'GET',
    '/v1/refunds/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'refund'), params.expand) as object,
  ),
  operation('GET', '/v1/refunds', z.strictObject(By), (desk, params) =>
    listOf<KeptRefund>(
      desk,
      'refund',
      '/v1/refunds',
      params,
      ({ charge, payment_intent: intent }) =>
        (params.charge === undefined || charge === params.charge) &&
        (params.payment_intent === undefined || intent === params.payment_intent),
    ),
  ),
  operation(
    'GET',
    '/v1/disputes/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'dispute'), params.expand) as object,
  ),
  operation('GET', '/v1/disputes', z.strictObject(By), (desk, params) =>
    listOf<KeptDispute>(
      desk,
      'dispute',
      '/v1/disputes',
      params,
      ({ charge }) => params.charge === undefined || charge === params.charge,
    ),
  ),
  operation(
    'POST',
    '/v1/disputes/:id',
    z.strictObject({
      evidence: z.strictObject({ uncategorized_text: text().optional(), service_date: text().optional() }).optional(),
      submit: flag().optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, params, { id }) => {
      const opened = desk.get<Stripe.Dispute>(id, 'dispute') as KeptDispute;
      if (opened.status !== 'needs_response') throw refused('This dispute is already closed.', { code: 'dispute_closed' });
      const changed = desk.save<KeptDispute>({
        ...opened,
        evidence: { ...opened.evidence, ...params.evidence } as Stripe.Dispute.Evidence,
        metadata: mergedMetadata(opened.metadata, params.metadata),
        ...(params.submit !== false && { status: 'under_review' as const }),
      });
      desk.emit('charge.dispute.updated', changed);
      if (params.submit !== false) desk.later(DEBIT_TAKES_MS, 'dispute-concludes', id);
      return changed;
    },
  ),
  operation('POST', '/v1/disputes/:id/close', z.strictObject({ expand: expand() }), (desk, _, { id }) =>
    settleDispute(desk, desk.get<Stripe.Dispute>(id, 'dispute') as KeptDispute, false),
  ),
];
