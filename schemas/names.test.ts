import fc from 'fast-check';
import type { HumanName } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { chosenName, nameText, personName, titledName } from './names.ts';

describe('a name is written as its owner writes it', () => {
  test.each([
    { name: { given: ['Ana', 'María'], family: 'García López' }, text: 'Ana María García López', because: 'given before family' },
    { name: { given: ['花子'], family: '山田' }, text: '山田花子', because: 'Japanese: family first, no space' },
    { name: { given: ['民雄'], family: '佐々木' }, text: '佐々木民雄', because: 'a repeated sign is Han too' },
    { name: { given: ['민준'], family: '김' }, text: '김민준', because: 'Korean likewise' },
    { name: { given: ['小', '明'], family: '王' }, text: '王小明', because: 'Chinese likewise, also of two given names' },
    { name: { given: ['Hanako'], family: '山田' }, text: 'Hanako 山田', because: 'mixed scripts are no East Asian order' },
    {
      name: { text: 'Nguyễn Văn A', given: ['A'], family: 'Nguyễn' },
      text: 'Nguyễn Văn A',
      because: 'the whole text outranks the parts',
    },
    { name: { text: '  ', given: ['Ada'] }, text: 'Ada', because: 'an empty text does not' },
    { name: { given: ['Martin'], family: 'King', suffix: ['Jr.'] }, text: 'Martin King Jr.', because: 'a suffix comes last' },
    { name: { family: 'محمد' }, text: 'محمد', because: 'one part is a name' },
    { name: { given: ['', 'Ada '], family: ' ' }, text: 'Ada', because: 'empty parts leave no gaps' },
    { name: { given: ['علی\u200Cرضا'], family: 'رضایی' }, text: 'علی\u200Cرضا رضایی', because: 'a joiner is spelling' },
    { name: { text: '\u202Eada\u202C Osei\n' }, text: 'ada Osei', because: 'no name turns round what stands beside it' },
    { name: { prefix: ['Dr.'], suffix: ['MD'] }, text: undefined, because: 'a title alone is no name' },
    { name: {}, text: undefined, because: 'nothing was written' },
  ])('$text: $because', ({ name, text }) => expect(nameText(name)).toBe(text));
});

test.each([
  { name: { prefix: ['Dr.'], given: ['Elena'], family: 'Ruiz' }, text: 'Dr. Elena Ruiz' },
  { name: { prefix: ['Dr.'], given: ['花子'], family: '山田' }, text: 'Dr. 山田花子' },
  { name: { text: 'Elena Ruiz, MD', prefix: ['Dr.'], family: 'Ruiz' }, text: 'Elena Ruiz, MD' },
  { name: { prefix: ['Dr.'] }, text: undefined },
])('with its title it is "$text"', ({ name, text }) => expect(titledName(name)).toBe(text));

test('the official name is used, not an old or ended one', () => {
  const names: HumanName[] = [
    { use: 'old', family: 'Gone' },
    { use: 'maiden', family: 'Maiden' },
    { use: 'usual', family: 'Usual' },
    { use: 'official', family: 'Official' },
  ];
  expect(personName(names)).toBe('Official');
  expect(personName(names.slice(0, 3))).toBe('Usual');
  expect(personName(names.slice(0, 1))).toBe('Gone');
  expect(personName(undefined)).toBeUndefined();
});

test.each([
  ['2020', 'Now'],
  ['2026-11-25', 'Now'],
  ['2026-11-26', 'Before'],
  ['2026', 'Before'],
  ['2031-01-01T00:00:00Z', 'Before'],
])('a name that is used until %s: on 26 November 2026 it is "%s"', (end, family) => {
  expect(chosenName([{ family: 'Before', period: { end } }, { family: 'Now' }], '2026-11-26T08:00:00Z')?.family).toBe(family);
});

const part = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('山田', '花子', '김', 'María', 'محمد', 'Ωμέγα', 'İpek', '', ' ', '\u202E', '\u2067x', '\u0000', 'a\r\nBcc: b'),
);
const humanName: fc.Arbitrary<HumanName> = fc.record(
  {
    text: part,
    family: part,
    given: fc.array(part, { maxLength: 3 }),
    prefix: fc.array(part, { maxLength: 1 }),
    suffix: fc.array(part, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

/** What can be seen of a text. */
const visible = (text = ''): string => text.replace(/[\p{Cc}\s\u202A-\u202E\u2066-\u2069]/gu, '');

test('whatever was written: one line, nothing that turns its neighbours round, no part lost', () => {
  fc.assert(
    fc.property(humanName, (name) => {
      const whole = visible(name.text);
      const parts = whole ? [whole] : [name.family, ...(name.given ?? [])].map(visible).filter(Boolean);
      const text = nameText(name);
      expect(text === undefined).toBe(parts.length === 0);
      if (text === undefined) return;
      for (const one of parts) expect(visible(text)).toContain(one);
      expect(text).not.toMatch(/^\s|\s$|\s\s|[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/u);
      expect(nameText({ text })).toBe(text);
      expect(titledName(name)?.endsWith(text)).toBe(true);
    }),
  );
});
