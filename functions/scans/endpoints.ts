import type { DocumentReference, Task } from 'fhir/r4';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { isSettled, newUpload, toStatus, type Upload } from '../../core/scans/upload.ts';
import type { UploadRows } from '../../core/scans/upload-rows.ts';
import { may, type Scope } from '../../core/scope.ts';
import { fold } from '../../core/search/fold.ts';
import type { Records, Stored, Write } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { cancelled } from '../../core/tasks/changes.ts';
import { completionWrites } from '../../core/tasks/open-task.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { isOpen, ownerOf } from '../../schemas/tasks.ts';
import {
  DESK_TAKES_BACK_MS,
  DiscardUpload,
  FileUpload,
  type Filing,
  FindInDocuments,
  type FoundDocument,
  MAX_FILE_BYTES,
  MoveDocument,
  MoveUpload,
  type PageLinks,
  ShowDocument,
  StartUpload,
  UPLOAD_TYPES,
  type UploadAccepted,
  type UploadBoard,
  type UploadLink,
  type UploadStatus,
  type UploadType,
} from '../../schemas/uploads.ts';
import { documentId, findIn, scanOf, shown, toBinaries, toDocument, uploadIdOf } from './filing.ts';
import { moveScan } from './moving.ts';

export interface ScansDeps {
  readonly uploads: UploadRows;
  readonly records: Records;
  readonly linkFor: (scope: Scope, upload: Upload, file: number) => Promise<UploadLink>;
  readonly pagesOf: (scope: Scope, upload: Pick<Upload, 'id' | 'pages' | 'originals'>) => Promise<PageLinks>;
  /** What else is written when a document is filed: the tasks that the clinic's rules ask for. */
  readonly workAfter: (scope: Scope, upload: Upload, document: DocumentReference) => Promise<readonly Write[]>;
  readonly now: () => Date;
}

/** Rows of one answer. A clinic with more unfiled scans than this files the oldest first. */
const LISTED = 200;
const scan = (interaction: 'read' | 'search' | 'create' | 'update') => ({ kind: 'tenant', type: 'Scan', interaction }) as const;

export const scansEndpoints = (deps: ScansDeps): Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/uploads',
    access: scan('create'),
    summary: 'Announces a scanned document of one or several files: answers where each is to be sent.',
    media: 'application/json',
    body: StartUpload,
    async run({ scope, body }) {
      const files = body.files.map(checkedFile);
      if (body.patient) await mustExist(deps, scope, body.patient);
      const upload = newUpload(
        scope,
        { source: body.source, files, ...(body.patient && { patient: body.patient }) },
        deps.now().getTime(),
      );
      await deps.uploads.add(scope, upload);
      return reply(201, await withLinks(deps, scope, upload), { location: `/api/${scope.slug}/uploads/${upload.id}` });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/uploads/{id}/links',
    access: scan('create'),
    summary: 'Answers again where the files that have not arrived are to be sent: after a broken connection or a reload.',
    media: 'application/json',
    async run({ scope, params }) {
      return reply(200, await withLinks(deps, scope, await deps.uploads.read(scope, params.id)));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/uploads',
    access: scan('search'),
    summary:
      'The filing board: what waits, the oldest first; with `settled=true` what was filed or put away in 90 days, the newest first.',
    media: 'application/json',
    async run({ scope, query }) {
      const part = query.get('settled') === 'true' ? 'done' : 'open';
      const { uploads, more } = await deps.uploads.list(scope, part, LISTED);
      return reply(200, { uploads: uploads.map((upload) => seenBy(scope, upload)), more } satisfies UploadBoard);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/uploads/{id}',
    access: scan('read'),
    summary: 'How far a scanned document is, what was read in it and what that suggests; of one that was refused, why.',
    media: 'application/json',
    async run({ scope, params }) {
      const upload = await deps.uploads.read(scope, params.id);
      return { ...reply(200, seenBy(scope, upload, { whole: true })), ...aboutPatient(upload) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/uploads/{id}/pages',
    access: scan('read'),
    summary: 'Where the pages of a scanned document are fetched for five minutes, and its files as they came.',
    media: 'application/json',
    async run({ scope, params }) {
      const upload = await deps.uploads.read(scope, params.id);
      if (!mayRead(scope, upload)) throw new Problem('forbidden', said('scan-settled'));
      return { ...reply(200, await deps.pagesOf(scope, upload)), ...aboutPatient(upload) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/uploads/{id}/file',
    access: scan('update'),
    summary:
      'Files a scanned document into a patient’s chart, as a person has confirmed it. Of two at once, one is told that it is filed.',
    media: 'application/json',
    body: FileUpload,
    async run({ scope, params, body }) {
      const upload = await deps.uploads.read(scope, params.id);
      if (isFiledAs(upload, body)) return reply(200, seenBy(scope, upload));
      mustBeReady(upload);
      if (upload.revision !== body.revision) throw new Problem('stale-version', said('upload-changed'));
      await mustExist(deps, scope, body.patient);
      const now = deps.now();
      const document = toDocument(upload, body, now);
      const again = upload.filings !== undefined;
      const writes: Write[] = [
        again ? { kind: 'update', resource: document } : { kind: 'create', id: document.id, resource: document },
        ...(again ? [] : toBinaries(upload).map((resource): Write => ({ kind: 'create', id: resource.id, resource }))),
        ...(await completionWrites(deps.records, scope, 'file-document', upload.id, doer(scope), now)),
        ...(await deps.workAfter(scope, upload, document)),
      ];
      const { next, ...beside } = deps.uploads.replacing(scope, upload, {
        ...upload,
        state: 'filed',
        filings: (upload.filings ?? 0) + 1,
        filing: {
          document: document.id,
          patient: body.patient,
          type: body.type,
          ...(body.date && { date: body.date }),
          at: now.toISOString(),
          ...(scope.user.name && { by: scope.user.name }),
        },
      });
      try {
        await deps.records.transact(scope, writes, { beside });
      } catch (error) {
        throw await toldWho(deps, scope, upload, error);
      }
      return reply(201, seenBy(scope, next));
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/uploads/{id}/move',
    access: scan('update'),
    summary:
      'Moves a filed document to the right patient’s chart, or without a patient back to the board. Asks why; both charts keep it.',
    media: 'application/json',
    body: MoveUpload,
    async run({ scope, params, body }) {
      const upload = await deps.uploads.read(scope, params.id);
      const { filing } = upload;
      if (!filing) throw new Problem('rule-broken', said('upload-not-filed'));
      if (upload.revision !== body.revision) throw new Problem('stale-version', said('upload-changed'));
      if (!body.patient && !mayTakeBack(scope, filing, deps.now())) throw new Problem('forbidden', said('scan-take-back'));
      if (body.patient) await mustExist(deps, scope, body.patient);
      const document = await deps.records.read<DocumentReference>(scope, 'DocumentReference', filing.document);
      const next = await moveScan(deps, scope, { document, upload, to: body.patient, reason: body.reason });
      return reply(200, seenBy(scope, next ?? upload));
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/uploads/{id}/discard',
    access: scan('update'),
    summary: 'Puts away what belongs in no chart, or was refused. Asks why.',
    media: 'application/json',
    body: DiscardUpload,
    async run({ scope, params, body }) {
      const upload = await deps.uploads.read(scope, params.id);
      if (upload.state === 'filed') throw new Problem('conflict', filedBy(upload));
      if (upload.state === 'discarded') return reply(200, seenBy(scope, upload));
      if (upload.revision !== body.revision) throw new Problem('stale-version', said('upload-changed'));
      const discarded: Upload = { ...upload, state: 'discarded' };
      const task = await taskToFile(deps, scope, upload);
      if (!task || !isOpen(task)) return reply(200, seenBy(scope, await deps.uploads.settle(scope, upload, discarded)));
      const { next, ...beside } = deps.uploads.replacing(scope, upload, discarded);
      const resource = cancelled(task, body.reason, doer(scope), deps.now());
      await deps.records.transact(scope, [{ kind: 'update', resource }], { beside });
      return reply(200, seenBy(scope, next));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/documents/{id}/pages',
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'read', patients: true },
    summary: 'Where the pages of a scanned document in a chart are fetched for five minutes, and its files as they came.',
    media: 'application/json',
    async run({ scope, params }) {
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('not-found', said('no-such-record'));
      const document = await deps.records.read<DocumentReference>(scope, 'DocumentReference', id.data);
      const patient = FhirId.safeParse(document.subject?.reference?.replace(/^Patient\//, '')).data;
      return { ...reply(200, await deps.pagesOf(scope, scanOf(document))), ...(patient && { patient }) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/documents/{id}/move',
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'update' },
    summary:
      'Moves a scanned document of any age to the right patient’s chart, or without a patient back to the board. Asks why; both charts keep it.',
    media: 'application/json',
    body: MoveDocument,
    async run({ scope, params, body }) {
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('not-found', said('no-such-record'));
      const document = await deps.records.read<DocumentReference>(scope, 'DocumentReference', id.data);
      const upload = uploadIdOf(document);
      // Another document that says that it is of this upload moves nothing of it.
      if (documentId({ id: upload }) !== id.data) throw new Problem('not-found', said('no-such-record'));
      if (Number(document.meta.versionId) !== body.version) throw new Problem('stale-version', said('upload-changed'));
      if (body.patient) await mustExist(deps, scope, body.patient);
      const left = patientOf(document);
      const wanted = { document, upload: await deps.uploads.find(scope, upload), to: body.patient, reason: body.reason };
      const next = await moveScan(deps, scope, wanted);
      return { ...reply(200, { ...(next && { upload: next.id }) }), ...(left && { patient: left }) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/documents/{id}/portal',
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'update' },
    summary: 'Shows a scanned document to its patient in the portal, or no longer.',
    media: 'application/json',
    body: ShowDocument,
    async run({ scope, params, body }) {
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('not-found', said('no-such-record'));
      const document = await deps.records.read<DocumentReference>(scope, 'DocumentReference', id.data);
      scanOf(document); // another document is released by whoever wrote it
      const { resource } = await deps.records.update(scope, shown(document, body.shown), { ifMatch: body.version });
      return reply(200, { shown: body.shown, version: Number(resource.meta.versionId) });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/charts/{id}/documents',
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'search' },
    summary: 'Finds the documents of a chart whose text or title has all of the words.',
    media: 'application/json',
    body: FindInDocuments,
    async run({ scope, params, body }) {
      const patient = FhirId.safeParse(params.id);
      if (!patient.success) throw new Problem('not-found', said('no-such-record'));
      await mustExist(deps, scope, patient.data);
      const found = await findDocuments(deps.records, scope, patient.data, body.text);
      return { ...reply(200, { documents: found }), patient: patient.data };
    },
  }),
];

/** Of a chart with thousands of documents, as many as one answer holds. */
const MOST_FOUND = 50;

/** By a strongly consistent read of the chart's documents: one filed a moment ago is found. */
async function findDocuments(
  records: Pick<Records, 'chart'>,
  scope: Scope,
  patient: FhirId,
  text: string,
): Promise<FoundDocument[]> {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const found: FoundDocument[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.chart(scope, patient, { types: 'DocumentReference', count: 200, ...(cursor && { cursor }) });
    for (const item of page.items) {
      const document = item as Stored<DocumentReference>;
      const line = document.status === 'entered-in-error' ? undefined : findIn(document, words, fold);
      if (line === undefined) continue;
      found.push({
        id: document.id as FhirId,
        title: document.type?.text ?? document.type?.coding?.[0]?.display ?? 'Document',
        ...(document.date && { date: document.date }),
        line,
      });
      if (found.length === MOST_FOUND) return found;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

function checkedFile({ type, bytes }: StartUpload['files'][number]): { type: UploadType; bytes: number } {
  const known = UPLOAD_TYPES.find((one) => one === type);
  if (!known) throw new Problem('wrong-media-type', said('scan-type'));
  if (bytes === 0) throw new Problem('rule-broken', said('scan-empty'));
  if (bytes > MAX_FILE_BYTES) throw new Problem('too-large', said('scan-too-large', { megabytes: MAX_FILE_BYTES / 1024 / 1024 }));
  return { type: known, bytes };
}

/** Whoever files reads what waits; what stands in a chart, or was put away, only whoever may read the chart's documents. */
const mayRead = (scope: Scope, upload: Upload): boolean => !isSettled(upload) || may(scope, 'DocumentReference', 'read');

/** To take out of a chart is to see it again. The desk mends what it has just filed; later somebody who may read the chart does. */
const mayTakeBack = (scope: Scope, { at }: Filing, now: Date): boolean =>
  may(scope, 'DocumentReference', 'read') || now.getTime() - Date.parse(at) <= DESK_TAKES_BACK_MS;

/** An upload as this person may see it: without the words of its pages, of which the suggestion quotes some, where they may not be read. */
function seenBy(scope: Scope, upload: Upload, { whole = false } = {}): UploadStatus {
  if (mayRead(scope, upload)) return toStatus(upload, { whole });
  const { suggestion: _, ...status } = toStatus(upload);
  return status;
}

/** The same order again, whose answer was lost. */
const isFiledAs = ({ revision, filing }: Upload, wanted: FileUpload): boolean =>
  filing !== undefined &&
  revision === wanted.revision + 1 &&
  filing.patient === wanted.patient &&
  filing.type === wanted.type &&
  filing.date === wanted.date;

async function mustExist({ records }: ScansDeps, scope: Scope, patient: FhirId): Promise<void> {
  if (!(await records.existing(scope, [{ type: 'Patient', id: patient }])).has(`Patient/${patient}`))
    throw new Problem('not-found', said('scan-patient-unknown'));
}

function mustBeReady(upload: Upload): void {
  if (upload.state === 'to-file') return;
  if (upload.state === 'filed') throw new Problem('conflict', filedBy(upload));
  if (upload.state === 'discarded') throw new Problem('rule-broken', said('upload-put-away'));
  throw new Problem('rule-broken', upload.refusal ? upload.refusal.issues : said('upload-not-read'));
}

/** The task to file an upload, whatever has become of it. */
async function taskToFile({ records }: ScansDeps, scope: Scope, { id }: Upload): Promise<Stored<Task> | undefined> {
  const [found] = await records.readMany(scope, [{ type: 'Task', id: taskId(scope.tenant, 'file-document', id) }]);
  return found as Stored<Task> | undefined;
}

const filedBy = ({ filing }: Pick<Upload, 'filing'>) => said('upload-filed', { who: filing?.by ?? '–' });
const doer = ({ user }: Scope) =>
  ownerOf({ sub: user.id, ...(user.fhirUser && { fhirUser: user.fhirUser }), ...(user.name && { name: user.name }) });

/** A lost race in words: whoever was second is told who was first. */
async function toldWho(deps: ScansDeps, scope: Scope, { id }: Upload, error: unknown): Promise<unknown> {
  if (!(error instanceof Problem) || error.kind !== 'conflict') return error;
  const now = await deps.uploads.read(scope, id);
  return now.state === 'filed' ? new Problem('conflict', filedBy(now), { cause: error }) : error;
}

async function withLinks(deps: ScansDeps, scope: Scope, upload: Upload): Promise<UploadAccepted> {
  const missing =
    upload.state === 'receiving' ? upload.files.flatMap(({ etag }, file) => (etag === undefined ? [file] : [])) : [];
  return { ...toStatus(upload), links: await Promise.all(missing.map((file) => deps.linkFor(scope, upload, file))) };
}

const aboutPatient = ({ filing, patient }: Upload): { patient?: FhirId } => {
  const about = filing?.patient ?? patient;
  return about ? { patient: about } : {};
};
