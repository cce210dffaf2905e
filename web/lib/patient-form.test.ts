import { describe, expect, test } from 'vitest';
import { NO_PERSON, newRecordNumber, patientFaults, toPatient, typedOf } from './patient-form.ts';

const context = { slug: 'oak', monthFirst: false, languageName: () => 'Spanish' };
const ana = {
  ...NO_PERSON,
  given: 'Ana María',
  family: 'García',
  birthDate: '5.10.1980',
  sex: 'female' as const,
  recordNumber: 'M7',
};
const today = '2026-11-25';

describe('a person’s form', () => {
  test.each([
    { change: {}, faults: [], because: 'a name, a sex and a number are enough' },
    { change: { given: '', family: ' ' }, faults: ['name-missing'], because: 'somebody has a name' },
    { change: { given: '', family: '王秀英' }, faults: [], because: 'one name in any script is a name' },
    {
      change: { sex: '' as const, recordNumber: '' },
      faults: ['sex-missing', 'number-missing'],
      because: 'every fault is told at once',
    },
    { change: { birthDate: '' }, faults: [], because: 'a birth date may be unknown' },
    { change: { birthDate: '31.2.1980' }, faults: ['no-date'], because: 'there is no such day' },
    { change: { birthDate: '26.11.2026' }, faults: ['in-the-future'], because: 'tomorrow' },
    { change: { birthDate: '25.11.2026' }, faults: [], because: 'born today' },
    { change: { birthDate: '1.1.1880' }, faults: ['too-long-ago'], because: 'nobody is that old' },
    { change: { phone: 'none', email: 'ana@' }, faults: ['no-phone', 'no-email'], because: 'neither reaches anybody' },
    { change: { phone: '+1 (555) 010-0123 ext. 4', email: 'ana@x.example' }, faults: [], because: 'both do' },
  ])('$faults: $because', ({ change, faults }) => {
    expect(patientFaults({ ...ana, ...change }, { today, monthFirst: false }).map(({ fault }) => fault)).toEqual(faults);
  });

  test('makes a Patient that reads back as it was typed', () => {
    const typed = {
      ...ana,
      birthDate: '1980-10-05',
      phone: '555 010 0123',
      email: 'a@x.example',
      line: '1 Mill',
      city: 'X',
      language: 'es',
    };
    const patient = toPatient(typed, undefined, context);
    expect(patient).toMatchObject({
      birthDate: '1980-10-05',
      name: [{ family: 'García', given: ['Ana', 'María'] }],
      gender: 'female',
    });
    expect(typedOf(patient)).toEqual(typed);
  });

  test('of a stored person only what was retyped changes', () => {
    const stored = {
      ...toPatient({ ...ana, phone: '555 010 0123' }, undefined, context),
      id: 'p1',
      maritalStatus: { text: 'Married' },
      name: [
        { use: 'official' as const, family: 'García', given: ['Ana', 'María'] },
        { use: 'old' as const, family: 'Ruiz' },
      ],
    };
    expect(toPatient(typedOf(stored), stored, context)).toEqual(stored);
    const renamed = toPatient({ ...typedOf(stored), family: 'Ortega' }, stored, context);
    expect(renamed.name).toEqual([
      { use: 'official', family: 'Ortega', given: ['Ana', 'María'] },
      { use: 'old', family: 'Ruiz' },
    ]);
    expect({ ...renamed, name: stored.name }).toEqual(stored);
  });

  test('a record number made by chance has no letters that look alike', () => {
    expect(newRecordNumber(Uint8Array.from({ length: 256 }, (_, n) => n))).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
  });
});
