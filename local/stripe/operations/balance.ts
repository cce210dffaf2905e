import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, paging, range, text } from '../params.ts';
import { type KeptAccount, theAccount } from './accounts.ts';
import { book, type KeptTransaction, PAYOUT_TAKES_MS } from './money.ts';

const paidOutIn = (desk: Desk, transaction: string): string | undefined => desk.store.fact(`payout:${transaction}`);

export function becomeAvailable(desk: Desk, id: string): void {
  const waiting = desk.find<Stripe.BalanceTransaction>(id);
  if (waiting) desk.save({ ...waiting, status: 'available' });
}

/** Once a day what is available leaves for the clinic's bank, in one payout. */
export function payOut(desk: Desk): void {
  if (!theAccount(desk, desk.account).payouts_enabled) return;
  const leaving = desk
    .list<Stripe.BalanceTransaction>('balance_transaction')
    .filter(({ id, status, type }) => status === 'available' && type !== 'payout' && paidOutIn(desk, id) === undefined);
  const [first] = leaving;
  const amount = leaving.reduce((sum, { net }) => sum + net, 0);
  if (!first || amount <= 0) return;
  const id = desk.newId('po');
  const transaction = book(desk, {
    type: 'payout',
    category: 'payout',
    amount: -amount,
    currency: first.currency,
    source: id,
    description: 'STRIPE PAYOUT',
  });
  for (const one of leaving) desk.store.setFact(`payout:${one.id}`, id);
  desk.store.setFact(`payout:${transaction.id}`, id);
  const payout = desk.save<Kept<Stripe.Payout>>({
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: Math.floor((desk.nowMs() + PAYOUT_TAKES_MS) / 1_000),
    automatic: true,
    balance_transaction: transaction.id,
    created: desk.now(),
    currency: first.currency,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'in_transit',
    trace_id: null,
    type: 'bank_account',
  });
  desk.emit('payout.created', payout);
  desk.later(PAYOUT_TAKES_MS, 'payout-arrives', id);
}

export function payoutArrives(desk: Desk, id: string): void {
  const leaving = desk.find<Stripe.Payout>(id);
  if (leaving?.status !== 'in_transit') return;
  if (desk.store.fact(bankOf(desk.account)) === 'closed') {
    comesBack(desk, leaving);
    return;
  }
  const paid = desk.save<Kept<Stripe.Payout>>({ ...leaving, status: 'paid', reconciliation_status: 'completed' });
  desk.emit('payout.paid', paid);
  desk.emit('payout.reconciliation_completed', paid);
}

/** Whether the clinic's bank account takes money: said where it is onboarded. */
export const bankOf = (account: string): string => `bank:${account}`;

/** The bank has sent it back: it is in the balance again, and nothing more leaves until the clinic has named another account. */
function comesBack(desk: Desk, leaving: Kept<Stripe.Payout>): void {
  const { id, amount, currency } = leaving;
  const back = book(desk, { type: 'payout_failure', category: 'payout_reversal', amount, currency, source: id });
  const failed = desk.save<Kept<Stripe.Payout>>({
    ...leaving,
    status: 'failed',
    failure_balance_transaction: back.id,
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    reconciliation_status: 'completed',
  });
  desk.emit('payout.failed', failed);
  const account = desk.of('').save<KeptAccount>({ ...theAccount(desk, desk.account), payouts_enabled: false });
  desk.emit('account.updated', account);
}

export const balanceOperations: readonly Operation[] = [
  operation('GET', '/v1/balance', z.strictObject({ expand: expand() }), (desk) => {
    const open = desk
      .list<Stripe.BalanceTransaction>('balance_transaction')
      .filter(({ id, type }) => type !== 'payout' && paidOutIn(desk, id) === undefined);
    const sum = (status: string): number =>
      open.filter((one) => one.status === status).reduce((total, { net }) => total + net, 0);
    const line = (amount: number) => [{ amount, currency: 'usd', source_types: { card: amount } }];
    return { object: 'balance', available: line(sum('available')), livemode: false, pending: line(sum('pending')) };
  }),
  operation(
    'GET',
    '/v1/balance_transactions/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'balance_transaction'), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/balance_transactions',
    z.strictObject({
      ...paging,
      created: range(),
      currency: text().optional(),
      payout: text().optional(),
      source: text().optional(),
      type: text().optional(),
    }),
    (desk, params) =>
      expanded(
        desk,
        pageOf(
          (desk.list<Stripe.BalanceTransaction>('balance_transaction') as KeptTransaction[]).filter(
            ({ id, created, source, type }) =>
              inRange(created, params.created) &&
              (params.source === undefined || source === params.source) &&
              (params.type === undefined || type === params.type) &&
              (params.payout === undefined || paidOutIn(desk, id) === params.payout),
          ),
          '/v1/balance_transactions',
          params,
        ),
        params.expand,
      ) as object,
  ),
  operation(
    'GET',
    '/v1/payouts/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'payout'), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/payouts',
    z.strictObject({ ...paging, created: range(), arrival_date: range(), status: text().optional() }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.Payout>('payout')
          .filter(
            ({ created, arrival_date: arrival, status }) =>
              inRange(created, params.created) &&
              inRange(arrival, params.arrival_date) &&
              (params.status === undefined || status === params.status),
          ),
        '/v1/payouts',
        params,
      ),
  ),
];
