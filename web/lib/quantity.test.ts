import { describe, expect, test } from 'vitest';
import { quantityText, unitText, valueText } from './quantity.ts';

const english = { tag: 'en-GB', timeZone: 'UTC' };
const spanish = { tag: 'es-ES', timeZone: 'UTC' };
const words = { yes: 'Yes', no: 'No' };
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ');

describe('a value has its unit, written as people write it', () => {
  test.each([
    { quantity: { value: 142, unit: 'mm[Hg]' }, text: '142 mmHg' },
    { quantity: { value: 37.32, unit: 'Cel' }, text: '37.32 °C' },
    { quantity: { value: 89.4872, unit: 'mg/dL' }, text: '89.49 mg/dL' },
    { quantity: { value: 141.6789, unit: 'mmol/L' }, text: '141.7 mmol/L' },
    { quantity: { value: 98, unit: '%' }, text: '98%' },
    { quantity: { value: 3, unit: '{score}' }, text: '3' },
    { quantity: { value: 5, comparator: '<' as const, unit: 'ug/L' }, text: '< 5 µg/L' },
    { quantity: { value: 0, unit: 'mg/L' }, text: '0 mg/L' },
    { quantity: { value: 12345, code: 'mL' }, text: '12,345 mL' },
    { quantity: { unit: 'mg' }, text: undefined },
  ])('$quantity → $text', ({ quantity, text }) => expect(plain(quantityText(quantity, english))).toBe(text));

  test('numbers follow the locale', () =>
    expect(plain(quantityText({ value: 5.4, unit: 'mmol/L' }, spanish))).toBe('5,4 mmol/L'));
  test('the whole number is there when asked for', () =>
    expect(plain(quantityText({ value: 89.487212, unit: 'mg/dL' }, english, true))).toBe('89.487212 mg/dL'));
  test('a unit without a rule stays as it is', () => expect(unitText('mmol/mol')).toBe('mmol/mol'));
});

describe('a value of any type', () => {
  test.each([
    { from: { valueCodeableConcept: { text: 'Never smoked (finding)' } }, text: 'Never smoked' },
    { from: { valueBoolean: false }, text: 'No' },
    { from: { valueInteger: 0 }, text: '0' },
    { from: { valueString: 'clear' }, text: 'clear' },
    { from: { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }, text: '1 / 128' },
    { from: { valueRange: { low: { value: 2 }, high: { value: 4, unit: 'mg' } } }, text: '2 – 4 mg' },
    { from: {}, text: undefined },
  ])('$from → $text', ({ from, text }) => expect(plain(valueText(from, english, words))).toBe(text));
});
