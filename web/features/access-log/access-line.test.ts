import type { AuditEvent } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { accessLine, peopleIn } from './access-line.ts';

const event = (more: Partial<AuditEvent>): AuditEvent => ({
  resourceType: 'AuditEvent',
  id: 'e1',
  type: { code: 'rest' },
  recorded: '2026-11-25T10:00:00.000Z',
  outcome: '0',
  agent: [
    {
      requestor: true,
      name: 'Jonas Keller',
      role: [{ text: 'nurse' }],
      who: { reference: 'Practitioner/n', identifier: { value: 'sub-1' } },
    },
  ],
  source: { observer: {} },
  ...more,
});
const patient = { what: { reference: 'Patient/p' }, role: { code: '1' } };
const record = (reference: string) => ({ what: { reference }, role: { code: '4' } });
const kind = (type: string) => ({ what: { type }, role: { code: '4' } });
const rest = (code: string) => [{ system: 'http://hl7.org/fhir/restful-interaction', code }];

describe('accessLine', () => {
  test.each([
    { subtype: rest('read'), entity: [patient], deed: 'opened', types: [] },
    { subtype: rest('read'), entity: [patient, record('Observation/1')], deed: 'read', types: ['Observation'] },
    {
      subtype: rest('history-instance'),
      entity: [patient, record('Observation/1')],
      deed: 'readHistory',
      types: ['Observation'],
    },
    { subtype: rest('search-type'), entity: [patient, kind('Condition')], deed: 'searched', types: ['Condition'] },
    { subtype: rest('search-type'), entity: [patient, kind('Patient')], deed: 'soughtPatients', types: ['Patient'] },
    { subtype: rest('search-type'), entity: [patient, kind('AuditEvent')], deed: 'lookedAtLog', types: [] },
    {
      subtype: rest('update'),
      entity: [patient, record('AllergyIntolerance/1/_history/2')],
      deed: 'changed',
      types: ['AllergyIntolerance'],
    },
    {
      subtype: rest('batch'),
      entity: [patient, record('Condition/1/_history/1'), { what: {}, role: { code: '3' } }],
      deed: 'broughtIn',
      types: ['Condition'],
    },
  ])('$subtype.0.code of $types → $deed', ({ subtype, entity, deed, types }) => {
    expect(accessLine(event({ subtype, entity }))).toMatchObject({ deed, types, patient: 'p', refused: false });
  });

  test('a refusal, with the person’s roles at that moment', () => {
    const line = accessLine(event({ subtype: rest('create'), outcome: '4', entity: [kind('Observation')] }));
    expect(line).toMatchObject({
      deed: 'recorded',
      refused: true,
      roles: ['nurse'],
      who: { sub: 'sub-1', name: 'Jonas Keller' },
    });
    expect(line.purpose).toBeUndefined();
  });

  test('what was done to a person', () => {
    const staff = event({
      subtype: [{ system: 'urn:tessera:staff', code: 'change-roles' }],
      entity: [{ what: { display: 'Ada' }, role: { code: '11' }, detail: [{ type: 'roles', valueString: 'nurse' }] }],
    });
    expect(accessLine(staff)).toMatchObject({ deed: 'change-roles', person: 'Ada', roleChange: 'nurse', types: [] });
  });

  test('people are listed once, by name', () => {
    const lines = ['b', 'a', 'b'].map((value) =>
      accessLine(event({ agent: [{ requestor: true, name: value.toUpperCase(), who: { identifier: { value } } }] })),
    );
    expect(peopleIn(lines, ({ who }) => who.name ?? '')).toEqual([
      { sub: 'a', name: 'A' },
      { sub: 'b', name: 'B' },
    ]);
  });
});
