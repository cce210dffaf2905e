import { describe, expect, test } from 'vitest';
import { kindOf } from './courier.ts';

const failure = (name: string, more: object): Error => Object.assign(new Error(name), { name, ...more });
const http = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe('kindOf', () => {
  test.each([
    { error: failure('MessageRejected', http(400)), expected: 'refused', because: 'it will never be taken' },
    { error: failure('TooManyRequestsException', http(429)), expected: 'busy', because: 'it was turned away' },
    { error: failure('AccessDeniedException', http(403)), expected: 'busy', because: 'whoever runs it can mend that' },
    { error: failure('InternalServerError', http(500)), expected: 'in-doubt', because: 'it may have been sent' },
    { error: failure('TimeoutError', {}), expected: 'in-doubt', because: 'no answer came' },
    {
      error: failure('Error', { code: 'ECONNRESET' }),
      expected: 'in-doubt',
      because: 'the line broke, perhaps after it was taken',
    },
    { error: failure('Error', { code: 'ECONNREFUSED' }), expected: 'busy', because: 'nobody was there to take it' },
    {
      error: failure('ConflictException', { ...http(409), Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }),
      expected: 'opted-out',
      because: 'the number has said stop',
    },
    { error: 'nonsense', expected: 'in-doubt', because: 'nothing is known' },
  ])('$expected: $because', ({ error, expected }) => {
    expect(kindOf(error)).toBe(expected);
  });
});
