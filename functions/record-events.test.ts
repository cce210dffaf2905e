import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { RecordChange } from '../core/record-events.ts';
import { RECEIVERS } from './receivers.ts';
import { EVENTFUL_TYPES, recordEvents } from './record-events.ts';

const patient: FhirResource = { resourceType: 'Patient' };
const coverage: FhirResource = { resourceType: 'Coverage', status: 'active', beneficiary: {}, payor: [] };
const fee: FhirResource = { resourceType: 'ChargeItemDefinition', url: 'urn:fee', status: 'active' };
const encounter = (status: string) => ({ resourceType: 'Encounter', status, class: { code: 'AMB' } }) as FhirResource;

const LABORATORY = [{ coding: [{ code: 'laboratory' }] }];
const result = (status: string, more: object = {}) =>
  ({ resourceType: 'DiagnosticReport', status, code: {}, ...more }) as unknown as FhirResource;

describe('recordEvents', () => {
  test.each<{ change: RecordChange; expected: string[]; because: string }>([
    { change: { kind: 'created', next: patient, via: 'rest' }, expected: ['PatientRegistered'], because: 'a new chart' },
    {
      change: { kind: 'created', next: patient, via: 'import' },
      expected: ['PatientRegistered'],
      because: 'whatever way it came',
    },
    {
      change: { kind: 'updated', previous: patient, next: patient, via: 'batch' },
      expected: ['PatientChanged'],
      because: 'it was there before',
    },
    {
      change: { kind: 'updated', previous: coverage, next: coverage, via: 'transaction' },
      expected: ['CoverageChanged'],
      because: 'open charges are priced by it',
    },
    { change: { kind: 'created', next: coverage, via: 'import' }, expected: [], because: 'nothing it pays is billed here' },
    {
      change: { kind: 'created', next: fee, via: 'transaction' },
      expected: ['FeesChanged'],
      because: 'open charges are priced by it',
    },
    { change: { kind: 'created', next: fee, via: 'import' }, expected: [], because: 'another system’s prices' },
    { change: { kind: 'deleted', next: coverage, via: 'rest' }, expected: ['CoverageChanged'], because: 'it pays no more' },
    {
      change: { kind: 'deleted', next: coverage, via: 'import' },
      expected: [],
      because: 'the import that is undone says so once',
    },
    { change: { kind: 'deleted', next: patient, via: 'rest' }, expected: [], because: 'nobody is there any more' },
    { change: { kind: 'deleted', next: encounter('finished'), via: 'rest' }, expected: [], because: 'nothing was finished' },
    { change: { kind: 'deleted', next: result('amended'), via: 'rest' }, expected: [], because: 'nothing has arrived' },
    { change: { kind: 'revived', next: patient, via: 'rest' }, expected: ['PatientRestored'], because: 'it was registered once' },
    {
      change: { kind: 'updated', previous: encounter('in-progress'), next: encounter('finished'), via: 'rest' },
      expected: ['EncounterFinished'],
      because: 'it became finished',
    },
    {
      change: { kind: 'updated', previous: encounter('finished'), next: encounter('finished'), via: 'rest' },
      expected: [],
      because: 'it was finished before',
    },
    {
      change: { kind: 'created', next: encounter('finished'), via: 'transaction' },
      expected: ['EncounterFinished'],
      because: 'written down afterwards',
    },
    {
      change: { kind: 'created', next: encounter('finished'), via: 'import' },
      expected: [],
      because: 'it finished elsewhere, long ago: nobody is billed for it',
    },
    { change: { kind: 'created', next: encounter('planned'), via: 'rest' }, expected: [], because: 'nothing is finished' },
    {
      change: { kind: 'created', next: { resourceType: 'Basic', code: {} }, via: 'rest' },
      expected: [],
      because: 'nobody listens to this type',
    },
    {
      change: { kind: 'created', next: result('final'), via: 'rest' },
      expected: ['ResultArrived'],
      because: 'somebody must see it',
    },
    { change: { kind: 'created', next: result('preliminary'), via: 'rest' }, expected: [], because: 'it may still change' },
    {
      change: {
        kind: 'created',
        next: result('final', { issued: '2019-03-01T10:00:00Z' }),
        at: '2026-11-25T10:00:00Z',
        via: 'transaction',
      },
      expected: [],
      because: 'an old chart is typed in',
    },
    { change: { kind: 'created', next: result('final'), via: 'import' }, expected: [], because: 'it was seen elsewhere' },
    {
      change: { kind: 'updated', previous: result('final'), next: result('final'), via: 'rest' },
      expected: [],
      because: 'it was final before',
    },
    {
      change: { kind: 'updated', previous: result('final'), next: result('corrected'), via: 'rest' },
      expected: ['ResultArrived'],
      because: 'what was seen is not so any more',
    },
    {
      change: {
        kind: 'created',
        next: result('final', { resourceType: 'Observation', category: LABORATORY }),
        via: 'transaction',
      },
      expected: ['ResultArrived'],
      because: 'a laboratory value',
    },
    {
      change: { kind: 'created', next: result('final', { resourceType: 'Observation' }), via: 'rest' },
      expected: [],
      because: 'whoever measured it has seen it',
    },
  ])('$change.kind by $change.via → $expected: $because', ({ change, expected }) => {
    expect(recordEvents(change)).toEqual(expected);
  });

  test('every name that somebody receives is one that something makes happen', () => {
    const everything = EVENTFUL_TYPES.flatMap((resourceType) =>
      (['created', 'updated', 'revived'] as const).flatMap((kind) =>
        ['finished', 'final'].flatMap((status) =>
          recordEvents({ kind, next: { resourceType, status, category: LABORATORY } as unknown as FhirResource, via: 'rest' }),
        ),
      ),
    );
    for (const name of Object.values(RECEIVERS).flat()) expect([...everything, 'ImportFinished', 'ImportUndone']).toContain(name);
  });
});
