import type { DocumentReference, FhirResource, Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { PORTAL_TAG, WITHHELD_REASON_TAG } from '../../schemas/portal-records.ts';
import { NOTE_TEMPLATE, SIGNED, STRUCK, VISIT_NOTE } from '../../schemas/visit.ts';
import { refusedByLock } from './lock.ts';

const signed: DocumentReference = {
  resourceType: 'DocumentReference',
  id: 'n',
  meta: { versionId: '1', lastUpdated: '2026-11-25T14:20:00Z', tag: [SIGNED, { system: PORTAL_TAG, code: 'released' }] },
  status: 'current',
  content: [{ attachment: { data: 'eA==' } }],
};
const struck: Pick<DocumentReference, 'status' | 'extension'> = {
  status: 'entered-in-error',
  extension: [{ url: STRUCK, valueString: 'Her sister' }],
};
const draft: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  identifier: { system: VISIT_NOTE, value: 'v' },
  subject: { reference: 'Patient/p' },
  encounter: { reference: 'Encounter/v' },
  questionnaire: 'urn:uuid:t|1',
};
const template: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  code: [{ system: NOTE_TEMPLATE, code: 'own' }],
  item: [{ linkId: '1', type: 'text' }],
};
const cases: readonly { title: string; before: FhirResource; after: FhirResource | undefined; refused: boolean }[] = [
  { title: 'a signed note with another text', before: signed, after: { ...signed, content: [] }, refused: true },
  { title: 'a signed note deleted', before: signed, after: undefined, refused: true },
  { title: 'a signed note without its mark', before: signed, after: { ...signed, meta: {} }, refused: true },
  {
    title: 'a signed note of another patient',
    before: signed,
    after: { ...signed, subject: { reference: 'Patient/q' } },
    refused: true,
  },
  { title: 'a signed note struck with a reason', before: signed, after: { ...signed, ...struck }, refused: false },
  { title: 'struck without a reason', before: signed, after: { ...signed, status: 'entered-in-error' }, refused: true },
  { title: 'struck and reworded', before: signed, after: { ...signed, ...struck, content: [] }, refused: true },
  { title: 'a struck note taken back', before: { ...signed, ...struck }, after: signed, refused: true },
  {
    title: 'a signed note withheld',
    before: signed,
    after: {
      ...signed,
      meta: { tag: [SIGNED, { system: PORTAL_TAG, code: 'withheld' }, { system: WITHHELD_REASON_TAG, code: 'harm' }] },
    },
    refused: false,
  },
  { title: 'a draft written on', before: draft, after: { ...draft, item: [{ linkId: '1' }] }, refused: false },
  { title: 'a draft of another patient', before: draft, after: { ...draft, subject: { reference: 'Patient/q' } }, refused: true },
  { title: 'a draft completed without a signature', before: draft, after: { ...draft, status: 'completed' }, refused: true },
  {
    title: 'a draft completed by one',
    before: draft,
    after: { ...draft, status: 'completed', meta: { tag: [SIGNED] } },
    refused: false,
  },
  { title: 'a draft deleted', before: draft, after: undefined, refused: true },
  { title: 'a published template reworded', before: template, after: { ...template, item: [] }, refused: true },
  { title: 'a published template retired', before: template, after: { ...template, status: 'retired' }, refused: false },
  { title: 'a published template deleted', before: template, after: undefined, refused: true },
  { title: 'any other record', before: { ...draft, identifier: {} }, after: undefined, refused: false },
];

describe('what is signed, begun or published', () => {
  test.each(cases)('$title', ({ before, after, refused }) => {
    expect(refusedByLock(before, after).length > 0).toBe(refused);
  });
});
