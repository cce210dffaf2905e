import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, foldedPhone, foldedWords } from './fold.ts';

describe('fold', () => {
  test.each([
    { typed: 'José  GARCÍA ', stored: 'jose garcia', because: 'accents, case and spaces do not count' },
    { typed: 'Straße', stored: 'STRASSE', because: 'ß is ss in capitals' },
    { typed: 'Łukasz Øster', stored: 'lukasz oster', because: 'a stroke is an accent to whoever has no such key' },
    { typed: 'Nguyễn', stored: 'nguyen', because: 'two accents on one letter' },
    { typed: 'ΣΊΣΥΦΟΣ', stored: 'σισυφος', because: 'the final sigma is a sigma' },
    { typed: 'İstanbul', stored: 'istanbul', because: 'the dotted capital i of Turkish' },
    { typed: 'ＴＡＮＡＫＡ', stored: 'tanaka', because: 'full-width letters are letters' },
    { typed: 'ｶﾞ', stored: 'ガ', because: 'half-width kana keep their voicing' },
    { typed: 'مُحَمَّد', stored: 'محمد', because: 'Arabic vowel signs are optional' },
    { typed: 'Алёна', stored: 'алена', because: 'ё is often written е' },
  ])('$typed = $stored: $because', ({ typed, stored }) => {
    expect(fold(typed)).toBe(fold(stored));
  });

  test.each([
    ['कि', 'कु', 'a Devanagari vowel sign is a vowel'],
    ['か', 'が', 'a voiced kana is another sound'],
  ])('%s is not %s: %s', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test('folding twice changes nothing, whatever the character', () => {
    const unstable: string[] = [];
    for (let block = 0; block <= 0x10ffff; block += 0x100) {
      if (block >= 0xd800 && block <= 0xdfff) continue; // surrogates are no characters
      const once = fold(Array.from({ length: 0x100 }, (_, at) => String.fromCodePoint(block + at)).join('.'));
      if (fold(once) !== once) unstable.push(block.toString(16));
    }
    expect(unstable).toEqual([]);
  });

  test('a text and its composed, decomposed, upper and lower forms fold alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'É', 'ß', 'ñ', 'Ø', '김', 'が', 'ё', ' ', 'ﬁ') }), (text) => {
        const folded = fold(text);
        for (const same of [text.normalize('NFC'), text.normalize('NFD'), text.toUpperCase(), text.toLowerCase()])
          expect(fold(same)).toBe(folded);
      }),
    );
  });
});

describe('foldedWords', () => {
  test.each([
    ["O'Brien-García, Ana", ['obrien', 'garcia', 'ana']],
    ['van der Berg', ['van', 'der', 'berg']],
    ['山田 太郎', ['山田', '太郎']],
    ['  ', []],
  ])('%s → %j', (text, words) => {
    expect(foldedWords(text)).toEqual(words);
  });
});

describe('foldedPhone', () => {
  test.each([
    ['+1 (555) 123-4567', '5551234567'],
    ['555.123.4567', '5551234567'],
    ['123-4567', '1234567'],
    ['٥٥٥', undefined],
    ['none', undefined],
  ])('%s → %s', (text, digits) => {
    expect(foldedPhone(text)).toBe(digits);
  });
});
