import { describe, expect, test } from 'vitest';
import { chosenName, initials, nameText } from './names.ts';

describe('a name is written as its owner writes it', () => {
  test.each([
    { name: { given: ['Ana', 'María'], family: 'García López' }, text: 'Ana María García López', because: 'given before family' },
    { name: { given: ['花子'], family: '山田' }, text: '山田花子', because: 'Japanese: family first, no space' },
    { name: { given: ['민준'], family: '김' }, text: '김민준', because: 'Korean likewise' },
    { name: { given: ['Hanako'], family: '山田' }, text: 'Hanako 山田', because: 'mixed scripts are no East Asian order' },
    {
      name: { text: 'Nguyễn Văn A', given: ['A'], family: 'Nguyễn' },
      text: 'Nguyễn Văn A',
      because: 'the whole text outranks the parts',
    },
    { name: { given: ['Martin'], family: 'King', suffix: ['Jr.'] }, text: 'Martin King Jr.', because: 'a suffix comes last' },
    { name: { family: 'محمد' }, text: 'محمد', because: 'one part is a name' },
    { name: {}, text: undefined, because: 'nothing was written' },
  ])('$text: $because', ({ name, text }) => expect(nameText(name)).toBe(text));
});

test('the official name is shown, not an old or ended one', () => {
  const names = [
    { use: 'old' as const, family: 'Gone' },
    { use: 'maiden' as const, family: 'Maiden' },
    { use: 'usual' as const, family: 'Usual' },
    { use: 'official' as const, family: 'Official' },
  ];
  expect(chosenName(names)?.family).toBe('Official');
  expect(chosenName(names.slice(0, 3))?.family).toBe('Usual');
  expect(chosenName([{ family: 'Before', period: { end: '2020' } }, { family: 'Now' }])?.family).toBe('Now');
  expect(chosenName(names.slice(0, 1))?.family).toBe('Gone');
  expect(chosenName(undefined)).toBeUndefined();
});

test.each([
  ['Ana María García', 'AG'],
  ['山田花子', '山田'],
  ['Plato', 'P'],
  ['Martin King Jr.', 'MK'],
  ['Robert Hale III', 'RH'],
  ['Ada Osei, MD, PhD', 'AO'],
  ['Maria Do', 'MD'],
  ['élodie ångström', 'ÉÅ'],
  ['', '?'],
])('the initials of "%s" are %s', (name, letters) => expect(initials(name)).toBe(letters));
