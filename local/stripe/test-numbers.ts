/** Stripe's published test numbers (docs.stripe.com/testing) and what each of them does. */
export type CardConduct =
  | { readonly kind: 'pays' }
  | {
      readonly kind: 'declines';
      readonly code: string;
      readonly decline: string;
      readonly message: string;
      readonly attaches: boolean;
    }
  /** Asks for 3-D Secure: always, or only until it has been set up. After it the card pays, or declines. */
  | { readonly kind: 'challenges'; readonly always: boolean; readonly after: 'pays' | 'insufficient' }
  | { readonly kind: 'pays-then-disputed'; readonly reason: 'fraudulent' | 'product_not_received' }
  | { readonly kind: 'refund-fails' };
export interface TestCard {
  readonly brand: 'visa' | 'mastercard' | 'amex';
  readonly funding: 'credit' | 'debit';
  readonly conduct: CardConduct;
}

const declines = (decline: string, message: string, code = 'card_declined', attaches = false): CardConduct => ({
  kind: 'declines',
  code,
  decline,
  message,
  attaches,
});
const INSUFFICIENT = 'Your card has insufficient funds.';
const visa = (conduct: CardConduct, funding: TestCard['funding'] = 'credit'): TestCard => ({ brand: 'visa', funding, conduct });
const PAYS: CardConduct = { kind: 'pays' };

export const CARDS: Readonly<Record<string, TestCard>> = {
  '4242424242424242': visa(PAYS),
  '4000056655665556': visa(PAYS, 'debit'),
  '5555555555554444': { brand: 'mastercard', funding: 'credit', conduct: PAYS },
  '378282246310005': { brand: 'amex', funding: 'credit', conduct: PAYS },
  '4000000000000002': visa(declines('generic_decline', 'Your card was declined.')),
  '4000000000009995': visa(declines('insufficient_funds', INSUFFICIENT)),
  '4000000000009987': visa(declines('lost_card', 'Your card was declined.')),
  '4000000000009979': visa(declines('stolen_card', 'Your card was declined.')),
  '4000000000000069': visa(declines('expired_card', 'Your card has expired.', 'expired_card')),
  '4000000000000127': visa(declines('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc')),
  '4000000000000119': visa(
    declines('processing_error', 'An error occurred while processing your card. Try again in a little bit.', 'processing_error'),
  ),
  /** Can be saved, and is declined when it is charged. */
  '4000000000000341': visa(declines('generic_decline', 'Your card was declined.', 'card_declined', true)),
  '4000002500003155': visa({ kind: 'challenges', always: false, after: 'pays' }),
  '4000002760003184': visa({ kind: 'challenges', always: true, after: 'pays' }),
  '4000000000003220': visa({ kind: 'challenges', always: true, after: 'pays' }),
  '4000008260003178': visa({ kind: 'challenges', always: true, after: 'insufficient' }),
  '4000000000000259': visa({ kind: 'pays-then-disputed', reason: 'fraudulent' }),
  '4000000000002685': visa({ kind: 'pays-then-disputed', reason: 'product_not_received' }),
  '4000000000005126': visa({ kind: 'refund-fails' }),
};

/** The tokens by which an API request may name a test card. */
export const CARD_TOKENS: Readonly<Record<string, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_visa_debit: '4000056655665556',
  pm_card_mastercard: '5555555555554444',
  pm_card_amex: '378282246310005',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
  pm_card_chargeCustomerFail: '4000000000000341',
  pm_card_authenticationRequired: '4000002760003184',
  pm_card_authenticationRequiredOnSetup: '4000002500003155',
  pm_card_createDispute: '4000000000000259',
  pm_card_createDisputeProductNotReceived: '4000000000002685',
  pm_card_refundFail: '4000000000005126',
};

/** What becomes of a debit from a test bank account, some days later. */
export type BankConduct =
  | 'pays'
  | 'account_closed'
  | 'no_account'
  | 'insufficient_funds'
  | 'debit_not_authorized'
  | 'disputed'
  | 'stays';
export const TEST_ROUTING = '110000000';
export const BANK_ACCOUNTS: Readonly<Record<string, BankConduct>> = {
  '000123456789': 'pays',
  '000111111113': 'account_closed',
  '000111111116': 'no_account',
  '000222222227': 'insufficient_funds',
  '000333333335': 'debit_not_authorized',
  '000555555559': 'disputed',
  '000000000009': 'stays',
};
export const BANK_TOKENS: Readonly<Record<string, string>> = {
  pm_usBankAccount_success: '000123456789',
  pm_usBankAccount: '000123456789',
  pm_usBankAccount_accountClosed: '000111111113',
  pm_usBankAccount_noAccount: '000111111116',
  pm_usBankAccount_insufficientFunds: '000222222227',
  pm_usBankAccount_debitNotAuthorized: '000333333335',
  pm_usBankAccount_dispute: '000555555559',
  pm_usBankAccount_processing: '000000000009',
};

/** The check digit of a card number. */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  for (const [at, digit] of [...number].toReversed().entries()) {
    const doubled = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return /^\d{12,19}$/.test(number) && sum % 10 === 0;
}

/** Smallest amount of a charge, in the currency's smallest unit (docs.stripe.com/currencies). */
const MINIMUM: Readonly<Record<string, number>> = {
  usd: 50,
  cad: 50,
  aud: 50,
  eur: 50,
  gbp: 30,
  chf: 50,
  jpy: 50,
  mxn: 1000,
  nzd: 50,
  inr: 50,
  // Where Stripe names none it is about half a dollar.
  ars: 750_00,
  clp: 500,
  cop: 2_000_00,
  pen: 2_00,
};
export const CURRENCIES: readonly string[] = Object.keys(MINIMUM);
export const minimumOf = (currency: string): number => MINIMUM[currency] ?? 0;
export const MOST_AMOUNT = 99_999_999;
