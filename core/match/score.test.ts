import * as fc from 'fast-check';
import type { Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { scoreMatch } from './score.ts';

const person = (given: string, family: string, birthDate: string, more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  name: [{ given: given.split(' '), family }],
  birthDate,
  ...more,
});
const phone = (value: string): Partial<Patient> => ({ telecom: [{ system: 'phone', value }] });
const home = { address: [{ line: ['12 Mill Lane'], city: 'Springfield', postalCode: '01101' }] };

describe('scoreMatch, the hard cases', () => {
  test.each<{ one: Patient; other: Patient; grade: string; because: string }>([
    {
      one: person('Ana', 'García', '1980-10-05', { gender: 'female' }),
      other: person('ana', 'GARCIA', '1980-10-05', { gender: 'female' }),
      grade: 'certain',
      because: 'accents and case are how somebody typed it',
    },
    {
      one: person('Emma', 'Whitfield', '2015-03-01', { ...phone('555 010 0199'), ...home, gender: 'female' }),
      other: person('Olivia', 'Whitfield', '2015-03-01', { ...phone('555 010 0199'), ...home, gender: 'female' }),
      grade: 'possible',
      because: 'twins share all but the given name',
    },
    {
      one: person('John', 'Smith', '1950-02-11', { ...phone('555 010 0142'), ...home, gender: 'male' }),
      other: person('John', 'Smith', '1981-07-30', { ...phone('555 010 0142'), ...home, gender: 'male' }),
      grade: 'certainly-not',
      because: 'father and son of one name and house were born on different days',
    },
    {
      one: person('Maria', 'Lopez', '1988-04-09', { ...phone('555 010 0133'), gender: 'female' }),
      other: person('Maria', 'Ortega', '1988-04-09', { ...phone('555 010 0133'), gender: 'female' }),
      grade: 'probable',
      because: 'a name taken at a wedding keeps birth date and telephone',
    },
    {
      one: person('Ирина', 'Иванова', '1990-01-20', { gender: 'female' }),
      other: person('Irina', 'Ivanova', '1990-01-20', { gender: 'female' }),
      grade: 'certain',
      because: 'one name in two alphabets',
    },
    {
      one: person('Wei', 'Zhang', '1975-12-24'),
      other: person('Zhang', 'Wei', '1975-12-24'),
      grade: 'certain',
      because: 'family and given name in each other’s field',
    },
    {
      one: person('William', 'Okafor', '1967-06-02'),
      other: person('Bill', 'Okafor', '1967-06-02'),
      grade: 'probable',
      because: 'a short form',
    },
    {
      one: person('Ada', 'Okafor', '2020-03-04', { gender: 'female' }),
      other: person('Ada', 'Okafor', '2020-04-03', { gender: 'female' }),
      grade: 'probable',
      because: 'day and month were swapped',
    },
    {
      one: person('Ada', 'Okafor', '1980-10-05', { gender: 'female' }),
      other: person('Ada', 'Okafor', '1980-10-06', { gender: 'female' }),
      grade: 'probable',
      because: 'one digit of the birth date is off',
    },
    {
      one: person('Katherine', 'Whitfield', '1980-10-05'),
      other: person('Katherine', 'Whitfeild', '1980-10-05'),
      grade: 'probable',
      because: 'two letters changed places',
    },
    {
      one: person('John', 'Smith', '1980-10-05'),
      other: person('Peter', 'Novak', '1980-10-05'),
      grade: 'certainly-not',
      because: 'a birth date is shared by many',
    },
    {
      one: person('John', 'Smith', '1980-10-05', { gender: 'male' }),
      other: person('Joan', 'Smith', '1980-10-05', { gender: 'female', ...home }),
      grade: 'possible',
      because: 'one letter may be a slip, and may be a sister',
    },
    {
      one: { resourceType: 'Patient', name: [{ text: 'John Smith' }] },
      other: { resourceType: 'Patient', name: [{ text: 'John Smith' }] },
      grade: 'possible',
      because: 'a name alone is shared by many',
    },
  ])('$grade: $because', ({ one, other, grade }) => {
    expect(scoreMatch(one, other).grade).toBe(grade);
  });

  test('reasons say what agrees and what does not', () => {
    const one = person('Ada', 'Okafor', '1980-10-05', phone('(555) 010-0199'));
    const other = person('Ada', 'Okafor', '1980-10-05', { ...phone('+1 555 010 0199'), gender: 'female' });
    expect(scoreMatch(one, other).reasons).toEqual(['same-name', 'same-birth-date', 'same-phone']);
  });
});

const word = fc.constantFrom('ada', 'Ana', 'wei', 'Ирина', 'García', 'smith', 'Smyth', '张', 'lopez', 'O’Brien', 'x');
const patient = fc.record(
  {
    resourceType: fc.constant('Patient' as const),
    name: fc.array(fc.record({ family: word, given: fc.array(word, { minLength: 1, maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
    birthDate: fc.constantFrom('1980-10-05', '1980-05-10', '1980-10-06', '1980', '1980-10', '2001-01-01'),
    gender: fc.constantFrom('male' as const, 'female' as const, 'unknown' as const),
    telecom: fc.array(
      fc.record({
        system: fc.constantFrom('phone' as const, 'email' as const),
        value: fc.constantFrom('5550100', '5550101', 'a@b.example'),
      }),
      { maxLength: 2 },
    ),
    identifier: fc.array(fc.record({ system: fc.constantFrom('urn:a', 'urn:b'), value: fc.constantFrom('1', '2') }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['resourceType', 'name'] },
);

describe('scoreMatch, always', () => {
  test('who is compared with whom does not matter', () => {
    fc.assert(
      fc.property(patient, patient, (one, other) => {
        expect(scoreMatch(one, other)).toEqual(scoreMatch(other, one));
      }),
    );
  });

  test('a person with a name and a whole birth date is certainly the same as their copy', () => {
    fc.assert(
      fc.property(patient, (one) => {
        const whole = { ...one, birthDate: '1980-10-05' };
        expect(scoreMatch(whole, structuredClone(whole)).grade).toBe('certain');
      }),
    );
  });

  test.each([
    ['a telephone', { telecom: [{ system: 'phone' as const, value: '555 999 8877' }] }],
    ['an e-mail address', { telecom: [{ system: 'email' as const, value: 'both@x.example' }] }],
    ['an identifier', { identifier: [{ system: 'urn:mrn', value: 'M-77' }] }],
  ])('%s that both have never lowers the score', (_, more) => {
    fc.assert(
      fc.property(patient, patient, (one, other) => {
        const both = [one, other].map((each) => ({
          ...each,
          telecom: [...(each.telecom ?? []), ...('telecom' in more ? more.telecom : [])],
          identifier: [...(each.identifier ?? []), ...('identifier' in more ? more.identifier : [])],
        }));
        expect(scoreMatch(both[0] as Patient, both[1] as Patient).score).toBeGreaterThanOrEqual(scoreMatch(one, other).score);
      }),
    );
  });
});
