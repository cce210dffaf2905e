import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type ImportAccepted, type ImportFile, type RefusedPage, StartImport, UndoImport } from '../../schemas/imports.ts';
import { type ImportJob, type ImportJobs, isSameRequest, isSettled, newJob, toStatus } from './jobs.ts';
import type { ImportTrail } from './s3-files.ts';

/** Where a tenant's uploads wait. */
export interface ImportFiles {
  /** An address that takes exactly these bytes for 15 minutes. */
  uploadAddress(
    scope: Scope,
    id: string,
    file: number,
    expected: ImportFile,
  ): Promise<{ url: string; headers: Record<string, string> }>;
  isThere(scope: Scope, id: string, file: number, expected: ImportFile): Promise<boolean>;
}

export interface ImportDeps {
  readonly jobs: ImportJobs;
  readonly files: ImportFiles;
  readonly trail: Pick<ImportTrail, 'readRefused'>;
  /** Puts the job in the worker's queue: ids only. */
  readonly enqueue: (scope: Scope, id: string) => Promise<void>;
  readonly nowMs: () => number;
}

/** Of how many recent imports one may be gone on with. */
const RECENT = 20;
const IMPORT = { kind: 'tenant', type: 'Tenant', interaction: 'import' } as const;

export const importEndpoints = (deps: ImportDeps): Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/fhir/R4/$import',
    access: IMPORT,
    summary: 'Begins an import of files, or goes on with the same one: answers where to upload them.',
    body: StartImport,
    async run({ scope, body }) {
      const recent = await deps.jobs.latest(scope, RECENT);
      const unfinished = recent.find((job) => !isSettled(job) && job.state !== 'undoing' && isSameRequest(job, body));
      const job = unfinished ?? newJob(scope, body, deps.nowMs());
      if (!unfinished) await deps.jobs.add(scope, job);

      const missing = await missingFiles(deps, scope, job);
      const uploads = await Promise.all(
        missing.map(async ({ file, expected }) => ({ file, ...(await deps.files.uploadAddress(scope, job.id, file, expected)) })),
      );
      const accepted: ImportAccepted = { ...toStatus(job), uploads };
      return reply(202, accepted, { 'content-location': `/api/${scope.slug}/imports/${job.id}` });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/imports/{id}/start',
    access: IMPORT,
    summary: 'Starts an import whose files are uploaded.',
    async run({ scope, params }) {
      const job = await known(deps, scope, params.id);
      if (job.state === 'waiting-for-upload') {
        const missing = await missingFiles(deps, scope, job);
        if (missing.length)
          throw new Problem(
            'rule-broken',
            said('import-files-missing', { names: missing.map(({ expected }) => expected.name).join(', ') }),
          );
        await deps.jobs.save(scope, { ...job, state: 'running' });
      }
      // Also when it is running already: a message that was lost is replaced, and a second one finds the lease taken.
      if (!isSettled(job)) await deps.enqueue(scope, job.id);
      return reply(202, toStatus(await known(deps, scope, job.id)));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/imports/{id}',
    access: IMPORT,
    summary: 'How far an import is: for every file and type, created + already present + refused = entries.',
    run: async ({ scope, params }) => reply(200, toStatus(await known(deps, scope, params.id))),
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/imports',
    access: IMPORT,
    summary: 'The latest imports, newest first.',
    run: async ({ scope }) => reply(200, { imports: (await deps.jobs.latest(scope, RECENT)).map(toStatus) }),
  }),
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/imports/{id}/files/{file}/refused',
    access: IMPORT,
    summary:
      'The refused entries of one file whole, each with its reasons, from position `from` on; `next` is where the rest begins.',
    media: 'application/json',
    async run({ scope, params, query }) {
      const job = await known(deps, scope, params.id);
      const file = Number(params.file);
      const progress = job.progress[file];
      if (!progress) throw new Problem('not-found', said('import-file-unknown'));
      const chunks = (progress.refusedIn ?? []).toSorted((one, other) => one - other);
      return reply(200, await refusedFrom(deps, scope, job.id, file, chunks, Number(query.get('from') ?? 0) || 0));
    },
  }),
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/imports/{id}/undo',
    access: IMPORT,
    summary:
      'Takes back what an import created, as far as nobody has changed it or built on it since. Asks for a reason; again it goes on.',
    body: UndoImport,
    async run({ scope, params, body }) {
      const job = await known(deps, scope, params.id);
      if (job.state === 'undone') return reply(202, toStatus(job));
      if (job.state !== 'undoing') {
        if (!isSettled(job)) throw new Problem('rule-broken', said('import-running'));
        const undo = {
          reason: body.reason,
          by: scope.user.id,
          asked: new Date(deps.nowMs()).toISOString(),
          deleted: 0,
          gone: 0,
          kept: { changed: 0, referenced: 0, shared: 0 },
          keptRecords: [],
        };
        await deps.jobs.save(scope, { ...job, state: 'undoing', undo, undoneBy: { user: scope.user, roles: scope.roles } });
      }
      await deps.enqueue(scope, job.id);
      return reply(202, toStatus(await known(deps, scope, job.id)));
    },
  }),
];

/** Bytes of one answer that are filled: Lambda answers at most 6 MB. */
const PAGE_BYTES = 3_000_000;

async function refusedFrom(
  { trail }: Pick<ImportDeps, 'trail'>,
  scope: Scope,
  id: string,
  file: number,
  chunks: readonly number[],
  from: number,
): Promise<RefusedPage> {
  const entries: RefusedPage['entries'] = [];
  let bytes = 0;
  for (const [index, first] of chunks.entries()) {
    const after = chunks[index + 1];
    if (after !== undefined && after <= from) continue; // all of this chunk stands before
    for (const entry of await trail.readRefused(scope, id, file, first)) {
      if (entry.entry < from) continue;
      bytes += Buffer.byteLength(JSON.stringify(entry));
      if (bytes > PAGE_BYTES && entries.length > 0) return { entries, next: entry.entry };
      entries.push(entry);
    }
  }
  return { entries };
}

async function known(deps: ImportDeps, scope: Scope, id: string | undefined): Promise<ImportJob> {
  const job = id === undefined ? undefined : await deps.jobs.find(scope, id);
  if (!job) throw new Problem('not-found', said('import-unknown'));
  return job;
}

async function missingFiles(deps: ImportDeps, scope: Scope, job: ImportJob): Promise<{ file: number; expected: ImportFile }[]> {
  if (job.state !== 'waiting-for-upload') return [];
  const checked = await Promise.all(
    job.files.map(async (expected, file) => ({ file, expected, there: await deps.files.isThere(scope, job.id, file, expected) })),
  );
  return checked.filter(({ there }) => !there);
}
