import { randomUUID } from 'node:crypto';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { DocumentReference, Patient, Provenance, Task } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileTask } from '../../core/scans/file-task.ts';
import { incomingKey } from '../../core/scans/scan-files.ts';
import { newUpload, toStatus, type Upload } from '../../core/scans/upload.ts';
import { UploadLine } from '../../core/scans/upload-line.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { Table } from '../../core/store/table.ts';
import type { Stored } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { completed, taken } from '../../core/tasks/changes.ts';
import { openTask, wakingWrites } from '../../core/tasks/open-task.ts';
import { pagesOf } from '../../functions/intake/decode/pages-of.ts';
import { whitePage } from '../../functions/intake/image/gray.ts';
import { toPng } from '../../functions/intake/image/png.ts';
import { type Checked, type Ending, type IntakeDeps, takeIn } from '../../functions/intake/take-in.ts';
import { lookAfterLate } from '../../functions/scans/late.ts';
import { labReport } from '../../local/demo/scan-letters.ts';
import { pdfOf } from '../../local/demo/scan-maker.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { DocumentWorkflows } from '../../schemas/settings/document-workflows.ts';
import { dueOf } from '../../schemas/tasks.ts';
import type { UploadStatus, UploadType } from '../../schemas/uploads.ts';
import { call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { Killed, killedAt } from '../support/killed-at.ts';
import { plainClient, scopeOf, TEST_TABLE } from '../support/records.ts';

const WHO = { given: 'Ottilie', family: 'Marbleton', birthDate: '1961-04-17' };
/** A small page: what is on it is said by the reader. */
const CLEAN = toPng(whitePage(300, 400));

let clinics: Clinics;
let scope: Scope;
let patient: FhirId;
beforeAll(async () => {
  clinics = await openClinics();
  scope = scopeOf(clinics.tenants.oak);
  patient = await person(WHO);
});

async function person({ given, family, birthDate, phone }: typeof WHO & { phone?: string }): Promise<FhirId> {
  const resource: Patient = {
    resourceType: 'Patient',
    name: [{ given: [given], family }],
    birthDate,
    ...(phone && { telecom: [{ system: 'phone', value: phone }] }),
  };
  return (await clinics.records.create(scope, resource)).id as FhirId;
}

/** A step at which the function may be killed: what it was about to do is done, or not, and nothing after it. */

interface Bench {
  readonly deps: IntakeDeps;
  readonly uploads: Clinics['scans']['uploads'];
  /** What lies in the bucket, by key. */
  readonly objects: Map<string, Uint8Array>;
  /** How many steps were taken. */
  readonly steps: () => number;
}

/** The intake over the run's database, files in memory and a reader that knows the page; killed before the step of that number. */
function bench({ killAt = Infinity, text = labReport(WHO) }: { killAt?: number; text?: readonly string[] } = {}): Bench {
  const objects = new Map<string, Uint8Array>();
  const { step, stepping, steps } = killedAt(killAt);
  // Whoever comes after one that was killed comes after its lease.
  const now = () => new Date(Date.now() + steps() * 60_000);
  const { uploads } = clinics.scans;
  const line = new UploadLine(() => new Table(plainClient(), TEST_TABLE), uploads, now);
  const deps: IntakeDeps = {
    uploads: stepping(uploads, 'save'),
    line: stepping(line, 'claim', 'stand', 'leave', 'next'),
    tellAgain: step(async () => undefined),
    records: {
      byIndex: clinics.records.byIndex.bind(clinics.records),
      create: clinics.records.create.bind(clinics.records),
      read: clinics.records.read.bind(clinics.records),
      readMany: clinics.records.readMany.bind(clinics.records),
      update: clinics.records.update.bind(clinics.records),
      transact: step(clinics.records.transact.bind(clinics.records)),
    },
    incoming: {
      read: step(async (tenant, id, file) => objects.get(incomingKey(tenant, id, file))),
      remove: step(async (tenant, id, file) => void objects.delete(incomingKey(tenant, id, file))),
    },
    kept: {
      keepPage: step(async (_tenant, id, page, png) => void objects.set(`${id}/p${page}`, png)),
      keepOriginal: step(async (_tenant, id, file, _type, bytes) => void objects.set(`${id}/o${file}`, bytes)),
    },
    pagesOf,
    readText: step(async () => text),
    scopeOf: () => scope,
    taskFor: (of, upload) => wakingWrites(clinics.records, of, fileTask(upload)),
    now,
    // The places of one test are free for the next.
    overMs: () => 0,
  };
  return { deps, uploads, objects, steps };
}

/** An upload whose files have arrived. */
async function arrived({ uploads, objects }: Bench, ...files: readonly Uint8Array[]): Promise<Upload> {
  const wanted = files.map(({ length }) => ({ type: 'image/png' as UploadType, bytes: length }));
  const upload = newUpload(scope, { source: 'fax', files: wanted }, Date.now());
  await uploads.add(scope, upload);
  for (const [file, bytes] of files.entries()) objects.set(incomingKey(scope.tenant, upload.id, file), bytes);
  return upload;
}
const checkedOf = (upload: Upload, file = 0, verdict: Checked['verdict'] = 'clean'): Checked => ({
  tenant: scope.tenant,
  upload: upload.id,
  file,
  etag: `etag-${file}`,
  verdict,
});
const openTasks = async (upload: Upload): Promise<Task[]> => {
  const { task } = await clinics.scans.uploads.read(scope, upload.id);
  return task ? ((await clinics.records.readMany(scope, [{ type: 'Task', id: task }])) as Task[]) : [];
};

test('a clean scan is read, kept, suggested with its facts and put on the board with one task', async () => {
  const at = bench();
  const upload = await arrived(at, CLEAN);
  expect(await takeIn(at.deps, checkedOf(upload))).toBe('to-file');
  const read = await at.uploads.read(scope, upload.id);
  expect(read.suggestion).toMatchObject({
    type: { code: '11502-2' },
    date: { date: '2026-03-14' },
    patient: { id: patient, facts: [{ kind: 'name' }, { kind: 'birth-date' }] },
  });
  expect(await openTasks(upload)).toMatchObject([{ status: 'requested' }]);
  expect([...at.objects.keys()].filter((key) => key.includes(upload.id)).sort()).toEqual([`${upload.id}/o0`, `${upload.id}/p0`]);
  expect(await takeIn(at.deps, checkedOf(upload))).toBe('gone'); // told twice
});

test('killed before each of its steps and tried again, it ends the same: one document, one task, nothing stuck', async () => {
  const whole = bench();
  await takeIn(whole.deps, checkedOf(await arrived(whole, CLEAN)));
  const steps = whole.steps();
  expect(steps).toBeGreaterThan(6);
  for (let killAt = 1; killAt <= steps; killAt++) {
    const at = bench({ killAt });
    const upload = await arrived(at, CLEAN);
    await expect(takeIn(at.deps, checkedOf(upload))).rejects.toThrow(Killed);
    const again = bench();
    for (const [key, bytes] of at.objects) again.objects.set(key, bytes);
    const later: IntakeDeps = { ...again.deps, now: () => new Date(Date.now() + 3_600_000) };
    expect(['to-file', 'gone']).toContain(await takeIn(later, checkedOf(upload)));
    expect((await again.uploads.read(scope, upload.id)).state).toBe('to-file');
    expect(await openTasks(upload)).toHaveLength(1);
  }
});

describe('the task to file it stands there already', () => {
  test('open: the document on the board names it', async () => {
    const at = bench();
    const upload = await arrived(at, CLEAN);
    const { task } = await openTask(clinics.records, scope, fileTask(upload));
    expect(await takeIn(at.deps, checkedOf(upload))).toBe('to-file');
    expect(await openTasks(upload)).toMatchObject([{ id: task.id, status: 'requested' }]);
  });
  test('closed by hand: it is opened again, so that the document is not forgotten', async () => {
    const at = bench();
    const upload = await arrived(at, CLEAN);
    const { task } = await openTask(clinics.records, scope, fileTask(upload));
    await clinics.records.update(scope, completed({ ...task, id: task.id as FhirId }, undefined, new Date()));
    expect(await takeIn(at.deps, checkedOf(upload))).toBe('to-file');
    expect(await openTasks(upload)).toMatchObject([{ id: task.id, status: 'requested' }]);
  });
  test('and the files never arrived: the upload is refused all the same', async () => {
    const at = bench();
    const { id } = await arrived(at, CLEAN);
    await openTask(clinics.records, scope, fileTask({ id }));
    await lookAfterLate({ ...clinics.scans, tellAgain: async () => undefined }, scope, id);
    expect(await at.uploads.read(scope, id)).toMatchObject({ state: 'refused' });
  });
});

test('files that are found clean at the same moment are all noted, and the document is read once', async () => {
  const at = bench();
  const upload = await arrived(at, CLEAN, CLEAN, CLEAN);
  const endings = await Promise.all([0, 1, 2].map((file) => takeIn(at.deps, checkedOf(upload, file))));
  expect(endings.filter((ending) => ending === 'to-file')).toHaveLength(1);
  expect((await at.uploads.read(scope, upload.id)).pages).toHaveLength(3);
});

describe('what is refused stays refused, and says why', () => {
  const broken = Buffer.concat([CLEAN.subarray(0, 200), Buffer.alloc(40)]);
  const bomb = Buffer.from(CLEAN);
  bomb.writeUInt32BE(100_000, 16);
  bomb.writeUInt32BE(100_000, 20);
  const cases: { title: string; bytes: Buffer; verdict?: Checked['verdict']; name: string }[] = [
    { title: 'infected', bytes: CLEAN, verdict: 'infected', name: 'scan-infected' },
    { title: 'not checked', bytes: CLEAN, verdict: 'unchecked', name: 'scan-unchecked' },
    { title: 'a web page', bytes: Buffer.from('<html><script>1</script></html>'), name: 'scan-type' },
    { title: 'nothing', bytes: Buffer.alloc(0), name: 'scan-empty' },
    { title: 'cut short', bytes: broken, name: 'scan-damaged' },
    { title: 'a picture that unpacks to 10 gigapixels', bytes: bomb, name: 'scan-picture-too-large' },
    { title: 'a PDF that is none', bytes: Buffer.from('%PDF-1.7\nnothing more'), name: 'scan-damaged' },
  ];
  test.each(cases)('$title: $name', async ({ bytes, verdict = 'clean', name }) => {
    const at = bench();
    const upload = await arrived(at, bytes);
    expect(await takeIn(at.deps, checkedOf(upload, 0, verdict))).toBe<Ending>('refused');
    const status = toStatus(await at.uploads.read(scope, upload.id));
    expect(status.outcome?.issue[0]?.details?.coding?.[0]?.code).toBe(name);
    // What was not let in is not kept where anybody reads.
    expect([...at.objects.keys()].filter((key) => key.startsWith(upload.id))).toEqual([]);
    expect(await takeIn(at.deps, checkedOf(upload))).not.toBe('to-file');
  });
});

describe('whose it is', () => {
  const suggested = async (text: readonly string[]) => {
    const at = bench({ text });
    const upload = await arrived(at, CLEAN);
    await takeIn(at.deps, checkedOf(upload));
    return (await at.uploads.read(scope, upload.id)).suggestion;
  };
  test('a twin with the same birth date and family name is not taken for the one that is named', async () => {
    const twins = { given: 'Emmeline', family: 'Thackeray', birthDate: '2015-03-01' };
    const other = { ...twins, given: 'Octavia' };
    const [one, two] = [await person(twins), await person(other)];
    expect((await suggested(labReport(twins)))?.patient?.id).toBe(one);
    expect((await suggested(labReport(other)))?.patient?.id).toBe(two);
    const both = await suggested([...labReport(twins), `Sister: ${other.given} ${other.family} DOB 03/01/2015`]);
    expect(both?.patient).toBeUndefined();
    expect(both?.possible.map(({ id }) => id).sort()).toEqual([one, two].sort());
  });
  test('father and son of one name: the birth date decides, and without it nobody is suggested', async () => {
    const father = { given: 'Ignatius', family: 'Featherstone', birthDate: '1950-02-11' };
    const son = { ...father, birthDate: '1981-07-30' };
    await person(father);
    const younger = await person(son);
    expect((await suggested(labReport(son)))?.patient?.id).toBe(younger);
    expect((await suggested(['Patient: Ignatius Featherstone', 'Glucose 99']))?.patient).toBeUndefined();
  });
  test('of a document that names more days than are looked up nobody is suggested: somebody else it names may not have been looked at', async () => {
    const who = { given: 'Barnabas', family: 'Quickly', birthDate: '1938-02-11' };
    const id = await person(who);
    const days = Array.from({ length: 70 }, (_, n) => `Seen ${(n % 12) + 1}/${(n % 28) + 1}/${1990 + (n % 30)}`);
    const found = await suggested([...labReport(who), ...days]);
    expect([found?.patient, found?.possible.map((one) => one.id)]).toEqual([undefined, [id]]);
  });
  test('a home whose number all its people have is no reason to suggest nobody', async () => {
    const who = { given: 'Hortensia', family: 'Merriweather', birthDate: '1931-06-17' };
    const id = await person(who);
    const [birthDate, phone] = ['1930-01-01', '(312) 555-0143'];
    await Promise.all(Array.from({ length: 61 }, (_, n) => person({ given: 'Ada', family: `Resident${n}`, birthDate, phone })));
    expect((await suggested(['Sunrise Home, phone (312) 555-0143', ...labReport(who)]))?.patient?.id).toBe(id);
  });
  test('a birth date of another page’s person, far from the name, is no fact', async () => {
    const who = { given: 'Wilhelmina', family: 'Ashcombe', birthDate: '1944-08-09' };
    await person(who);
    const gap = Array.from({ length: 12 }, (_, n) => `Line ${n}`);
    expect((await suggested([`From: Wilhelmina Ashcombe, MD`, ...gap, 'DOB 08/09/1944']))?.patient).toBeUndefined();
  });
});

describe('filing', () => {
  const file = (upload: Upload, body: object, role: 'front-desk' | 'nurse' = 'front-desk') =>
    call<UploadStatus>(clinics.handlers.scans, 'POST', `/api/oak/uploads/${upload.id}/file`, {
      body: { revision: upload.revision, type: '11502-2', date: '2026-03-14', ...body },
      headers: { 'content-type': 'application/json' },
      token: clinics.tokenOf('oak', role),
    });
  const ready = async (): Promise<Upload> => {
    const at = bench();
    const upload = await arrived(at, CLEAN);
    await takeIn(at.deps, checkedOf(upload));
    return at.uploads.read(scope, upload.id);
  };

  test('of two people who file one scan, to two patients, one is told that it is filed', async () => {
    const other = await person({ given: 'Juno', family: 'Halvers', birthDate: '1970-01-02' });
    const upload = await ready();
    const answers = await Promise.all([file(upload, { patient }), file(upload, { patient: other }, 'nurse')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const filed = await clinics.scans.uploads.read(scope, upload.id);
    expect(filed.state).toBe('filed');
    expect(await openTasks(filed)).toMatchObject([{ status: 'completed' }]);
    const charts = await Promise.all(
      [patient, other].map((id) => clinics.records.chart(scope, id, { types: 'DocumentReference', count: 50 })),
    );
    expect(charts.flatMap(({ items }) => items).filter(({ id }) => id === filed.filing?.document)).toHaveLength(1);
  });

  test('the document is sound R4, found by its words at once, moved with a trail in both charts, and taken back', async () => {
    const right = await person({ given: 'Petra', family: `Right${randomUUID().slice(0, 4)}`, birthDate: '1970-01-03' });
    const { body: filed } = await file(await ready(), { patient });
    const document = await clinics.records.read<DocumentReference>(scope, 'DocumentReference', filed.filing?.document as FhirId);
    expect(parseResource(document, { type: 'DocumentReference' })).toHaveProperty('resource');
    const find = async (of: FhirId) =>
      (
        await call<{ documents: { id: string }[] }>(clinics.handlers.scans, 'POST', `/api/oak/charts/${of}/documents`, {
          body: { text: 'slightly HEMOLYZED' },
          headers: { 'content-type': 'application/json' },
          token: clinics.tokenOf('oak', 'physician'),
        })
      ).body.documents.map(({ id }) => id);
    expect(await find(patient)).toContain(document.id);
    const move = (body: object) =>
      call<UploadStatus>(clinics.handlers.scans, 'POST', `/api/oak/uploads/${filed.id}/move`, {
        body: { reason: 'The wrong chart was open', ...body },
        headers: { 'content-type': 'application/json' },
        token: clinics.tokenOf('oak', 'front-desk'),
      });
    const moved = await move({ revision: filed.revision, patient: right });
    expect(moved.status).toBe(200);
    expect([await find(patient), await find(right)].map((ids) => ids.includes(document.id))).toEqual([false, true]);
    for (const chart of [patient, right]) {
      const { items } = await clinics.records.chart(scope, chart, { types: 'Provenance', count: 50 });
      expect(items).toMatchObject([{ reason: [{ text: 'The wrong chart was open' }] }]);
    }
    expect((await move({ revision: filed.revision })).status).toBe(412); // what was on the screen is old
    const back = await move({ revision: moved.body.revision });
    expect(back.body.state).toBe('to-file');
    expect(await find(right)).toEqual([]);
    const again = await file((await clinics.scans.uploads.read(scope, filed.id)) as Upload, { patient: right });
    expect([again.status, (await find(right)).includes(document.id)]).toEqual([201, true]);
  });

  const documentOf = (id: string) => clinics.records.read<DocumentReference>(scope, 'DocumentReference', `scan-${id}` as FhirId);
  const moveDocument = async (id: string, body: object, version?: string) =>
    call<{ upload?: string }>(clinics.handlers.scans, 'POST', `/api/oak/documents/scan-${id}/move`, {
      body: { version: Number(version ?? (await documentOf(id)).meta.versionId), reason: 'Two Petras', ...body },
      headers: { 'content-type': 'application/json' },
      token: clinics.tokenOf('oak', 'nurse'),
    });

  test('a document is moved from its chart at any age, when its row is long gone, with the same trail; and put back on the board', async () => {
    const right = await person({ given: 'Petra', family: 'Later', birthDate: '1970-01-04' });
    const { body: filed } = await file(await ready(), { patient });
    const Key = keyItem(keys.upload(scope.tenant, 'done', filed.id));
    await plainClient().send(new DeleteItemCommand({ TableName: TEST_TABLE, Key }));
    const document = await documentOf(filed.id);
    const rivals = await Promise.all([1, 2].map(() => moveDocument(filed.id, { patient: right }, document.meta.versionId)));
    expect(rivals.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect((await documentOf(filed.id)).subject?.reference).toBe(`Patient/${right}`);
    const trails = async (of: FhirId) =>
      (await clinics.records.chart(scope, of, { types: 'Provenance', count: 50 })).items.filter((one) =>
        (one as Provenance).target.some(({ reference }) => reference === `DocumentReference/${document.id}`),
      );
    expect([await trails(patient), await trails(right)]).toMatchObject([
      [{ reason: [{ text: 'Two Petras' }] }],
      [{ reason: [{ text: 'Two Petras' }] }],
    ]);
    expect((await moveDocument(filed.id, { patient: right })).status).toBe(422);
    expect((await moveDocument(filed.id, { patient: 'nobody' })).status).toBe(404);

    const back = await moveDocument(filed.id, {});
    expect(back).toMatchObject({ status: 200, body: { upload: filed.id } });
    expect((await moveDocument(filed.id, { patient: right })).status).toBe(422); // it stands in no chart
    const row = await clinics.scans.uploads.read(scope, filed.id);
    expect(toStatus(row, { whole: true })).toMatchObject({
      state: 'to-file',
      source: 'fax',
      pages: [{}],
      text: [expect.stringContaining('OTTILIE')],
    });
    const waiting = await clinics.records.read<Task>(scope, 'Task', taskId(scope.tenant, 'file-document', filed.id));
    expect(waiting.status).not.toBe('completed');
    expect((await file(row, { patient: right })).status).toBe(201);
    expect(await documentOf(filed.id)).toMatchObject({ status: 'current', subject: { reference: `Patient/${right}` } });
    // With its row there again, both go together.
    expect((await moveDocument(filed.id, { patient })).status).toBe(200);
    expect((await clinics.scans.uploads.read(scope, filed.id)).filing?.patient).toBe(patient);
  });

  test('who is asked to read a document is asked about the patient in whose chart it stands, whatever they had read it for', async () => {
    const settings = new ClinicSettings(clinics.records);
    const { version } = await settings.find(scope, 'document-workflows');
    const rules = [{ sources: ['fax'], pool: 'physician' }];
    await settings.write(scope, 'document-workflows', DocumentWorkflows.parse({ rules }), version);
    const right = await person({ given: 'Petra', family: 'Asked', birthDate: '1970-01-05' });
    const { body: filed } = await file(await ready(), { patient });
    const id = taskId(scope.tenant, 'review-document', `DocumentReference/scan-${filed.id}/physician`);
    const asked = async () => {
      const task = await clinics.records.read<Task>(scope, 'Task', id);
      return [task.status, task.for?.reference, task.owner?.display];
    };
    const change = async (to: (task: Stored<Task>) => Stored<Task>) => {
      await clinics.records.update(scope, to(await clinics.records.read<Task>(scope, 'Task', id)));
    };
    const osei = { reference: 'Practitioner/osei', display: 'Dr. Osei' };
    expect(await asked()).toEqual(['requested', `Patient/${patient}`, undefined]);
    await change((task) => taken(task, osei, new Date()));
    await moveDocument(filed.id, { patient: right });
    expect(await asked()).toEqual(['requested', `Patient/${right}`, 'Dr. Osei']);
    await change((task) => completed(task, osei, new Date()));
    await moveDocument(filed.id, { patient });
    expect(await asked()).toEqual(['requested', `Patient/${patient}`, undefined]);
    expect(Date.parse(dueOf(await clinics.records.read<Task>(scope, 'Task', id)) ?? '')).toBeGreaterThan(Date.now());
    await moveDocument(filed.id, {});
    expect((await asked())[0]).toBe('cancelled');
    await file(await clinics.scans.uploads.read(scope, filed.id), { patient: right });
    expect(await asked()).toEqual(['requested', `Patient/${right}`, undefined]);
  });
});

test('half an hour later: what never arrived is refused with a task, what arrived is read again, and nothing is done twice', async () => {
  const told: string[] = [];
  const deps = { ...clinics.scans, tellAgain: async ({ id }: Upload) => void told.push(id) };
  const at = bench();
  const lost = await arrived(at, CLEAN);
  const stuck = await arrived(at, CLEAN);
  await clinics.scans.uploads.save(scope, { ...stuck, files: [{ type: 'image/png', bytes: 1, etag: 'e' }] });
  for (const { id } of [lost, stuck, lost]) await lookAfterLate(deps, scope, id);
  expect(told).toEqual([stuck.id]);
  expect(toStatus(await at.uploads.read(scope, lost.id))).toMatchObject({ state: 'refused' });
});

test('a PDF of two pages is drawn and kept page by page', async () => {
  const at = bench();
  const upload = await arrived(at, await pdfOf(labReport(WHO), ['Second page']));
  expect(await takeIn(at.deps, checkedOf(upload))).toBe('to-file');
  const read = await at.uploads.read(scope, upload.id);
  expect([read.pages?.length, read.originals]).toEqual([2, ['application/pdf']]);
});
