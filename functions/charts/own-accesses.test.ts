import type { AuditEvent } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { FhirId } from '../../schemas/ids.ts';
import { accessOf } from './own-accesses.ts';

const patient = 'ada' as FhirId;
const about = (id: string) => ({ what: { reference: `Patient/${id}` }, role: { code: '1' } });
const record = (reference: string) => ({ what: { reference }, role: { code: '4' } });
const event = (more: Partial<AuditEvent> = {}, roles: readonly string[] = ['physician'], sub = 'osei'): AuditEvent => ({
  resourceType: 'AuditEvent',
  type: { code: 'rest' },
  subtype: [{ code: 'read' }],
  action: 'R',
  outcome: '0',
  recorded: '2026-10-05T14:20:00Z',
  agent: [{ requestor: true, name: 'Dr. Osei', who: { identifier: { value: sub } }, role: roles.map((text) => ({ text })) }],
  source: { observer: {} },
  entity: [about('ada')],
  ...more,
});

test.each([
  { title: 'a chart opened', event: event(), told: ['staff', 'looked', ['record']] },
  {
    title: 'a note signed',
    event: event({ action: 'E', subtype: [{ code: 'transaction' }], entity: [about('ada'), record('Composition/1/_history/1')] }),
    told: ['staff', 'wrote', ['notes']],
  },
  {
    title: 'a visit booked and a bill read by a search',
    event: event({
      action: 'E',
      subtype: [{ code: 'search-type' }],
      entity: [about('ada'), record('Invoice'), record('Appointment/1')],
    }),
    told: ['staff', 'looked', ['bills', 'visits']],
  },
  { title: 'a reminder written by Tessera itself', event: event({ action: 'C' }, []), told: ['program', 'wrote', ['record']] },
  { title: 'what was refused', event: event({ outcome: '4' }), told: undefined },
  { title: 'what failed', event: event({ outcome: '8' }), told: undefined },
  { title: 'the patient’s own', event: event({}, ['patient'], 'self'), told: undefined },
  { title: 'another patient’s', event: event({}, ['patient'], 'somebody'), told: undefined },
  { title: 'of another chart', event: event({ entity: [about('adam')] }), told: undefined },
  { title: 'of several charts', event: event({ entity: [about('ada'), about('bo')] }), told: undefined },
  { title: 'done to a person of the staff', event: event({ type: { code: '110113' } }), told: undefined },
])('$title is told as $told', ({ event: one, told }) => {
  const access = accessOf(one, { patient, self: 'self' })?.access;
  expect(access && [access.who, access.did, access.areas]).toEqual(told);
});
