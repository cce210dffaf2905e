import { describe, expect, test } from 'vitest';
import { hashPassword, newPassword, passwordFaults, passwordMatches } from './passwords.ts';

const policy = { minimumLength: 12, requireLowercase: true, requireUppercase: true, requireNumbers: true, requireSymbols: true };

describe('passwordFaults: 12 characters, small and capital letters, digits, symbols', () => {
  test.each([
    { password: 'Correct-horse-7', faults: [], because: 'it has everything' },
    { password: 'Příliš-žluťoučký-7', faults: [], because: 'letters of any alphabet count' },
    { password: '🐎🐎🐎🐎aA1-', faults: ['too-short'], because: 'a character outside the basic plane is one, not two' },
    { password: 'correct-horse-7', faults: ['no-uppercase'], because: 'there is no capital letter' },
    { password: 'CORRECT-HORSE-7', faults: ['no-lowercase'], because: 'there is no small letter' },
    { password: 'Correct-horse-x', faults: ['no-number'], because: 'there is no digit' },
    { password: 'Correcthorse77', faults: ['no-symbol'], because: 'there is no symbol' },
    { password: ' Correct-horse-7', faults: ['edge-space'], because: 'nobody sees the space that it begins with' },
    { password: `Aa1-${'x'.repeat(253)}`, faults: ['too-long'], because: 'it has 257 characters' },
    {
      password: '',
      faults: ['too-short', 'no-lowercase', 'no-uppercase', 'no-number', 'no-symbol'],
      because: 'all faults are told at once',
    },
  ])('$password → $faults: $because', ({ password, faults }) => {
    expect(passwordFaults(password, policy)).toEqual(faults);
  });

  test('asks for no more than the policy does', () => {
    expect(passwordFaults('abcdef', { minimumLength: 6 })).toEqual([]);
  });
});

describe('hashes', () => {
  test('the same password gives another hash each time, and matches each', async () => {
    const [one, two] = await Promise.all([hashPassword('Correct-horse-7'), hashPassword('Correct-horse-7')]);
    expect(one).not.toBe(two);
    expect(await passwordMatches('Correct-horse-7', one)).toBe(true);
    expect(await passwordMatches('Correct-horse-7', two)).toBe(true);
    expect(await passwordMatches('Correct-horse-8', one)).toBe(false);
  });

  test('an accented letter is the same however the keyboard composes it', async () => {
    expect(await passwordMatches('cafe\u0301-Horse-7', await hashPassword('caf\u00e9-Horse-7'))).toBe(true);
  });

  test('no hash matches nothing, the empty password included', async () => {
    expect(await passwordMatches('', undefined)).toBe(false);
    expect(await passwordMatches('Correct-horse-7', undefined)).toBe(false);
  });
});

test('a made password meets the policy, and no two are the same', () => {
  const made = Array.from({ length: 300 }, newPassword);
  expect(made.flatMap((password) => passwordFaults(password, policy))).toEqual([]);
  expect(new Set(made).size).toBe(300);
});
