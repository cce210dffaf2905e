import type { DocumentReference, Patient, Provenance, Task } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Upload } from '../../core/scans/upload.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { Stored } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { DocumentWorkflows } from '../../schemas/settings/document-workflows.ts';
import type { UploadStatus } from '../../schemas/uploads.ts';
import { call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { type Faults, injectFaults, killAt } from '../support/fault-injection.ts';
import { scopeOf } from '../support/records.ts';
import { uploadToFile } from '../support/scans.ts';

/** A person files, moves or takes back; the function dies before any one of its requests, and the person presses again. */

let clinics: Clinics;
let scope: Scope;
let faults: Faults;
beforeAll(async () => {
  clinics = await openClinics();
  scope = scopeOf(clinics.tenants.oak);
  const rules = [{ types: ['11502-2'], pool: 'physician', dueHours: 24 }];
  await new ClinicSettings(clinics.records).write(scope, 'document-workflows', DocumentWorkflows.parse({ rules }), 0);
  faults = injectFaults(clinics.client);
});

const patient = async (family: string): Promise<FhirId> =>
  (await clinics.records.create<Patient>(scope, { resourceType: 'Patient', name: [{ family }] })).id as FhirId;
const post = (id: string, action: string, body: object) =>
  call<UploadStatus>(clinics.handlers.scans, 'POST', `/api/oak/uploads/${id}/${action}`, {
    body,
    headers: { 'content-type': 'application/json' },
    token: clinics.tokenOf('oak', 'front-desk'),
  });
const upload = (id: string): Promise<Upload> => clinics.scans.uploads.read(scope, id);
const file = async (id: string, to: FhirId) =>
  post(id, 'file', { revision: (await upload(id)).revision, patient: to, type: '11502-2', date: '2026-03-14' });
/** With what the page shows now: to another patient, or without one back to the board. */
const move = async (id: string, to?: FhirId): Promise<Press> => {
  const { revision } = await upload(id);
  return () => post(id, 'move', { revision, reason: 'The wrong chart was open', ...(to && { patient: to }) });
};
const DONE: Press = async () => ({ status: 200 });

/** Everything that the clinic has of an upload, seen from outside. */
async function traces({ id }: Pick<Upload, 'id'>, ...charts: readonly FhirId[]) {
  const { state, filing } = await upload(id);
  const { uploads: board } = await clinics.scans.uploads.list(scope, 'open', 200);
  const { uploads: done } = await clinics.scans.uploads.list(scope, 'done', 200);
  const tasks = async (kind: 'file-document' | 'review-document', key: string) =>
    ((await clinics.records.readMany(scope, [{ type: 'Task', id: taskId(scope.tenant, kind, key) }])) as Task[]).map(
      ({ status }) => status,
    );
  const held = await Promise.all(
    charts.map(async (chart) => (await clinics.records.chart(scope, chart, { count: 100 })).items as readonly Stored[]),
  );
  const documents = held.map((items) => items.filter(({ resourceType }) => resourceType === 'DocumentReference').length);
  const trails = held.map((items) => items.filter((one): one is Stored<Provenance> => one.resourceType === 'Provenance').length);
  const binaries = await clinics.records.existing(scope, [{ type: 'Binary', id: `scan-${id}-0` as FhirId }]);
  return {
    state,
    chart: filing?.patient,
    rows: [board.filter((one) => one.id === id).length, done.filter((one) => one.id === id).length],
    toFile: await tasks('file-document', id),
    toReview: await tasks('review-document', `DocumentReference/scan-${id}/physician`),
    documents,
    trails,
    binaries: binaries.size,
  };
}

type Traces = Awaited<ReturnType<typeof traces>>;
type Press = () => Promise<{ status: number }>;

/**
 * Kills the work before its first, second, third … request, until it comes to its end alive; after each death what is seen is one of those
 * allowed. `prepare` is the person who looks at the page again and presses. Answers how often it died.
 */
async function dyingAtEachStep(prepare: () => Promise<Press>, look: () => Promise<Traces>, allowed: readonly Traces[]) {
  const killer = killAt(clinics.client);
  let deaths = 0;
  try {
    for (let step = 1; ; step++) {
      const press = await prepare();
      killer.at(step);
      const { status } = await press();
      if (!killer.fired()) {
        expect(status).toBeLessThan(300);
        return deaths;
      }
      deaths += 1;
      expect(status).toBeGreaterThanOrEqual(500);
      expect(allowed).toContainEqual(await look());
    }
  } finally {
    killer.off();
  }
}

const WAITING: Traces = {
  state: 'to-file',
  chart: undefined,
  rows: [1, 0],
  toFile: ['requested'],
  toReview: [],
  documents: [0, 0],
  trails: [0, 0],
  binaries: 0,
};
const filedTo = (chart: FhirId, documents: number[]): Traces => ({
  state: 'filed',
  chart,
  rows: [0, 1],
  toFile: ['completed'],
  toReview: ['requested'],
  documents,
  trails: [0, 0],
  binaries: 1,
});

test('filing, killed before each of its requests and pressed again: document, file, tasks and board are all done or all not', async () => {
  const [right, other] = [await patient('Right'), await patient('Other')];
  const scan = await uploadToFile(clinics.scans, scope);
  const { revision } = scan;
  // The page sends the very same again: it has not heard that it was done.
  const press = () => post(scan.id, 'file', { revision, patient: right, type: '11502-2', date: '2026-03-14' });
  const done = filedTo(right, [1, 0]);
  const deaths = await dyingAtEachStep(
    async () => press,
    () => traces(scan, right, other),
    [WAITING, done],
  );
  expect(deaths).toBeGreaterThan(5);
  expect(await traces(scan, right, other)).toEqual(done);
  expect((await press()).status).toBe(200); // and once more
  expect(await traces(scan, right, other)).toEqual(done);
});

test('moving it to the right patient, killed before each of its requests: in one chart at any time, a trail in both', async () => {
  const [wrong, right] = [await patient('Wrong'), await patient('Right')];
  const scan = await uploadToFile(clinics.scans, scope);
  await file(scan.id, wrong);
  const before = filedTo(wrong, [1, 0]);
  const after: Traces = { ...filedTo(right, [0, 1]), trails: [1, 1] };
  const again = async (): Promise<Press> => ((await upload(scan.id)).filing?.patient === right ? DONE : move(scan.id, right));
  expect(await dyingAtEachStep(again, () => traces(scan, wrong, right), [before, after])).toBeGreaterThan(4);
  expect(await traces(scan, wrong, right)).toEqual(after);
  const document = await clinics.records.read<DocumentReference>(scope, 'DocumentReference', `scan-${scan.id}` as FhirId);
  expect(document.subject).toEqual({ reference: `Patient/${right}` });
});

test('taking it back to the board, killed before each of its requests: off the chart and on the board with its task, or neither', async () => {
  const [chart, other] = [await patient('Chart'), await patient('Other')];
  const scan = await uploadToFile(clinics.scans, scope);
  await file(scan.id, chart);
  const before = filedTo(chart, [1, 0]);
  const after: Traces = { ...WAITING, toFile: ['accepted'], toReview: ['cancelled'], trails: [1, 0], binaries: 1 };
  const again = async (): Promise<Press> => ((await upload(scan.id)).state === 'to-file' ? DONE : move(scan.id));
  expect(await dyingAtEachStep(again, () => traces(scan, chart, other), [before, after])).toBeGreaterThan(4);
  expect(await traces(scan, chart, other)).toEqual(after);
});

describe('met by what goes wrong at the database', () => {
  test.each(['time-out after commit, token forgotten', 'conflict', 'server error before commit'] as const)(
    '%s: filed once',
    async (fault) => {
      const [right, other] = [await patient('Right'), await patient('Other')];
      const scan = await uploadToFile(clinics.scans, scope);
      faults.add('TransactWriteItemsCommand', fault);
      const first = await file(scan.id, right);
      expect([first.status < 300 || first.status === 503, faults.met.at(-1)]).toEqual([true, fault]);
      await file(scan.id, right);
      expect(await traces(scan, right, other)).toEqual(filedTo(right, [1, 0]));
    },
  );
});
