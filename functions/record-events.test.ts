import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { RecordChange } from '../core/record-events.ts';
import { RECEIVERS } from './receivers.ts';
import { EVENTFUL_TYPES, recordEvents } from './record-events.ts';

const patient: FhirResource = { resourceType: 'Patient' };
const encounter = (status: string) => ({ resourceType: 'Encounter', status, class: { code: 'AMB' } }) as FhirResource;

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
  ])('$change.kind by $change.via → $expected: $because', ({ change, expected }) => {
    expect(recordEvents(change)).toEqual(expected);
  });

  test('every name that somebody receives is one that something makes happen', () => {
    const everything = EVENTFUL_TYPES.flatMap((resourceType) =>
      (['created', 'updated', 'revived'] as const).flatMap((kind) =>
        recordEvents({ kind, next: { resourceType, status: 'finished' } as FhirResource, via: 'rest' }),
      ),
    );
    for (const name of Object.values(RECEIVERS).flat()) expect([...everything, 'ImportFinished']).toContain(name);
  });
});
