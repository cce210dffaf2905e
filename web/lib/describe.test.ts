import { expect, test } from 'vitest';
import { attachmentText, fieldsOf } from './describe.ts';

const words = {
  locale: { tag: 'en-GB', timeZone: 'UTC' },
  yes: 'Yes',
  no: 'No',
  code: (element: string, code: string) => (element === 'status' ? code.toUpperCase() : code),
};
const said = (resource: Parameters<typeof fieldsOf>[0]) =>
  fieldsOf(resource, words).map((field) => [field.name, field.text.replaceAll('\u00a0', ' '), field.technical]);

test('every value of an observation is there, with its unit, and codes are words', () => {
  expect(
    said({
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { text: 'Glucose' },
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: '2026-10-05T14:20:00Z',
      valueQuantity: { value: 89.487212, unit: 'mg/dL' },
      referenceRange: [{ low: { value: 70, unit: 'mg/dL' } }],
      performer: [{ reference: 'Practitioner/d1', display: 'Dr. Osei' }, { reference: 'Organization/x' }],
      note: [{ text: 'fasting', time: '2026-10-05T15:00:00Z' }],
    }),
  ).toEqual([
    ['id', 'o1', true],
    ['status', 'FINAL', false],
    ['code', 'Glucose', false],
    ['effectiveDateTime', '5 Oct 2026, 14:20', false],
    ['valueQuantity', '89.487212 mg/dL', false],
    ['referenceRange.low', '70 mg/dL', false],
    ['performer', 'Dr. Osei', false],
    ['performer', 'Organization', true],
    ['note', 'fasting', false],
  ]);
});

test('identifiers and extensions are shown on request only', () => {
  const fields = said({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: {},
    payor: [{ display: 'Acme' }],
    identifier: [{ value: '77' }],
    extension: [{ url: 'u', valueBoolean: true }],
  });
  expect(fields.filter(([, , technical]) => !technical).map(([name]) => name)).toEqual(['status', 'payor']);
  expect(fields.filter(([, , technical]) => technical).map(([, text]) => text)).toContain('77');
});

test('the text of a plain-text document can be read, whatever its script; anything else is left alone', () => {
  const data = Buffer.from('Señora 山田').toString('base64');
  expect(attachmentText({ contentType: 'text/plain; charset=utf-8', data })).toBe('Señora 山田');
  expect(attachmentText({ contentType: 'application/pdf', data })).toBeUndefined();
  expect(attachmentText({ contentType: 'text/plain', data: 'not base64 !' })).toBeUndefined();
});
