import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitEscaped, toPlainText } from './escapes.ts';

test('what was escaped and joined comes back whole', () => {
  const escaped = (text: string): string => text.replace(/[\\,|$]/g, (sign) => `\\${sign}`);
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', ',', '|', '\\', '$', ' ') }), { minLength: 1 }),
      fc.constantFrom(',' as const, '|' as const),
      (texts, separator) => {
        expect(splitEscaped(texts.map(escaped).join(separator), separator).map(toPlainText)).toEqual(texts);
      },
    ),
  );
});
