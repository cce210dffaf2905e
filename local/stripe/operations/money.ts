import type Stripe from 'stripe';
import { digitsOf } from '../../../schemas/money.ts';
import type { Desk, Kept } from '../desk.ts';

const DAY_MS = 86_400_000;
/** Between a charge and its money on the account; Stripe's default in the United States is two days. */
export const AVAILABLE_AFTER_MS = 2 * DAY_MS;
/** A debit takes about four business days. */
export const DEBIT_TAKES_MS = 4 * DAY_MS;
/** A payout leaves with the next day and is there a day later. */
export const PAYOUT_TAKES_MS = DAY_MS;

export type KeptTransaction = Kept<Stripe.BalanceTransaction>;

interface Booking {
  readonly type: Stripe.BalanceTransaction['type'];
  readonly category: string;
  /** Smallest unit of the currency; what goes out is negative. */
  readonly amount: number;
  readonly currency: string;
  readonly source: string;
  readonly description?: string | null;
  readonly feeDetails?: Stripe.BalanceTransaction['fee_details'];
  readonly availableAfterMs?: number;
}

/** One line of the account's balance. Its net is its amount less its fees, to the cent. */
export function book(
  desk: Desk,
  { type, category, amount, currency, source, description, feeDetails = [], availableAfterMs }: Booking,
): KeptTransaction {
  const fee = feeDetails.reduce((sum, one) => sum + one.amount, 0);
  const waits = availableAfterMs ?? 0;
  const transaction: KeptTransaction = {
    id: desk.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: Math.floor((desk.nowMs() + waits) / 1_000),
    balance_type: 'payments',
    created: desk.now(),
    currency,
    description: description ?? null,
    exchange_rate: null,
    fee,
    fee_details: feeDetails,
    net: amount - fee,
    reporting_category: category,
    source,
    status: waits > 0 ? 'pending' : 'available',
    type,
  };
  if (waits > 0) desk.later(waits, 'available', transaction.id);
  return desk.save(transaction);
}

/** List prices of Stripe in the United States: 2.9 % and 30 cents by card, 0.8 % up to $5 by bank account. */
export const feeOf = (amount: number, type: string): number =>
  type === 'card' ? Math.round(amount * 0.029) + 30 : Math.min(500, Math.round(amount * 0.008));

export const feeDetails = (
  amount: number,
  type: string,
  { currency, applicationFee }: { readonly currency: string; readonly applicationFee: number },
): Stripe.BalanceTransaction['fee_details'] => [
  { amount: feeOf(amount, type), application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' },
  ...(applicationFee > 0
    ? [{ amount: applicationFee, application: null, currency, description: 'Application fee', type: 'application_fee' }]
    : []),
];

export const dollars = (amount: number, currency: string): string =>
  currency === 'usd' ? `$${(amount / 100).toFixed(2)}` : `${written(amount, currency)} ${currency}`;
const written = (amount: number, currency: string): string => {
  const digits = digitsOf(currency.toUpperCase());
  return (amount / 10 ** digits).toFixed(digits);
};
