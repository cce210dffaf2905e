import type { PaymentMethod, Progress } from '../../schemas/billing.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { Decline } from '../../schemas/task-texts.ts';

/*
 * One interface in front of whoever moves a patient's money. Stripe stands behind it now. Not behind it, and why:
 *
 * PayPal: Stripe offers it to businesses in Europe only, so elsewhere it needs PayPal's own Orders API v2. `beginCheckout` would create an
 *   order with `custom_id` = the attempt and `PayPal-Request-Id` = the attempt, and send the person to its `approve` link; `paymentOf` reads
 *   the order and captures it; `refund` is POST /v2/payments/captures/{id}/refund; `booked` reads the Transaction Search API, which
 *   lags by up to three hours, so a nightly look compares the day before. It signs no agreement about health data either: ids only.
 * Skrill: its Quick Checkout takes a form with a merchant e-mail and `transaction_id` = the attempt, and tells the outcome by a status
 *   URL signed with MD5, which would have to be asked for again (MQI) before it is believed. It serves no US clinic. Off.
 *
 * An adapter is on when its clinic has connected an account (`PaymentAccount`); there is no other switch.
 */

export interface CheckoutOrder {
  /** The attempt's id: the processor's key against doing it twice. */
  readonly attempt: string;
  readonly tenant: TenantId;
  readonly invoice: string;
  readonly cents: number;
  readonly currency: string;
  /** Where the person comes back to: addresses of ours, made of ids. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** The processor's own id of the payer, who has saved cards or accounts there. */
  readonly payer?: string;
}

export type SavedCharge = Omit<CheckoutOrder, 'successUrl' | 'cancelUrl'> & { readonly payer: string; readonly method: string };

/** How a payment stands at the processor at this moment. */
export interface PaymentState {
  readonly progress: Progress;
  readonly cents: number;
  /** The processor's id of what moved the money: what its books and our ledger are compared by. */
  readonly processor?: string;
  readonly method?: PaymentMethod;
  /** Brand and last four digits. */
  readonly instrument?: string;
  /** Why it failed. */
  readonly decline?: Decline;
}

/** A saved card or bank account: never more than its brand and last four digits. */
export interface SavedMethod {
  readonly id: string;
  readonly method: PaymentMethod;
  readonly instrument: string;
}

/** One line of the processor's books. */
export interface Booked {
  readonly source: string;
  /** What it did to the clinic's money before fees: a payment adds. */
  readonly cents: number;
  /** UTC instant. */
  readonly at: string;
}
export interface Payout {
  readonly id: string;
  readonly cents: number;
  readonly currency: string;
  readonly state: 'on-its-way' | 'paid' | 'failed';
  /** yyyy-mm-dd, when the bank has it. */
  readonly arrives: string;
}
export interface AccountState {
  /** Whether patients can pay by card now. */
  readonly takesPayments: boolean;
  readonly paysOut: boolean;
  /** The processor still asks the clinic for something. */
  readonly asks: boolean;
}

export interface PaymentWay {
  readonly name: 'stripe' | 'paypal' | 'skrill';
  openAccount(id: FhirId, country: string): Promise<string>;
  onboardingUrl(account: string, urls: { readonly back: string; readonly again: string }): Promise<string>;
  accountState(account: string): Promise<AccountState>;
  beginCheckout(account: string, order: CheckoutOrder): Promise<{ readonly processor: string; readonly url: string }>;
  /** The page of a checkout that is still open. */
  checkoutUrl(account: string, processor: string): Promise<string | undefined>;
  /** Closes a checkout: nobody pays on it any more. */
  expire(account: string, processor: string): Promise<void>;
  paymentOf(account: string, processor: string): Promise<PaymentState>;
  refund(
    account: string,
    order: { readonly attempt: string; readonly tenant: TenantId; readonly charge: string; readonly cents: number },
  ): Promise<PaymentState>;
  /** A payer at the processor, by the account's id with us and nothing else. */
  openPayer(account: string, id: FhirId): Promise<string>;
  beginSaving(
    account: string,
    order: Pick<CheckoutOrder, 'attempt' | 'tenant' | 'currency' | 'successUrl' | 'cancelUrl'> & { readonly payer: string },
  ): Promise<string>;
  savedMethods(account: string, payer: string): Promise<readonly SavedMethod[]>;
  forget(account: string, method: string): Promise<void>;
  /** Charges a saved method without its owner at the screen. */
  chargeSaved(account: string, order: SavedCharge): Promise<PaymentState>;
  /**
   * What became of a charge whose answer nobody heard. One that the processor has not heard of it never will make: its key is used up.
   * Undefined when it has heard of it and shows none: it is making it at this moment, or failed at it.
   */
  giveUpCharge(account: string, order: SavedCharge): Promise<PaymentState | undefined>;
  booked(account: string, since: Date): Promise<readonly Booked[]>;
  /** The attempt behind a line of the processor's books and how it stands, to heal what we have missed. */
  behind(account: string, source: string): Promise<{ readonly attempt: string; readonly state: PaymentState } | undefined>;
  /** The refund of a charge that an attempt made; undefined when it made none. */
  refundOf(account: string, charge: string, attempt: string): Promise<PaymentState | undefined>;
  payouts(account: string): Promise<readonly Payout[]>;
}
