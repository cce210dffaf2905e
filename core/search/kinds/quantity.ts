import type { Money, Quantity, Range } from 'fhir/r4';
import { Problem } from '../../outcome.ts';
import { splitEscaped, toPlainText } from '../escapes.ts';
import type { Prefix } from './date.ts';

/** Numbers and quantities as search compares them (FHIR R4, Search, "number", "quantity"). Units are compared, not converted. */
export interface Amount {
  readonly low: number;
  readonly high: number;
  readonly system?: string;
  /** The unit's code and how it is written. */
  readonly units: readonly string[];
}

export function amountsOf(element: unknown, dataType: string): Amount[] {
  if (typeof element === 'number') return [{ low: element, high: element, units: [] }];
  if (dataType === 'Money') {
    const { value, currency } = element as Money;
    return value === undefined
      ? []
      : [{ low: value, high: value, system: 'urn:iso:std:iso:4217', units: currency ? [currency] : [] }];
  }
  if (dataType === 'Range') {
    const { low, high } = element as Range;
    return [{ low: low?.value ?? -Infinity, high: high?.value ?? Infinity, ...unitOf(low ?? high ?? {}) }];
  }
  if (dataType === 'SampledData') return [];
  const quantity = element as Quantity;
  return quantity.value === undefined ? [] : [{ low: quantity.value, high: quantity.value, ...unitOf(quantity) }];
}

const unitOf = ({ system, code, unit }: Quantity): Pick<Amount, 'system' | 'units'> => ({
  ...(system && { system }),
  units: [code, unit].filter((text) => text !== undefined),
});

export interface AmountTest {
  readonly prefix: Prefix;
  readonly value: number;
  /** Half of the last digit given: 5.4 means [5.35, 5.45). */
  readonly tolerance: number;
  readonly system?: string;
  readonly unit?: string;
}

/** `5.4`, `ge5.4`, `5.4|http://unitsofmeasure.org|mg` or `5.4||mg`. @throws Problem invalid */
export function parseAmountTest(text: string, name: string): AmountTest {
  const [number = '', system = '', unit = ''] = splitEscaped(text, '|').map(toPlainText);
  const [, prefix = 'eq', digits = '', decimals = '', exponent = '0'] =
    /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?([+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?)$/.exec(number.trim()) ?? [];
  if (digits === '') throw new Problem('invalid', `${name} takes a number such as 5.4, with a prefix such as gt if you like.`);
  const value = Number(digits);
  const tolerance = prefix === 'ap' ? Math.abs(value) / 10 : 0.5 * 10 ** (Number(exponent) - decimals.length);
  return { prefix: prefix as Prefix, value, tolerance, ...(system && { system }), ...(unit && { unit }) };
}

export function amountMatches(test: AmountTest, amount: Amount): boolean {
  if (test.system !== undefined && amount.system !== test.system) return false;
  if (test.unit !== undefined && !amount.units.includes(test.unit)) return false;
  return COMPARE[test.prefix](test, amount);
}

const within = ({ value, tolerance }: AmountTest, { low, high }: Amount): boolean => {
  const slack = tolerance * 1e-9; // 5.35 is not exactly a binary number
  return low >= value - tolerance - slack && high < value + tolerance - slack;
};

const COMPARE: Readonly<Record<Prefix, (test: AmountTest, amount: Amount) => boolean>> = {
  eq: within,
  ne: (test, amount) => !within(test, amount),
  gt: ({ value }, { high }) => high > value,
  lt: ({ value }, { low }) => low < value,
  ge: ({ value }, { high }) => high >= value,
  le: ({ value }, { low }) => low <= value,
  sa: ({ value }, { low }) => low > value,
  eb: ({ value }, { high }) => high < value,
  ap: ({ value, tolerance }, { low, high }) => low <= value + tolerance && high >= value - tolerance,
};
