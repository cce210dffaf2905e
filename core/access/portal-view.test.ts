import type { DocumentReference, FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { FhirId } from '../../schemas/ids.ts';
import { PORTAL_TAG, WITHHELD_REASON_TAG } from '../../schemas/portal-records.ts';
import { portalView } from './portal-view.ts';

const ADA = 'ada' as FhirId;
const subject = { reference: 'Patient/ada' };
const see = (resource: object): FhirResource | undefined => portalView(ADA, resource as FhirResource);
const note = (more: object = {}): DocumentReference => ({
  resourceType: 'DocumentReference',
  id: 'note-1',
  status: 'current',
  docStatus: 'final',
  subject,
  type: { text: 'Progress note' },
  date: '2026-10-05T09:00:00Z',
  content: [{ attachment: { contentType: 'text/plain', data: 'SGVsbG8=' } }],
  ...more,
});
const tagged = (...codes: string[]) => ({ tag: codes.map((code) => ({ system: PORTAL_TAG, code })) });
const scan = { content: [{ attachment: { contentType: 'application/pdf', url: 'Binary/1' } }] };

describe('what a patient sees of their chart', () => {
  test.each([
    { title: 'a final result', resource: { resourceType: 'Observation', status: 'final', subject }, seen: true },
    { title: 'a corrected result', resource: { resourceType: 'Observation', status: 'corrected', subject }, seen: true },
    {
      title: 'a result that is not final',
      resource: { resourceType: 'Observation', status: 'preliminary', subject },
      seen: false,
    },
    { title: 'a stricken result', resource: { resourceType: 'Observation', status: 'entered-in-error', subject }, seen: false },
    {
      title: 'somebody else’s result',
      resource: { resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/adam' } },
      seen: false,
    },
    { title: 'a result of nobody', resource: { resourceType: 'Observation', status: 'final' }, seen: false },
    { title: 'another patient', resource: { resourceType: 'Patient', id: 'adam' }, seen: false },
    { title: 'a signed note', resource: note(), seen: true },
    { title: 'a note that nobody has signed', resource: note({ docStatus: 'preliminary' }), seen: false },
    { title: 'a note that does not say it is signed', resource: note({ docStatus: undefined }), seen: false },
    { title: 'a note that was replaced', resource: note({ status: 'superseded' }), seen: false },
    { title: 'a scan', resource: note(scan), seen: false },
    {
      title: 'a scan with the words that were read out of it',
      resource: note({ content: [...scan.content, ...note().content] }),
      seen: false,
    },
    { title: 'a scan that is released', resource: note({ ...scan, meta: tagged('released') }), seen: true },
    {
      title: 'a draft prescription',
      resource: { resourceType: 'MedicationRequest', status: 'draft', intent: 'order', subject },
      seen: false,
    },
    {
      title: 'a proposed prescription',
      resource: { resourceType: 'MedicationRequest', status: 'active', intent: 'proposal', subject },
      seen: false,
    },
    { title: 'a draft invoice', resource: { resourceType: 'Invoice', status: 'draft', subject }, seen: false },
    { title: 'an issued invoice', resource: { resourceType: 'Invoice', status: 'issued', subject }, seen: true },
    { title: 'a task', resource: { resourceType: 'Task', status: 'requested', intent: 'order', for: subject }, seen: false },
    {
      title: 'a message between colleagues',
      resource: { resourceType: 'Communication', status: 'completed', subject },
      seen: false,
    },
    {
      title: 'the answers of a note',
      resource: { resourceType: 'QuestionnaireResponse', status: 'completed', subject },
      seen: false,
    },
    {
      title: 'a composition, whose release its document decides',
      resource: { resourceType: 'Composition', status: 'final', subject },
      seen: false,
    },
    {
      title: 'their own account as the clinic keeps it',
      resource: { resourceType: 'Person', link: [{ target: subject }] },
      seen: false,
    },
    { title: 'a type named like an object’s own', resource: { resourceType: 'constructor', subject }, seen: false },
  ])('$title: $seen', ({ resource, seen }) => {
    expect(see(resource) !== undefined).toBe(seen);
  });

  test('what is withheld is shown as withheld, with its day and the reason, and says nothing', () => {
    const meta = {
      tag: [
        { system: PORTAL_TAG, code: 'withheld' },
        { system: WITHHELD_REASON_TAG, code: 'harm' },
      ],
    };
    const shown = see(
      note({
        meta,
        description: 'SECRET',
        content: [{ attachment: { contentType: 'text/plain', title: 'SECRET', data: 'U0VDUkVU' } }],
      }),
    );
    expect(shown).toMatchObject({ id: 'note-1', date: '2026-10-05T09:00:00Z', meta });
    expect(JSON.stringify(shown)).not.toMatch(/SECRET|U0VDUkVU/);
    const result = see({
      resourceType: 'Observation',
      status: 'final',
      subject,
      meta,
      code: { text: 'SECRET' },
      valueString: 'SECRET',
      note: [{ text: 'SECRET' }],
    });
    expect(result).toMatchObject({ resourceType: 'Observation', code: { text: 'Withheld' } });
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });
  test('withheld outranks released', () => {
    expect(see(note({ ...scan, meta: tagged('released', 'withheld') }))).toBeUndefined();
  });
});

describe('what is about other people stays out', () => {
  const SECRET = /SECRET/;
  test.each([
    {
      title: 'a contained person',
      resource: {
        contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'SECRET' }] }],
        focus: [{ reference: '#p', display: 'SECRET' }],
      },
    },
    {
      title: 'a contained relative',
      resource: {
        contained: [{ resourceType: 'RelatedPerson', id: 'p', name: [{ family: 'SECRET' }] }],
        performer: [{ reference: '#p', display: 'SECRET' }],
      },
    },
    { title: 'a reference to another patient', resource: { focus: [{ reference: 'Patient/adam', display: 'SECRET' }] } },
    { title: 'an absolute one', resource: { focus: [{ reference: 'https://old.test/fhir/Patient/ada', display: 'SECRET' }] } },
    {
      title: 'a patient by number',
      resource: { focus: [{ type: 'Patient', identifier: { value: 'SECRET' }, display: 'SECRET' }] },
    },
    {
      title: 'one inside an extension',
      resource: { extension: [{ url: 'urn:x', valueReference: { reference: 'Patient/adam', display: 'SECRET' } }] },
    },
    {
      title: 'a narrative, which nobody has gone through',
      resource: { text: { status: 'generated', div: '<div>SECRET</div>' } },
    },
    { title: 'tags of the clinic', resource: { meta: { tag: [{ system: 'urn:clinic', code: 'SECRET' }] } } },
  ])('$title', ({ resource }) => {
    const shown = see({ resourceType: 'Observation', status: 'final', subject, code: { text: 'Pulse' }, ...resource });
    expect(shown).toMatchObject({ resourceType: 'Observation', code: { text: 'Pulse' } });
    expect(JSON.stringify(shown)).not.toMatch(SECRET);
  });

  test('the contained medicine of a prescription stays', () => {
    const request = {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject,
      medicationReference: { reference: '#m' },
    };
    expect(see({ ...request, contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'Metformin' } }] })).toMatchObject({
      contained: [{ id: 'm' }],
      medicationReference: { reference: '#m' },
    });
  });
  test('of an appointment neither the other patient of a group nor what colleagues wrote about it', () => {
    const participant = [
      { status: 'accepted', actor: subject },
      { status: 'accepted', actor: { reference: 'Patient/adam', display: 'SECRET' } },
    ];
    const shown = see({
      resourceType: 'Appointment',
      status: 'booked',
      participant,
      comment: 'SECRET',
      patientInstruction: 'Come sober.',
    });
    expect(shown).toMatchObject({ patientInstruction: 'Come sober.' });
    expect(JSON.stringify(shown)).not.toMatch(SECRET);
  });
  test('of a practitioner the name, and no private number', () => {
    expect(
      see({
        resourceType: 'Practitioner',
        id: 'd',
        name: [{ text: 'Dr. Grey' }],
        telecom: [{ value: 'SECRET' }],
        birthDate: '1970-01-01',
        address: [{ text: 'SECRET' }],
      }),
    ).toEqual({ resourceType: 'Practitioner', id: 'd', name: [{ text: 'Dr. Grey' }] });
  });
  test('of the patient no merged charts', () => {
    expect(
      see({ resourceType: 'Patient', id: 'ada', link: [{ type: 'seealso', other: { reference: 'Patient/adam' } }] }),
    ).toEqual({ resourceType: 'Patient', id: 'ada' });
  });
});
