import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../outcome.ts';
import { parseQuery } from './query.ts';

const options = { strict: false, base: 'https://ehr.example/api/oak/fhir/R4', nowMs: 0 };
const parse = (type: string, query: string, more: Partial<typeof options> = {}) =>
  parseQuery(type, new URLSearchParams(query), { ...options, ...more });
const faultsOf = (type: string, query: string, strict = true): string[] => {
  try {
    parse(type, query, { strict });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(400);
    return error.issues.map(({ text }) => text);
  }
};

describe('parseQuery', () => {
  test('a repeat is and, a comma is or', () => {
    const { criteria } = parse('Observation', 'date=ge2024&date=lt2025&code=a,b');
    expect(criteria.map(({ parameter, texts }) => [parameter.name, texts])).toEqual([
      ['date', ['ge2024']],
      ['date', ['lt2025']],
      ['code', ['a', 'b']],
    ]);
  });
  test.each([
    ['', 50],
    ['_count=7', 7],
    ['_count=100000', 500],
  ])('%j asks for %i a page', (query, count) => expect(parse('Patient', query).count).toBe(count));
  test('_count=0 asks for the number alone', () => expect(parse('Patient', '_count=0').countOnly).toBe(true));
  test('what is unknown is ignored and not honoured', () => {
    expect(parse('Patient', 'name=a&colour=red&_cursor=x').honoured).toEqual([['name', 'a']]);
  });
  test('a parameter without a value is ignored', () => expect(parse('Patient', 'name=&gender=male').criteria).toHaveLength(1));
  test('names of Object are no parameters', () => {
    expect(parse('Patient', 'constructor=1&__proto__=2&toString=3').honoured).toEqual([]);
    expect(parse('constructor', 'name=1').honoured).toEqual([]);
  });
  test('includes', () => {
    expect(
      parse('Observation', '_include=Observation:performer:Practitioner&_include:iterate=PractitionerRole:organization').includes,
    ).toEqual([
      { type: 'Observation', parameter: 'performer', target: 'Practitioner', iterate: false },
      { type: 'PractitionerRole', parameter: 'organization', iterate: true },
    ]);
  });
});

describe('refused', () => {
  test.each([
    ['Patient', 'colour=red', 'strict handling knows every parameter'],
    ['Patient', 'general-practitioner.name=smith', 'chains'],
    ['Patient', '_has:Observation:patient:code=1', 'reverse chains would silently widen the search'],
    ['Patient', '_text=smith', 'text'],
    ['Patient', '_count=many', 'no number'],
    ['Patient', '_sort=colour', 'an order we do not know'],
    ['Patient', '_include=Patient:name', 'an include of no reference'],
    ['Patient', '_summary=data', 'a summary we do not make'],
    ['Patient', 'birthdate=yesterday', 'no date'],
    ['Patient', '_count:exact=3', 'a modifier where none belongs'],
  ])('%s?%s: %s', (type, query) => expect(faultsOf(type, query)).toHaveLength(1));

  test('every fault at once', () => expect(faultsOf('Patient', 'birthdate=x&_count=y&colour=z&name:near=q')).toHaveLength(4));
  test('no fault repeats what was asked, which may be about a patient', () => {
    const text = faultsOf('Patient', 'birthdate=1980-13-45&identifier:in=999-12-3456').join(' ');
    expect(text).not.toMatch(/1980-13|999-12/);
  });
  test('chains and reverse chains even when handling is lenient', () => {
    expect(faultsOf('Patient', '_has:Observation:patient:code=1&organization.name=x', false)).toHaveLength(2);
  });
});

describe('whatever is sent', () => {
  const name = fc.oneof(
    fc.constantFrom('code', 'date', 'patient', 'value-quantity', '_id', '_count', '_sort', '_include', '_has', 'performer'),
    fc.string(),
  );
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'ge2024-02-30',
      '2024',
      '|',
      'a|b|c',
      '\\,',
      ',',
      'Observation:performer',
      '-date',
      '1e400',
      'ap-0',
      'Patient/1',
    ),
  );
  test('it is parsed or refused with 400, never anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.option(fc.string()), part), { maxLength: 6 }),
        fc.boolean(),
        (parameters, strict) => {
          const query = new URLSearchParams(
            parameters.map(([own, modifier, value]) => [modifier === null ? own : `${own}:${modifier}`, value]),
          );
          try {
            const { criteria } = parseQuery('Observation', query, { ...options, strict });
            for (const { answeredBy } of criteria)
              expect(typeof answeredBy({ resourceType: 'Observation', status: 'final', code: {} })).toBe('boolean');
          } catch (error) {
            expect(error).toMatchObject({ kind: 'invalid', status: 400 });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
  test('a search made to be slow is refused', () => {
    expect(faultsOf('Observation', `code=${'a,'.repeat(600)}`)).toHaveLength(1);
    expect(faultsOf('Observation', 'code=a&'.repeat(60))).toHaveLength(1);
  });
});
