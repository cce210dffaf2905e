import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { openCursor as open, sealCursor } from './cursor.ts';

const State = z.strictObject({ at: z.array(z.union([z.string(), z.null(), z.literal(true)])) });
const openCursor = (binding: readonly unknown[], cursor: string) => open(binding, State, cursor);
const state = { at: ['abc', null, true] };

test('a cursor opens for the search that it was made for', () => {
  expect(openCursor(['search', 'oak', ['name=a']], sealCursor(['search', 'oak', ['name=a']], state))).toEqual(state);
});
test.each([
  { binding: ['search', 'oak-hill', ['name=a']], because: 'another tenant' },
  { binding: ['search', 'oak', ['name=ab']], because: 'another search' },
  { binding: ['everything', 'oak', ['name=a']], because: 'another operation' },
])('it is refused by $because', ({ binding }) => {
  expect(() => openCursor(binding, sealCursor(['search', 'oak', ['name=a']], state))).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  );
});
test('a changed or invented cursor is refused, whatever it holds', () => {
  const cursor = sealCursor(['search', 'oak', []], state);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'abcXYZ019-_'), (at, sign) => {
      const changed = cursor.slice(0, at) + sign + cursor.slice(at + 1);
      fc.pre(!Buffer.from(changed, 'base64url').equals(Buffer.from(cursor, 'base64url')));
      expect(() => openCursor(['search', 'oak', []], changed)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => openCursor(['search', 'oak', []], text)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    }),
  );
});
test('a well sealed cursor that holds something else is refused too', () => {
  expect(() => openCursor([], sealCursor([], { at: 5 }))).toThrow(expect.objectContaining({ kind: 'invalid' }));
});
