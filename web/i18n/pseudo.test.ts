import { expect, test } from 'vitest';
import { pseudoCatalogue, pseudoText } from './pseudo.ts';

test('a pseudo text is longer and accented, and keeps its placeholders', () => {
  expect(pseudoText('Call {{name}} at noon')).toBe('[Çáll {{name}} át ñóóñ~~~~~~~]');
});

test('a catalogue keeps its shape', () => {
  expect(pseudoCatalogue({ a: { b: 'x' } })).toEqual({ a: { b: '[x~]' } });
});
