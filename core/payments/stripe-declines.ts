import type { Decline } from '../../schemas/task-texts.ts';

/**
 * Stripe's decline codes (docs.stripe.com/declines/codes) and failure codes of bank debits, by what the desk does next. What Stripe says to
 * show as a plain decline (lost, stolen, suspected, restricted cards) stands in no list: whatever is not named here was declined.
 */
const CODES: Readonly<Partial<Record<Decline, readonly string[]>>> = {
  'no-money': ['insufficient_funds'],
  'over-limit': ['card_velocity_exceeded', 'withdrawal_count_limit_exceeded', 'invalid_amount', 'amount_too_large'],
  expired: ['expired_card'],
  'wrong-details': [
    'incorrect_address',
    'incorrect_cvc',
    'incorrect_number',
    'incorrect_pin',
    'incorrect_zip',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'invalid_number',
    'invalid_pin',
  ],
  'needs-owner': [
    'authentication_required',
    'mobile_device_authentication_required',
    'offline_pin_required',
    'online_or_offline_pin_required',
    'payment_intent_authentication_failure',
  ],
  'not-supported': ['card_not_supported', 'currency_not_supported'],
  'try-again': ['approve_with_id', 'issuer_not_available', 'processing_error', 'reenter_transaction', 'try_again_later'],
  duplicate: ['duplicate_transaction'],
  'account-closed': ['account_closed', 'no_account', 'invalid_account_number', 'bank_account_unusable', 'bank_account_declined'],
  'not-allowed': [
    'debit_not_authorized',
    'bank_account_restricted',
    'bank_ownership_changed',
    'revocation_of_all_authorizations',
    'revocation_of_authorization',
    'stop_payment_order',
    'refer_to_customer',
  ],
};
const BY_CODE = new Map(
  Object.entries(CODES).flatMap(([decline, codes]) => codes.map((code) => [code, decline as Decline] as const)),
);

/** The more exact of the two is Stripe's `decline_code`. */
export const declineOf = (error: { readonly code?: string | undefined; readonly decline_code?: string | undefined }): Decline =>
  BY_CODE.get(error.decline_code ?? '') ?? (error.decline_code ? undefined : BY_CODE.get(error.code ?? '')) ?? 'declined';
