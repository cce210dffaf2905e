import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { Table } from '../../core/store/table.ts';
import { dynamoJobs } from '../../functions/imports/dynamo-jobs.ts';
import { type ImportJobs, newJob } from '../../functions/imports/jobs.ts';
import { runImport, type WorkerDeps } from '../../functions/imports/run-import.ts';
import { recordTargets } from '../../functions/imports/targets.ts';
import { RECORD_RULES } from '../../functions/record-rules.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { memoryTrail } from '../support/import-trail.ts';
import { TEST_TABLE, type TestStore, testStore } from '../support/records.ts';

const encounter = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p1' },
};
const pulse = (n: number, more: object = {}) => ({
  resourceType: 'Observation',
  id: `o${n}`,
  status: 'final',
  code: { text: 'Pulse' },
  subject: { reference: 'Patient/p1' },
  encounter: { reference: 'Encounter/e1' },
  ...more,
});
/** A chart of 1 patient, 1 visit, `pulses` observations, and a doctor. */
const chart = (pulses: number): object[] => [
  { resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Novak' }] },
  { resourceType: 'Patient', id: 'p1', name: [{ family: 'Okafor' }] },
  encounter,
  ...Array.from({ length: pulses }, (_, n) => pulse(n)),
];

interface Work {
  readonly jobs: ImportJobs;
  readonly id: string;
  readonly trail: ReturnType<typeof memoryTrail>;
  work(over?: Partial<WorkerDeps>): ReturnType<typeof runImport>;
  orderUndo(): Promise<void>;
  undo(): Promise<NonNullable<Awaited<ReturnType<ImportJobs['find']>>>['undo']>;
}

async function importOf(store: TestStore, lines: readonly object[]): Promise<Work> {
  const jobs = dynamoJobs(() => new Table(store.client, TEST_TABLE), Date.now);
  const bytes = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ name: 'a.ndjson', bytes: bytes.length, sha256, format: 'ndjson' as const }];
  const job = newJob({ ...store.scope, roles: ['admin'] }, { source: 'urn:old-ehr', files }, Date.now());
  await jobs.add(store.scope, { ...job, state: 'running' });
  const trail = memoryTrail();
  const deps: WorkerDeps = {
    jobs,
    targets: recordTargets(store.records, RECORD_RULES.write),
    uploads: { read: async () => bytes, remove: async () => undefined },
    trail,
    undo: store.records,
    nowMs: Date.now,
    remainingMs: () => 900_000,
  };
  const found = async () => {
    const known = await jobs.find(store.scope, job.id);
    if (!known) throw new Error('The import is gone.');
    return known;
  };
  const orderUndo = async () => {
    const undo = {
      reason: 'Wrong file',
      by: 'u',
      asked: '',
      deleted: 0,
      gone: 0,
      kept: { changed: 0, referenced: 0, shared: 0 },
      keptRecords: [],
    };
    await jobs.save(store.scope, {
      ...(await found()),
      state: 'undoing',
      undo,
      undoneBy: { user: store.scope.user, roles: ['admin'] },
    });
  };
  const work: Work['work'] = (over = {}) => runImport({ ...deps, ...over }, store.scope, job.id);
  return {
    jobs,
    id: job.id,
    trail,
    work,
    orderUndo,
    async undo() {
      await orderUndo();
      expect(await work()).toBe('done');
      return (await found()).undo;
    },
  };
}
const exists = async (store: TestStore, reference: string): Promise<boolean> => {
  const [type = '', id] = reference.split('/');
  return (await store.records.existing(store.scope, [{ type, id: id as FhirId }])).has(reference);
};

describe('an undo', () => {
  test('deletes what the import created; doctors and places stay, for other charts may name them', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(10));
    await it.work();
    expect(await it.undo()).toMatchObject({ deleted: 12, gone: 0, kept: { changed: 0, referenced: 0, shared: 1 }, left: 0 });
    expect((await it.jobs.find(store.scope, it.id))?.state).toBe('undone');
    expect(await exists(store, 'Patient/p1')).toBe(false);
    expect(await exists(store, 'Practitioner/d1')).toBe(true);
    await expect(store.records.read(store.scope, 'Observation', 'o1' as FhirId)).rejects.toMatchObject({ kind: 'gone' });
  });

  test('keeps what was changed since, and whatever that refers to, and tells why', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(5));
    await it.work();
    const changed = await store.records.read(store.scope, 'Observation', 'o2' as FhirId);
    await store.records.update(store.scope, { ...changed, status: 'amended' } as never);
    const undo = await it.undo();
    expect(undo).toMatchObject({ deleted: 4, kept: { changed: 1, referenced: 2, shared: 1 } });
    expect(undo?.keptRecords).toEqual(
      expect.arrayContaining([
        { reference: 'Observation/o2', why: 'changed' },
        { reference: 'Patient/p1', why: 'referenced' },
        { reference: 'Encounter/e1', why: 'referenced' },
      ]),
    );
  });

  test('keeps a patient for whom somebody wrote something since', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(3));
    await it.work();
    const { id: _, encounter: __, ...later } = pulse(9);
    await store.records.create(store.scope, later as unknown as FhirResource);
    expect(await it.undo()).toMatchObject({ deleted: 4, kept: { referenced: 1, shared: 1 } });
    expect(await exists(store, 'Patient/p1')).toBe(true);
  });

  test('takes back nothing that was here before the import', async () => {
    const store = await testStore();
    await (await importOf(store, chart(3))).work();
    const again = await importOf(store, [...chart(3), pulse(77)]);
    await again.work();
    expect(await again.undo()).toMatchObject({ deleted: 1, gone: 0, kept: { changed: 0, referenced: 0, shared: 0 } });
    expect(await exists(store, 'Observation/o1')).toBe(true);
    expect(await exists(store, 'Observation/o77')).toBe(false);
  });

  test('finds also what a worker created that died before it could count', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(300));
    const dying: ImportJobs = {
      ...it.jobs,
      save: async (scope, job) => {
        if ((job.progress[0]?.created ?? 0) > 0) throw new Error('The power went.');
        return it.jobs.save(scope, job);
      },
    };
    await expect(it.work({ jobs: dying })).rejects.toThrow('The power went.');
    await it.work({ nowMs: () => Date.now() + 200_000 });
    expect((await it.jobs.find(store.scope, it.id))?.progress[0]).toMatchObject({ created: 63, present: 240 });
    expect(await it.undo()).toMatchObject({ deleted: 302, kept: { shared: 1 } });
  });

  test('killed in the middle it goes on: nothing is left over and every record is accounted for', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(300));
    await it.work();
    await it.orderUndo();
    let saves = 0;
    const dying: ImportJobs = {
      ...it.jobs,
      save: async (scope, job) => {
        if (job.state === 'undoing' && ++saves > 2) throw new Error('The power went.');
        return it.jobs.save(scope, job);
      },
    };
    await expect(it.work({ jobs: dying })).rejects.toThrow('The power went.');
    expect(await it.work({ nowMs: () => Date.now() + 200_000 })).toBe('done');
    const after = await it.jobs.find(store.scope, it.id);
    expect(after?.state).toBe('undone');
    const { deleted = 0, gone = 0 } = after?.undo ?? {};
    expect(deleted + gone).toBe(302);
    expect(after?.undo?.kept).toEqual({ changed: 0, referenced: 0, shared: 1 });
    expect(await exists(store, 'Patient/p1')).toBe(false);
  });

  test('out of time it stops and the next message goes on', async () => {
    const store = await testStore();
    const it = await importOf(store, chart(300));
    await it.work();
    await it.orderUndo();
    expect(await it.work({ remainingMs: () => 1_000 })).toBe('continue');
    expect(await it.work()).toBe('done');
    expect((await it.jobs.find(store.scope, it.id))?.undo).toMatchObject({ deleted: 302, left: 0 });
  });
});

describe('refused entries', () => {
  test('are kept whole with their reasons, and once mended the file of them comes in as it is', async () => {
    const store = await testStore();
    const wrong = Array.from({ length: 250 }, (_, n) => pulse(n, { status: 'sure' }));
    const it = await importOf(store, [...chart(0), ...wrong]);
    await it.work();
    const progress = (await it.jobs.find(store.scope, it.id))?.progress[0];
    expect(progress).toMatchObject({ created: 3, refused: 250, refusedIn: [0, 240] });
    const kept = (await Promise.all([0, 240].map((first) => it.trail.readRefused(store.scope, it.id, 0, first)))).flat();
    expect(kept).toHaveLength(250);
    expect(kept[0]).toMatchObject({ entry: 3, type: 'Observation', issues: [{ expression: 'Observation.status' }] });

    // The lines as the screen writes them, mended.
    const lines = kept.map(({ resource, issues }) => ({
      resource: { ...(resource as object), status: 'final' },
      response: { status: '422', outcome: { resourceType: 'OperationOutcome', issue: issues } },
    }));
    const mended = await importOf(store, lines);
    await mended.work();
    expect((await mended.jobs.find(store.scope, mended.id))?.progress[0]).toMatchObject({
      entries: 250,
      created: 250,
      refused: 0,
    });
    expect(await store.records.read(store.scope, 'Observation', 'o7' as FhirId)).toMatchObject({
      subject: { reference: 'Patient/p1' },
    });
  });
});
