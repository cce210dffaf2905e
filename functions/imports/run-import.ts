import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { FileProgress, ImportFile, UndoProgress } from '../../schemas/imports.ts';
import { type ImportTargets, importFile } from './import-file.ts';
import { type ImportJob, type ImportJobs, isSettled } from './jobs.ts';
import type { ImportTrail, Uploads } from './s3-files.ts';
import { entriesOf, UnreadableFile } from './source-file.ts';
import { type UndoRecords, undoImport } from './undo-import.ts';

export interface WorkerDeps {
  readonly jobs: ImportJobs;
  readonly targets: ImportTargets;
  readonly uploads: Uploads;
  readonly trail: ImportTrail;
  /** Undoes an import's records. */
  readonly undo: UndoRecords;
  readonly nowMs: () => number;
  readonly remainingMs: () => number;
}

/**
 * How long a worker that says nothing keeps the job (ms); every save, after a chunk of some seconds, renews it. Two at once do no harm
 * (what one has written counts as present for the other, whose next save is refused), so a dead one is not waited for longer.
 */
export const LEASE_MS = 30_000;
/** With less time than this left (ms) the run stops after a chunk, and a new message goes on with it. */
const STOP_EARLY_MS = 60_000;
/** The queue hands a message out three times: the last one tells people instead of trying once more. */
const RUNS_WITHOUT_PROGRESS = 2;
/** Of all files of one import together: the job is one item of at most 400 KB. */
const REFUSALS_KEPT = 1_000;

/**
 * Works on an import until it is done or the time runs out.
 * 'busy' = another worker has it; 'given-up' = it made no progress and is over. `again`: a person wants what was given up tried once more.
 * Interrupted at any point it can be run again: entries already written count as present.
 */
export async function runImport(
  deps: WorkerDeps,
  scope: Scope,
  id: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<'done' | 'continue' | 'busy' | 'given-up'> {
  const kept = await deps.jobs.find(scope, id);
  const found = kept && again ? reopened(kept) : kept;
  if (!found || isSettled(found)) return 'done';
  const worker = randomUUID();
  if (found.lease && found.lease.untilMs > deps.nowMs()) return 'busy';
  let job = await claim(deps, scope, found, worker);
  if (!job) return 'busy';
  if (job.state === 'undoing') return undo(deps, scope, job, worker);
  if ((job.stalled?.runs ?? 0) >= RUNS_WITHOUT_PROGRESS) {
    await deps.jobs.save(scope, given(released(job)), FINISHED);
    return 'given-up';
  }

  for (const [index, file] of job.files.entries()) {
    const start = job.progress[index];
    if (!start || start.done) continue;
    const save = async (progress: FileProgress): Promise<boolean> => {
      job = await deps.jobs.save(scope, withProgress(deps, job as ImportJob, worker, index, progress));
      return deps.remainingMs() > STOP_EARLY_MS;
    };
    const finished = await bring(deps, { ...scope, ...job.startedBy }, job, index, file, start, save);
    if (!finished.done) {
      await deps.jobs.save(scope, released(job));
      return 'continue';
    }
    await save(finished);
  }
  await Promise.all(job.files.map((_, index) => deps.uploads.remove(scope, id, index)));
  const failed = job.progress.some(({ failure }) => failure !== undefined);
  await deps.jobs.save(scope, { ...released(job), state: failed ? 'failed' : 'done' }, FINISHED);
  return 'done';
}

/** The import's records taken back, as far as nobody has built on them. */
async function undo(deps: WorkerDeps, scope: Scope, claimed: ImportJob, worker: string): Promise<'done' | 'continue'> {
  let job = claimed;
  const save = async (undo: UndoProgress): Promise<boolean> => {
    const lease = { worker, untilMs: deps.nowMs() + LEASE_MS };
    job = await deps.jobs.save(scope, { ...job, undo, lease });
    return deps.remainingMs() > STOP_EARLY_MS;
  };
  const finished = await undoImport(deps, { ...scope, ...job.undoneBy }, job, save);
  await deps.jobs.save(scope, { ...released(job), ...(finished && { state: 'undone' as const }) }, finished ? UNDONE : []);
  return finished ? 'done' : 'continue';
}

const FINISHED = ['ImportFinished'];
const UNDONE = ['ImportUndone'];
const GIVEN_UP = 'This file could not be finished. What was counted is kept; cut the file into smaller ones and import them.';

/** The job with the files open again that were given up; as it is when there are none. */
function reopened({ stalled: _, ...job }: ImportJob): ImportJob {
  if (!job.progress.some(({ failure }) => failure === GIVEN_UP)) return job;
  return {
    ...job,
    state: 'running',
    progress: job.progress.map(({ failure, ...file }) =>
      failure === GIVEN_UP ? { ...file, done: false } : { ...file, ...(failure !== undefined && { failure }) },
    ),
  };
}

/** The job as failed: whoever waits for it is told what stands and what to do. */
const given = (job: ImportJob): ImportJob => ({
  ...job,
  state: 'failed',
  progress: job.progress.map((file) =>
    file.done
      ? file
      : {
          ...file,
          done: true,
          failure: GIVEN_UP,
        },
  ),
});

/** Undefined when a rival was quicker. */
async function claim(deps: WorkerDeps, scope: Scope, job: ImportJob, worker: string): Promise<ImportJob | undefined> {
  try {
    const counted = job.progress.reduce((sum, { created, present, refused }) => sum + created + present + refused, 0);
    const runs = job.stalled?.counted === counted ? job.stalled.runs + 1 : 0;
    return await deps.jobs.save(scope, {
      ...job,
      stalled: { runs, counted },
      lease: { worker, untilMs: deps.nowMs() + LEASE_MS },
    });
  } catch (error) {
    if (error instanceof Problem && error.kind === 'conflict') return undefined;
    throw error;
  }
}

async function bring(
  deps: WorkerDeps,
  scope: Scope,
  job: ImportJob,
  index: number,
  file: ImportFile,
  progress: FileProgress,
  save: (progress: FileProgress) => Promise<boolean>,
): Promise<FileProgress> {
  try {
    const bytes = await deps.uploads.read(scope, job.id, index);
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
      throw new UnreadableFile('The upload is not the file that was announced: its SHA-256 differs.');
    return await importFile(deps.targets, {
      scope,
      source: job.source,
      entries: entriesOf(bytes, file),
      trail: {
        keepRefused: (first, entries) => deps.trail.keepRefused(scope, job.id, index, first, entries),
        keepCreated: (first, names) => deps.trail.keepCreated(scope, job.id, index, first, names),
        readCreated: (first) => deps.trail.readCreated(scope, job.id, index, first),
      },
      refusalsKept: Math.max(5, Math.floor(REFUSALS_KEPT / job.files.length)),
      progress,
      save,
    });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { ...progress, done: true, failure: error.message };
  }
}

const withProgress = (deps: WorkerDeps, job: ImportJob, worker: string, index: number, progress: FileProgress): ImportJob => ({
  ...job,
  progress: job.progress.map((old, at) => (at === index ? structuredClone(progress) : old)),
  lease: { worker, untilMs: deps.nowMs() + LEASE_MS },
});

function released({ lease: _, ...job }: ImportJob): ImportJob {
  return job;
}
