import fc from 'fast-check';
import type { FhirResource, Observation } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { FhirId } from '../../schemas/ids.ts';
import { decodeBody, encodeBody, headOf, pointedAt, pointerTo } from './codec.ts';

const ID = '3e8f4b1e-0eb3-376b-2ef1-c6441d14c311' as FhirId;
const PATIENT = '0b6f3d52-7c1e-4a86-9d27-51f0a4c8e913' as FhirId;
const HEAD = { method: 'PUT', writeId: '0a0b0c0d0e0f' } as const;
const LAST_UPDATED = '2026-11-23T03:00:00.000Z';

/** Through the codec and back, and what a reader should see. */
function roundTrip(resource: FhirResource, patient: FhirId | undefined = PATIENT) {
  const owner = { type: resource.resourceType, id: ID, patient };
  const stored = decodeBody(owner, 3, LAST_UPDATED, encodeBody(owner, resource, HEAD));
  const expected = { ...resource, id: ID, meta: { ...resource.meta, versionId: '3', lastUpdated: LAST_UPDATED } };
  return { stored, expected };
}

describe('what goes into a body comes out', () => {
  const note = (data: string) => ({ resourceType: 'Binary', contentType: 'text/plain', data }) as const;
  test.each<{ because: string; resource: FhirResource }>([
    { because: 'a note of UTF-8 text', resource: note(Buffer.from('# Plan\nCafé "quoted" \\ back\u2028').toString('base64')) },
    { because: 'base64 that is no text', resource: note(Buffer.from([0xff, 0xfe, ...Array(40).keys()]).toString('base64')) },
    { because: 'base64 with bits that decoding drops', resource: note('QUJDREVGR0hJSktMTU5PUFR=') },
    {
      because: 'a text that holds control characters',
      resource: note(Buffer.from('\u0001\u0002\u0003\u0004 and more of it').toString('base64')),
    },
    {
      because: 'the patient and the record itself, named inside',
      resource: {
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        subject: { reference: `Patient/${PATIENT}` },
        identifier: [{ value: ID }, { value: `urn:uuid:${PATIENT}` }],
      },
    },
    {
      because: 'more UUIDs than one byte counts, some twice',
      resource: {
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        entry: Array.from({ length: 700 }, (_, at) => ({
          item: { reference: `Observation/00000000-0000-4000-8000-${String(at % 600).padStart(12, '0')}` },
        })),
      },
    },
    {
      because: 'meta that is not ours stays',
      resource: { resourceType: 'Basic', code: { text: 'x' }, meta: { tag: [{ code: 'demo' }] } },
    },
  ])('$because', ({ resource }) => {
    const { stored, expected } = roundTrip(resource);
    expect(stored).toEqual(expected);
  });

  test('whatever text a person writes, and whatever the patient is called', () => {
    const ids = fc.constantFrom(PATIENT, 'a', '1', 'Patient', 'null', undefined) as fc.Arbitrary<FhirId | undefined>;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), ids, fc.uuid(), (text, patient, uuid) => {
        const resource: Observation = {
          resourceType: 'Observation',
          status: 'final',
          code: { text: `${text} "data":"${uuid}" ${uuid.toUpperCase()}` },
          subject: { reference: `Patient/${patient ?? uuid}` },
          note: [{ text: `"Patient/${patient}" \u0001\u0002\u0003` }],
        };
        const { stored, expected } = roundTrip(resource, patient);
        expect(stored).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });
});

test('the head says how and by which write the version came to be', () => {
  const owner = { type: 'Basic', id: ID, patient: undefined };
  expect(headOf(encodeBody(owner, { resourceType: 'Basic', code: {} }, HEAD))).toEqual(HEAD);
  expect(headOf(pointerTo('t/x/bodies/y', HEAD))).toEqual(HEAD);
});

test('a pointer says where the body is, an inline body does not', () => {
  expect(pointedAt(pointerTo('t/x/bodies/y', HEAD))).toBe('t/x/bodies/y');
  expect(
    pointedAt(encodeBody({ type: 'Basic', id: ID, patient: undefined }, { resourceType: 'Basic', code: {} }, HEAD)),
  ).toBeUndefined();
});

test('bytes that the store did not write are refused, loudly', () => {
  expect(() => decodeBody({ type: 'Basic', id: ID, patient: undefined }, 1, LAST_UPDATED, Buffer.from('{"code":{}}'))).toThrow();
});

test('a laboratory result of 768 bytes of JSON is stored in at most 190', () => {
  const result: Observation = {
    resourceType: 'Observation',
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab'] },
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory', display: 'laboratory' },
        ],
      },
    ],
    code: {
      coding: [{ system: 'http://loinc.org', code: '14959-1', display: 'Microalbumin Creatinine Ratio' }],
      text: 'Microalbumin Creatinine Ratio',
    },
    subject: { reference: `Patient/${PATIENT}` },
    encounter: { reference: 'Encounter/c48a1e07-2f5b-4d39-8e6a-90d7b3f215ac' },
    effectiveDateTime: '1996-04-02T20:34:00-05:00',
    issued: '1996-04-02T20:34:00.287-05:00',
    valueQuantity: { value: 109.2, unit: 'mg/g', system: 'http://unitsofmeasure.org', code: 'mg/g' },
  };
  expect(encodeBody({ type: 'Observation', id: ID, patient: PATIENT }, result, HEAD).length).toBeLessThanOrEqual(190);
});
