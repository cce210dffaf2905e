import { createHash, randomBytes } from 'node:crypto';
import type { Scope } from '../../core/scope.ts';
import type { FileProgress, ImportFile, ImportState, ImportStatus, StartImport, UndoProgress } from '../../schemas/imports.ts';

/** An import as it is kept: what was asked, by whom, and how far it is. */
export interface ImportJob {
  readonly id: string;
  readonly state: ImportState;
  readonly source: string;
  readonly files: readonly ImportFile[];
  readonly progress: readonly FileProgress[];
  /** Whose permissions the work is done under: checked when it was started. */
  readonly startedBy: Pick<Scope, 'user' | 'roles'>;
  readonly undo?: UndoProgress;
  /** Whose permissions an undo is done under. */
  readonly undoneBy?: Pick<Scope, 'user' | 'roles'>;
  /** UTC instants. */
  readonly created: string;
  readonly updated: string;
  /** The worker that has it in hand, and until when (epoch ms) no other may take it. */
  readonly lease?: { readonly worker: string; readonly untilMs: number };
  /** Runs in a row that ended without a word, and how many entries were counted when the last one began. */
  readonly stalled?: { readonly runs: number; readonly counted: number };
  /** Raised by each save: the lock between two workers. */
  readonly revision: number;
}

/** This feature's storage, in its own words. Reads are strongly consistent. */
export interface ImportJobs {
  add(scope: Scope, job: ImportJob): Promise<void>;
  find(scope: Pick<Scope, 'tenant'>, id: string): Promise<ImportJob | undefined>;
  /** The newest first. */
  latest(scope: Scope, count: number): Promise<readonly ImportJob[]>;
  /** `events`: names of what this state is the news of; the table's stream tells them. @throws Problem conflict when somebody saved since `job` was read. */
  save(scope: Scope, job: ImportJob, events?: readonly string[]): Promise<ImportJob>;
}

/** An id that sorts by time: milliseconds in base 36, then chance. */
export const newImportId = (nowMs: number): string => `${nowMs.toString(36).padStart(9, '0')}${randomBytes(6).toString('hex')}`;

/** A file of which nothing is counted yet. */
export const noProgress = (name: string): FileProgress => ({
  name,
  created: 0,
  present: 0,
  refused: 0,
  byType: {},
  refusals: [],
  unresolved: 0,
  done: false,
});

export function newJob(scope: Scope, request: StartImport, nowMs: number): ImportJob {
  const now = new Date(nowMs).toISOString();
  return {
    id: newImportId(nowMs),
    state: 'waiting-for-upload',
    source: request.source,
    files: request.files,
    progress: request.files.map(({ name }) => noProgress(name)),
    startedBy: { user: scope.user, roles: scope.roles },
    created: now,
    updated: now,
    revision: 1,
  };
}

/** Whether the job was asked for with these very files from this source: then it is gone on with instead of begun anew. */
export const isSameRequest = (job: ImportJob, request: StartImport): boolean => fingerprint(job) === fingerprint(request);
const fingerprint = ({ source, files }: Pick<StartImport, 'source'> & { files: readonly ImportFile[] }): string =>
  createHash('sha256')
    .update(JSON.stringify([source, files.map(({ sha256, format, encoding }) => [sha256, format, encoding])]))
    .digest('hex');

/** Nothing is left to be done for it. */
export const isSettled = ({ state }: Pick<ImportJob, 'state'>): boolean =>
  !['waiting-for-upload', 'running', 'undoing'].includes(state);

export const toStatus = ({ id, state, source, created, updated, progress, undo }: ImportJob): ImportStatus => ({
  id,
  state,
  source,
  created,
  updated,
  files: [...progress],
  ...(undo && { undo }),
});
