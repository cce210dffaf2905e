import type { FhirResource, Observation } from 'fhir/r4';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FileProgress } from '../../schemas/imports.ts';
import { chunkTrail } from '../../test/support/import-trail.ts';
import { anyScope } from '../../test/support/scope.ts';
import { UNMET_CLAIM } from './claims.ts';
import { type ImportTargets, importFile } from './import-file.ts';
import type { SourceName } from './names.ts';
import { entriesOf } from './source-file.ts';

/** A record store of the promises that an import leans on: an id is taken once, and keeps the source it came from. */
class Shelf implements ImportTargets {
  readonly records = new Map<string, { resource: FhirResource; source: string }>();
  async takenBy(_: unknown, names: readonly SourceName[]) {
    const taken = new Map<string, 'same' | 'other'>();
    for (const { type, wanted, source, universal } of names) {
      const found = this.records.get(`${type}/${wanted}`);
      if (found) taken.set(`${type}/${wanted}`, universal || found.source === source ? 'same' : 'other');
    }
    return taken;
  }
  async createMany(_: unknown, items: readonly { resource: FhirResource; id: string; source: string }[]) {
    return items.map(({ resource, id, source }) => {
      const key = `${resource.resourceType}/${id}`;
      if (this.records.has(key)) return 'present' as const;
      this.records.set(key, { resource, source });
      return 'created' as const;
    });
  }
  async findByIdentifier(_: unknown, wanted: { type: string; identifier: { system?: string; value: string } }) {
    for (const [key, { resource }] of this.records) {
      const { identifier } = resource as { identifier?: { system?: string; value?: string }[] };
      if (
        key.startsWith(`${wanted.type}/`) &&
        identifier?.some(({ system, value }) => value === wanted.identifier.value && system === wanted.identifier.system)
      )
        return key;
    }
    return undefined;
  }
  async refusalOf() {
    return [];
  }
}

const scope = anyScope();
const nothingYet: FileProgress = {
  name: 'f.json',
  created: 0,
  present: 0,
  refused: 0,
  byType: {},
  refusals: [],
  unresolved: 0,
  done: false,
};
const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const patient = { fullUrl: `urn:uuid:${uuid(1)}`, resource: { resourceType: 'Patient', id: uuid(1) } };
const observation = (n: number, extra: object = {}) => ({
  fullUrl: `urn:uuid:${uuid(n)}`,
  resource: {
    resourceType: 'Observation',
    id: uuid(n),
    status: 'final',
    code: { text: 'Pulse' },
    subject: { reference: patient.fullUrl },
    ...extra,
  },
});
const fileOf = (...entry: unknown[]) =>
  entriesOf(Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })), { format: 'bundle' });

describe('importFile', () => {
  let shelf: Shelf;
  const run = (
    entries: ReturnType<typeof fileOf>,
    { source = 'urn:old-ehr', progress = nothingYet, save = async () => true as boolean } = {},
  ) => importFile(shelf, { scope, source, entries, refusalsKept: 10, trail: chunkTrail(), progress, save });
  beforeEach(() => {
    shelf = new Shelf();
  });

  test('keeps free source ids, follows references between entries, and records the source', async () => {
    const result = await run(fileOf(observation(2), patient));
    expect(result).toMatchObject({ entries: 2, created: 2, present: 0, refused: 0, done: true });
    expect(shelf.records.get(`Observation/${uuid(2)}`)?.resource).toMatchObject({
      subject: { reference: `Patient/${uuid(1)}` },
      meta: { source: 'urn:old-ehr' },
    });
  });

  test('types that only look like names are counted apart, and the worker is as it was', async () => {
    const hostile = ['__proto__', 'constructor', 'toString', 'in#x', 'P'.repeat(3_000)];
    const result = await run(fileOf(...hostile.map((resourceType) => ({ resource: { resourceType, id: 'a' } })), patient));
    expect(result).toMatchObject({ entries: 6, created: 1, refused: 5, byType: { unknown: { refused: 5 } } });
    expect('refused' in {}).toBe(false);
    expect(shelf.records.get(`Patient/${uuid(1)}`)).toBeDefined();
  });

  test('an import creates nothing that its starter may not create: an audit trail is not brought along', async () => {
    const event = {
      resourceType: 'AuditEvent',
      type: { code: 'rest' },
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ requestor: false }],
      source: { observer: { display: 'elsewhere' } },
    };
    const result = await run(fileOf({ resource: event }, patient));
    expect(result).toMatchObject({ created: 1, refused: 1, byType: { AuditEvent: { refused: 1 } } });
    expect(result.refusals[0]?.issues).toEqual([{ text: 'Your role does not allow this.' }]);
  });

  test('a record that no answer could hold is not taken in', async () => {
    const long = { resourceType: 'Patient', id: 'long', name: Array.from({ length: 4 }, () => ({ text: 'x'.repeat(900_000) })) };
    expect(await run(fileOf({ resource: long }, patient))).toMatchObject({ created: 1, refused: 1 });
  });

  test('what is told of a refusal is short, whatever an element is called', async () => {
    const result = await run(fileOf({ resource: { resourceType: 'Patient', ['x'.repeat(100_000)]: 1 } }));
    expect(JSON.stringify(result.refusals).length).toBeLessThan(2_000);
  });

  test('the same file again changes nothing', async () => {
    await run(fileOf(patient, observation(2)));
    const before = structuredClone([...shelf.records]);
    expect(await run(fileOf(patient, observation(2)))).toMatchObject({ created: 0, present: 2, refused: 0 });
    expect([...shelf.records]).toEqual(before);
  });

  test('an id that another source has taken is not overwritten: the newcomer gets one of its own, the same in each run', async () => {
    const theirs = fileOf(
      { resource: { resourceType: 'Patient', id: 'p1', gender: 'male' } },
      {
        resource: {
          resourceType: 'Observation',
          id: 'o1',
          status: 'final',
          code: { text: 'Pulse' },
          subject: { reference: 'Patient/p1' },
        },
      },
    );
    await run(fileOf({ resource: { resourceType: 'Patient', id: 'p1', gender: 'female' } }), { source: 'urn:first' });
    expect(await run(theirs, { source: 'urn:second' })).toMatchObject({ created: 2, present: 0 });
    expect(await run(theirs, { source: 'urn:second' })).toMatchObject({ created: 0, present: 2 });
    expect(shelf.records.get('Patient/p1')?.resource).toMatchObject({ gender: 'female' });
    const pulse = shelf.records.get('Observation/o1')?.resource as Observation | undefined;
    const subject = pulse?.subject?.reference ?? '';
    expect(subject).not.toBe('Patient/p1');
    expect(shelf.records.get(subject)?.resource).toMatchObject({ gender: 'male' });
  });

  test('a record named twice in one file is counted once as created and once as present', async () => {
    expect(await run(fileOf(patient, patient, observation(2)))).toMatchObject({ entries: 3, created: 2, present: 1 });
  });

  test('a second entry under the name of one that was refused is brought in, not counted as if it were here', async () => {
    const sound = observation(2);
    const result = await run(fileOf(patient, observation(2, { status: 'sure' }), sound));
    expect(result).toMatchObject({ entries: 3, created: 2, present: 0, refused: 1 });
    expect(shelf.records.has(`Observation/${uuid(2)}`)).toBe(true);
  });

  test('of two entries that must not both exist the second stands in for a first that was refused, and references follow', async () => {
    const identifier = [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '777' }];
    const doctor = (n: number, extra: object) => ({
      fullUrl: `urn:uuid:${uuid(n)}`,
      resource: { resourceType: 'Practitioner', id: uuid(n), identifier, ...extra },
      request: { method: 'POST', url: 'Practitioner', ifNoneExist: 'identifier=http://hl7.org/fhir/sid/us-npi|777' },
    });
    const seen = observation(2, { performer: [{ reference: `urn:uuid:${uuid(6)}` }] });
    const result = await run(fileOf(doctor(5, { gender: 'doctor' }), doctor(6, {}), patient, seen));
    expect(result).toMatchObject({ entries: 4, created: 3, present: 0, refused: 1 });
    const [performer] = (shelf.records.get(`Observation/${uuid(2)}`)?.resource as Observation | undefined)?.performer ?? [];
    expect(shelf.records.has(performer?.reference ?? '')).toBe(true);
  });

  test('ifNoneExist finds the record that is here, and references follow it', async () => {
    const identifier = [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '999' }];
    await run(fileOf({ resource: { resourceType: 'Practitioner', id: 'mine', identifier } }), { source: 'urn:first' });
    const result = await run(
      fileOf(
        {
          fullUrl: `urn:uuid:${uuid(7)}`,
          resource: { resourceType: 'Practitioner', id: uuid(7), identifier },
          request: { method: 'POST', url: 'Practitioner', ifNoneExist: 'identifier=http://hl7.org/fhir/sid/us-npi|999' },
        },
        patient,
        observation(2, { performer: [{ reference: `urn:uuid:${uuid(7)}` }] }),
      ),
    );
    expect(result).toMatchObject({ created: 2, present: 1 });
    expect(shelf.records.get(`Observation/${uuid(2)}`)?.resource).toMatchObject({
      performer: [{ reference: 'Practitioner/mine' }],
    });
  });

  test('what is refused says where and why, the rest goes in, and every entry is counted', async () => {
    const result = await run(
      fileOf(
        patient,
        observation(2, { status: 'sure' }),
        null,
        { resource: { resourceType: 'Spaceship', id: 'x' } },
        observation(3),
      ),
    );
    expect(result).toMatchObject({
      entries: 5,
      created: 2,
      refused: 3,
      byType: { Observation: { created: 1, present: 0, refused: 1 } },
    });
    expect(result.refusals.map(({ entry }) => entry)).toEqual([1, 2, 3]);
    expect(result.refusals[0]?.issues[0]?.expression).toBe('Observation.status');
  });

  test('a profile that a record claims and does not meet becomes a tag; the record goes in, and is counted', async () => {
    const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';
    const claiming = { resource: { resourceType: 'Patient', id: 'c', meta: { profile: [profile] } } };
    expect(await run(fileOf(claiming, patient))).toMatchObject({ created: 2, refused: 0, unmetClaims: 1 });
    expect(shelf.records.get('Patient/c')?.resource.meta).toEqual({
      source: expect.any(String),
      tag: [{ system: UNMET_CLAIM, code: profile }],
    });
  });

  test('stopped after any chunk, it goes on where it was and the counts still add up', async () => {
    const entries = fileOf(
      patient,
      ...Array.from({ length: 700 }, (_, n) => ({
        resource: {
          resourceType: 'Observation',
          id: `o${n}`,
          status: 'final',
          code: { text: 'Pulse' },
          subject: { reference: `Patient/${uuid(1)}` },
        },
      })),
    );
    let progress = nothingYet;
    let runs = 0;
    do {
      progress = await run(entries, { progress, save: async () => false });
      runs++;
    } while (!progress.done);
    expect(runs).toBeGreaterThan(1);
    expect(progress).toMatchObject({ entries: 701, created: 701, present: 0, refused: 0 });
  });
});
