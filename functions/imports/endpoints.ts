import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type ImportAccepted, type ImportFile, StartImport } from '../../schemas/imports.ts';
import { type ImportJob, type ImportJobs, isSameRequest, newJob, toStatus } from './jobs.ts';

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
      const unfinished = recent.find((job) => job.state !== 'done' && job.state !== 'failed' && isSameRequest(job, body));
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
            `Upload these files first: ${missing.map(({ expected }) => expected.name).join(', ')}.`,
          );
        await deps.jobs.save(scope, { ...job, state: 'running' });
      }
      // Also when it is running already: a message that was lost is replaced, and a second one finds the lease taken.
      if (job.state !== 'done' && job.state !== 'failed') await deps.enqueue(scope, job.id);
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
];

async function known(deps: ImportDeps, scope: Scope, id: string | undefined): Promise<ImportJob> {
  const job = id === undefined ? undefined : await deps.jobs.find(scope, id);
  if (!job) throw new Problem('not-found', 'There is no such import.');
  return job;
}

async function missingFiles(deps: ImportDeps, scope: Scope, job: ImportJob): Promise<{ file: number; expected: ImportFile }[]> {
  if (job.state !== 'waiting-for-upload') return [];
  const checked = await Promise.all(
    job.files.map(async (expected, file) => ({ file, expected, there: await deps.files.isThere(scope, job.id, file, expected) })),
  );
  return checked.filter(({ there }) => !there);
}
