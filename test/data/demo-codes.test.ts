import type { Coding, FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { demoCharts, demoSurroundings, todayUtc } from '../support/demo-charts.ts';
import { findTable, syntheaCharts } from '../support/shared-data.ts';

/** Every coding of the demo, once. */
function* codingsIn(value: unknown): Generator<Coding> {
  if (typeof value !== 'object' || value === null) return;
  const { system, code } = value as Coding;
  if (typeof system === 'string' && typeof code === 'string') yield value as Coding;
  for (const inner of Object.values(value)) yield* codingsIn(inner);
}

const everything = [...demoSurroundings(), ...demoCharts(todayUtc()).flatMap(({ resources }) => resources)];
const codings = new Map<string, Map<string, string | undefined>>();
for (const { system = '', code = '', display } of codingsIn(everything)) {
  const known = codings.get(system) ?? new Map<string, string | undefined>();
  known.set(code, display ?? known.get(code));
  codings.set(system, known);
}
const of = (system: string): [code: string, display: string | undefined][] => [...(codings.get(system) ?? [])];

const LOINC = 'http://loinc.org';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';
const CVX = 'http://hl7.org/fhir/sid/cvx';
const SNOMED = 'http://snomed.info/sct';
const HCPCS = 'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';

/** Two spellings of one name: case, punctuation and the order of the words tell nothing. */
const words = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9.%]+/g, ' ')
    .trim()
    .split(' ')
    .toSorted()
    .join(' ');

/** Names of LOINC that the samples give in another of LOINC's own forms: short and long common name, or that of an earlier release. */
const OTHER_FORMS: Record<string, string> = {
  '11488-4': 'Consultation Note',
  '11506-3': 'Subsequent evaluation note',
  '18842-5': 'Discharge Summary',
  '2085-9': 'High Density Lipoprotein Cholesterol',
  '2093-3': 'Total Cholesterol',
  '2571-8': 'Triglycerides',
  '33762-6': 'NT-proBNP',
  '39156-5': 'Body Mass Index',
  '59408-5': 'Oxygen saturation in Arterial blood by Pulse oximetry',
  '63586-2':
    'During the past year, what was the total combined income for you and the family members you live with? This information will help us determine if you are eligible for any benefits.',
  '71802-3': 'What is your housing situation today?',
  '85354-9': 'Blood Pressure',
};

interface Tally {
  readonly confirmed: string[];
  readonly absent: string[];
  readonly wrong: string[];
}

/** Each code against a table of names; a code without display is confirmed by being there. */
function compare(
  system: string,
  nameOf: (code: string) => string | undefined,
  otherForms: Readonly<Record<string, string>> = {},
): Tally {
  const tally: Tally = { confirmed: [], absent: [], wrong: [] };
  for (const [code, display] of of(system)) {
    const name = nameOf(code);
    if (name === undefined) tally.absent.push(code);
    else if (display === undefined || words(display) === words(name) || otherForms[code] === name) tally.confirmed.push(code);
    else tally.wrong.push(`${code}: “${display}” is “${name}”`);
  }
  return tally;
}

function tell(what: string, { confirmed, absent, wrong }: Tally): void {
  console.log(
    `${what}: ${confirmed.length} of ${confirmed.length + absent.length + wrong.length} codes confirmed; ${absent.length} not in the table${absent.length > 0 ? ` (${absent.join(', ')})` : ''}`,
  );
}

const lookup = (rows: readonly string[][] | undefined, codeAt: number, nameAt: number) => {
  const names = new Map(rows?.map((row) => [row[codeAt] ?? '', row[nameAt] ?? '']));
  return (code: string): string | undefined => names.get(code);
};

function checkTable(what: string, system: string, file: string, columns: readonly [code: number, name: number]): void {
  const table = findTable(file);
  if (!table) return void console.log(`Left out: ${what} codes of the demo (../shared/data/terminology/${file} is not here).`);
  test(`${what}: each is what its display says`, () => {
    const tally = compare(system, lookup(table, ...columns));
    tell(what, tally);
    expect(tally.wrong).toEqual([]);
    expect(tally.confirmed.length).toBeGreaterThan(0);
  });
}

describe('the codes of the demo charts', () => {
  checkTable('ICD-10-CM', ICD10, 'icd10cm-fy2022.tsv.gz', [0, 3]);
  checkTable('CVX', CVX, 'cvx.tsv', [2, 0]);

  const icd10 = findTable('icd10cm-fy2022.tsv.gz');
  test.skipIf(!icd10)('ICD-10-CM: every one may stand on a bill, which means it is as precise as it gets', () => {
    const billable = lookup(icd10, 0, 1);
    expect(of(ICD10).filter(([code]) => billable(code) === '0')).toEqual([]);
  });

  const loinc = findTable('loinc-subset-in-samples.tsv');
  if (!loinc)
    console.log('Left out: LOINC names of the demo (../shared/data/terminology/loinc-subset-in-samples.tsv is not here).');
  test.skipIf(!loinc)('LOINC: each is what its display says, as far as the samples know it', () => {
    const seen = lookup(loinc, 0, 1);
    const tally = compare(LOINC, seen, OTHER_FORMS);
    tell('LOINC', tally);
    expect(tally.wrong).toEqual([]);
    for (const [code, name] of Object.entries(OTHER_FORMS)) expect({ code, name: seen(code) }).toEqual({ code, name });
  });

  test('LOINC: the check digit of every test’s code is right (mod 10, LOINC Users’ Guide, appendix C)', () => {
    const wrong = of(LOINC)
      .map(([code]) => code)
      .filter((code) => !/^L[AP]/.test(code)) // answers and parts
      .filter((code) => {
        const [, digits, check] = /^(\d+)-(\d)$/.exec(code) ?? [];
        return digits === undefined || checkDigit(digits) !== Number(check);
      });
    expect(wrong).toEqual([]);
  });

  const rxnorm = findTable('rxnorm-codes-in-samples.tsv');
  const ingredients = findTable('rxnorm-ingredients-partial.tsv');
  if (!rxnorm || !ingredients)
    console.log('Left out: RxNorm codes of the demo (../shared/data/terminology/rxnorm-*.tsv are not here).');
  test.skipIf(!rxnorm || !ingredients)('RxNorm: each is what its display says', () => {
    const tally = compare(RXNORM, lookup([...(rxnorm ?? []), ...(ingredients ?? [])], 0, 1));
    tell('RxNorm', tally);
    expect(tally.wrong).toEqual([]);
  });

  const hcpcs = findTable('hcpcs-level2-2020.tsv.gz');
  test.skipIf(!hcpcs)('HCPCS: each is in the table', () => {
    const tally = compare(HCPCS, lookup(hcpcs, 0, 1));
    tell('HCPCS', tally);
    expect(tally.absent).toEqual([]);
  });

  const charts = syntheaCharts();
  if (!charts) console.log('Left out: SNOMED CT codes of the demo (../shared/data/fhir/synthea is not here).');
  test.skipIf(!charts)('SNOMED CT: those that Synthea knows are counted, and none carries SNOMED’s words', () => {
    const known = new Map<string, string>();
    for (const { system, code = '', display = '' } of codingsIn(charts satisfies FhirResource[][] | undefined))
      if (system === SNOMED) known.set(code, display);
    const tally = compare(SNOMED, (code) => known.get(code));
    tell('SNOMED CT (against Synthea)', tally);
    expect(of(SNOMED).filter(([, display]) => display !== undefined)).toEqual([]);
    expect(tally.confirmed.length).toBeGreaterThan(20);
  });

  test('SNOMED CT: every identifier’s check digit is right (Verhoeff, SNOMED CT Technical Implementation Guide)', () => {
    expect(of(SNOMED).filter(([code]) => !verhoeffHolds(code))).toEqual([]);
  });
});

function checkDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** Multiplication in the dihedral group of order ten, and the permutation of places. */
const product = (a: number, b: number): number =>
  a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5)) : b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5;
const PLACE = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
function verhoeffHolds(code: string): boolean {
  let held = 0;
  [...code].reverse().forEach((digit, at) => {
    let moved = Number(digit);
    for (let turn = 0; turn < at % 8; turn += 1) moved = PLACE[moved] ?? 0;
    held = product(held, moved);
  });
  return held === 0;
}
