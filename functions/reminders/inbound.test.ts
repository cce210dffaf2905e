import { describe, expect, test } from 'vitest';
import { wishIn } from './inbound.ts';

describe('wishIn', () => {
  test.each([
    { text: 'STOP', expected: 'no' },
    { text: ' stop. ', expected: 'no' },
    { text: 'Stop please', expected: 'no' },
    { text: 'Opt-out', expected: 'no' },
    { text: 'ALTO', expected: 'no' },
    { text: 'Cancel', expected: 'no' },
    { text: 'Cancel my visit on Friday', expected: undefined },
    { text: 'start', expected: 'yes' },
    { text: 'Yes', expected: 'yes' },
    { text: 'Yes I would like to know', expected: undefined },
    { text: 'Please do not stop', expected: undefined },
    { text: '', expected: undefined },
    { text: '停止', expected: undefined },
  ])('"$text" → $expected', ({ text, expected }) => {
    expect(wishIn(text)).toBe(expected);
  });
});
