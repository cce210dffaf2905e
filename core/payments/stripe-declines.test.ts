import { expect, test } from 'vitest';
import { DECLINES } from '../../schemas/task-texts.ts';
import { declineOf } from './stripe-declines.ts';

test.each([
  [{ code: 'card_declined', decline_code: 'insufficient_funds' }, 'no-money'],
  [{ code: 'expired_card' }, 'expired'],
  [{ code: 'insufficient_funds' }, 'no-money'], // of a bank debit
  [{ code: 'debit_not_authorized' }, 'not-allowed'],
  [{ code: 'authentication_required', decline_code: 'authentication_required' }, 'needs-owner'],
  [{ code: 'something_new' }, 'declined'],
  [{}, 'declined'],
] as const)('%o is %s', (error, decline) => {
  expect(declineOf(error)).toBe(decline);
});

test.each([
  'lost_card',
  'stolen_card',
  'fraudulent',
  'pickup_card',
  'restricted_card',
  'security_violation',
  'merchant_blacklist',
])('%s is a plain decline, whatever code stands beside it', (decline_code) => {
  for (const code of ['card_declined', 'expired_card']) expect(declineOf({ code, decline_code })).toBe('declined');
});

test('no text says that a card was lost or stolen, or whom a bank suspects', () => {
  expect(Object.values(DECLINES).join(' ')).not.toMatch(/lost|stolen|fraud|suspect|restrict|blacklist/i);
});
