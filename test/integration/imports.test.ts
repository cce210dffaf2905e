import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Table } from '../../core/store/table.ts';
import { dynamoJobs } from '../../functions/imports/dynamo-jobs.ts';
import { type ImportJobs, newJob } from '../../functions/imports/jobs.ts';
import { runImport, type WorkerDeps } from '../../functions/imports/run-import.ts';
import type { ImportTrail } from '../../functions/imports/s3-files.ts';
import { recordTargets } from '../../functions/imports/targets.ts';
import { RECORD_RULES } from '../../functions/record-rules.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { ImportFile, StartImport } from '../../schemas/imports.ts';
import { memoryTrail } from '../support/import-trail.ts';
import { TEST_TABLE, type TestStore, testStore } from '../support/records.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const urn = (n: number): string => `urn:uuid:${uuid(n)}`;
const NPI = 'http://hl7.org/fhir/sid/us-npi';

/** A doctor's file and a chart that names the doctor by identifier. */
const doctors = {
  resourceType: 'Bundle',
  type: 'batch',
  entry: [
    { fullUrl: urn(900), resource: { resourceType: 'Practitioner', id: uuid(900), identifier: [{ system: NPI, value: '999' }] } },
  ],
};
const chart = (observations: number) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: urn(1), resource: { resourceType: 'Patient', id: uuid(1), name: [{ family: 'Okafor', given: ['Ada'] }] } },
    ...Array.from({ length: observations }, (_, n) => ({
      fullUrl: urn(n + 2),
      resource: {
        resourceType: 'Observation',
        id: uuid(n + 2),
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
        subject: { reference: urn(1) },
        performer: [{ reference: `Practitioner?identifier=${NPI}|999` }],
        effectiveDateTime: `2024-01-01T00:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z`,
        valueQuantity: { value: 60 + (n % 40), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
      },
    })),
  ],
});

interface Import {
  readonly jobs: ImportJobs;
  readonly id: string;
  readonly trail: ImportTrail;
  /** Uploads that are gone. */
  readonly removed: readonly number[];
  /** One message of the queue: what the worker does with it. */
  work(over?: Partial<WorkerDeps>, how?: { readonly again?: boolean }): ReturnType<typeof runImport>;
}

async function importOf(store: TestStore, bundles: readonly object[]): Promise<Import> {
  const nowMs = () => Date.now();
  const jobs = dynamoJobs(() => new Table(store.client, TEST_TABLE), nowMs);
  const bodies = bundles.map((bundle) => Buffer.from(JSON.stringify(bundle)));
  const files = bodies.map(
    (bytes, n): ImportFile => ({
      name: `${n}.json`,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format: 'bundle',
    }),
  );
  const request: StartImport = { source: 'urn:old-ehr', files };
  const job = newJob(store.scope, request, nowMs());
  await jobs.add(store.scope, { ...job, state: 'running' });
  const removed: number[] = [];
  const trail = memoryTrail();
  const deps: WorkerDeps = {
    jobs,
    targets: recordTargets(store.records, RECORD_RULES.write),
    uploads: {
      read: async (_scope, _id, file) => bodies[file] ?? Buffer.alloc(0),
      remove: async (_scope, _id, file) => void removed.push(file),
    },
    trail,
    undo: store.records,
    nowMs,
    remainingMs: () => 900_000,
  };
  return {
    jobs,
    id: job.id,
    removed,
    trail,
    work: (over = {}, how = {}) => runImport({ ...deps, ...over }, store.scope, job.id, how),
  };
}

describe('an import', () => {
  test('brings files in order, follows conditional references, and the same files again change nothing', async () => {
    const store = await testStore();
    const first = await importOf(store, [doctors, chart(30)]);
    expect(await first.work()).toBe('done');
    expect(first.removed).toEqual([0, 1]);
    expect((await first.jobs.find(store.scope, first.id))?.progress).toMatchObject([
      { entries: 1, created: 1, present: 0, refused: 0, done: true },
      { entries: 31, created: 31, present: 0, refused: 0, unresolved: 0, done: true },
    ]);
    const pulse = await store.records.read(store.scope, 'Observation', uuid(5) as FhirId);
    expect(pulse).toMatchObject({
      subject: { reference: `Patient/${uuid(1)}` },
      performer: [{ reference: `Practitioner/${uuid(900)}` }],
      meta: { versionId: '1', source: 'urn:old-ehr' },
    });

    const again = await importOf(store, [doctors, chart(30)]);
    await again.work();
    expect((await again.jobs.find(store.scope, again.id))?.progress).toMatchObject([
      { created: 0, present: 1 },
      { created: 0, present: 31 },
    ]);
    expect((await store.records.read(store.scope, 'Observation', uuid(5) as FhirId)).meta.versionId).toBe('1');
  });

  test('what was corrected or deleted here since stays corrected and deleted', async () => {
    const store = await testStore();
    await (await importOf(store, [chart(2)])).work();
    const patient = await store.records.read(store.scope, 'Patient', uuid(1) as FhirId);
    await store.records.update(store.scope, { ...patient, gender: 'female' } as never);
    await store.records.delete(store.scope, 'Observation', uuid(3) as FhirId);

    const again = await importOf(store, [chart(2)]);
    await again.work();
    expect((await again.jobs.find(store.scope, again.id))?.progress).toMatchObject([{ created: 0, present: 3, refused: 0 }]);
    expect(await store.records.read(store.scope, 'Patient', uuid(1) as FhirId)).toMatchObject({
      gender: 'female',
      meta: { versionId: '2' },
    });
    await expect(store.records.read(store.scope, 'Observation', uuid(3) as FhirId)).rejects.toMatchObject({ kind: 'gone' });
  });

  test('out of time it stops after a chunk, and the next message goes on with it', async () => {
    const store = await testStore();
    const { jobs, id, work } = await importOf(store, [chart(600)]);
    expect(await work({ remainingMs: () => 1_000 })).toBe('continue');
    const halfway = await jobs.find(store.scope, id);
    expect(halfway?.progress[0]?.created).toBeGreaterThan(0);
    expect(halfway?.progress[0]?.created).toBeLessThan(601);
    expect(await work()).toBe('done');
    expect((await jobs.find(store.scope, id))?.progress).toMatchObject([{ entries: 601, created: 601, present: 0, refused: 0 }]);
  });

  test('a worker that died in the middle leaves nothing half done: the next one ends with every record, each once', async () => {
    const store = await testStore();
    const { jobs, id, work } = await importOf(store, [chart(600)]);
    const dying: ImportJobs = {
      ...jobs,
      save: async (scope, job) => {
        if ((job.progress[0]?.created ?? 0) > 200) throw new Error('The power went.');
        return jobs.save(scope, job);
      },
    };
    await expect(work({ jobs: dying })).rejects.toThrow('The power went.');
    expect(await work()).toBe('busy'); // the dead one's lease
    expect(await work({ nowMs: () => Date.now() + 200_000 })).toBe('done');
    const after = await jobs.find(store.scope, id);
    expect(after?.progress[0]).toMatchObject({ entries: 601, refused: 0 });
    expect((after?.progress[0]?.created ?? 0) + (after?.progress[0]?.present ?? 0)).toBe(601);
    const page = await store.records.chart(store.scope, uuid(1) as FhirId, { types: 'Observation', count: 1_000 });
    expect(page.items).toHaveLength(600);
  });

  test('of two workers with one import, one works and the other is told that it is busy', async () => {
    const store = await testStore();
    const { work } = await importOf(store, [chart(300)]);
    expect((await Promise.all([work(), work()])).sort()).toEqual(['busy', 'done']);
  });

  test('an upload that is not what was announced is refused whole, and says so', async () => {
    const store = await testStore();
    const { jobs, id, work } = await importOf(store, [chart(1)]);
    await work({ uploads: { read: async () => Buffer.from('{}'), remove: async () => undefined } });
    expect(await jobs.find(store.scope, id)).toMatchObject({
      state: 'failed',
      progress: [{ created: 0, done: true, failure: expect.stringContaining('SHA-256') }],
    });
  });

  test('a file that ends its worker without a word each time is given up at the third try, and people are told', async () => {
    const store = await testStore();
    const { jobs, id, work } = await importOf(store, [chart(3)]);
    const deadly = { read: () => Promise.reject(new Error('Out of memory.')), remove: async () => undefined };
    let hours = 0;
    const nextDelivery = () => work({ uploads: deadly, nowMs: () => Date.now() + hours++ * 3_600_000 });
    await expect(nextDelivery()).rejects.toThrow('Out of memory.');
    await expect(nextDelivery()).rejects.toThrow('Out of memory.');
    expect(await nextDelivery()).toBe('given-up');
    expect(await jobs.find(store.scope, id)).toMatchObject({
      state: 'failed',
      progress: [{ done: true, failure: expect.stringContaining('smaller') }],
    });

    expect(await work({}, { again: true })).toBe('done'); // what a person asks for once more begins where it stood
    expect(await jobs.find(store.scope, id)).toMatchObject({ state: 'done', progress: [{ done: true, created: 4 }] });
  });
});
