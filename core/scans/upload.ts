import { randomBytes } from 'node:crypto';
import type { FhirId } from '../../schemas/ids.ts';
import type { Filing, Suggestion, UploadSource, UploadState, UploadStatus, UploadType } from '../../schemas/uploads.ts';
import { Problem, type ProblemIssue, type ProblemKind, toOutcome } from '../outcome.ts';
import type { Scope } from '../scope.ts';

/** One file of an upload. `etag`: of the content that was found clean; nothing else is read under its name. */
export interface UploadedFile {
  readonly type: UploadType;
  readonly bytes: number;
  readonly etag?: string;
}

/** A scanned document on its way from a desk to a chart, as it is kept. */
export interface Upload {
  readonly id: string;
  readonly state: UploadState;
  readonly source: UploadSource;
  readonly files: readonly UploadedFile[];
  /** Whose chart it was uploaded from. */
  readonly patient?: FhirId;
  readonly by: Pick<Scope, 'user' | 'roles' | 'slug' | 'fhirBase'>;
  /** UTC instants. */
  readonly created: string;
  readonly updated: string;
  readonly pages?: readonly { readonly width: number; readonly height: number }[];
  /** The true types, in the order of the files. */
  readonly originals?: readonly UploadType[];
  /** What was read, page by page. */
  readonly text?: readonly string[];
  readonly unread?: boolean;
  readonly suggestion?: Suggestion;
  readonly refusal?: { readonly kind: ProblemKind; readonly issues: readonly ProblemIssue[] };
  readonly task?: FhirId;
  readonly filing?: Filing;
  /** How often it was filed: each filing is a document of its own. */
  readonly filings?: number;
  /** Who reads it at the moment and until when (epoch ms), and how often that was begun. */
  readonly lease?: { readonly untilMs: number; readonly tries: number };
  /** Raised by each save: the lock between two who work on it. */
  readonly revision: number;
}

/** An id that sorts by time: milliseconds in base 36, then chance. */
export const newUploadId = (nowMs: number): string => `${nowMs.toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`;
export const isUploadId = (id: string): boolean => /^[0-9a-z]{25}$/.test(id);

export function newUpload(scope: Scope, wanted: Pick<Upload, 'source' | 'files' | 'patient'>, nowMs: number): Upload {
  const { source, files, patient } = wanted;
  const now = new Date(nowMs).toISOString();
  return {
    id: newUploadId(nowMs),
    state: 'receiving',
    source,
    files,
    ...(patient && { patient }),
    by: { user: scope.user, roles: scope.roles, slug: scope.slug, fhirBase: scope.fhirBase },
    created: now,
    updated: now,
    revision: 1,
  };
}

/** What is asked for half an hour after an upload was announced. */
export const UPLOAD_LATE = 'UploadLate';
export const LATE_MS = 30 * 60_000;

/** Whether it is off the filing board: in a chart, or put away. */
export const isSettled = ({ state }: Pick<Upload, 'state'>): boolean => state === 'filed' || state === 'discarded';

/** With one file found clean. */
export const withChecked = (upload: Upload, file: number, etag: string): Upload => ({
  ...upload,
  files: upload.files.map((one, at) => (at === file ? { ...one, etag } : one)),
});
export const isAllChecked = ({ files }: Pick<Upload, 'files'>): boolean => files.every(({ etag }) => etag !== undefined);

/** Refused for good: whoever uploaded it is told why, and it stays on the board until somebody puts it away. */
export function refused({ lease: _, ...upload }: Upload, problem: Problem): Upload {
  return { ...upload, state: 'refused', refusal: { kind: problem.kind, issues: problem.issues } };
}

export const toStatus = (upload: Upload, { whole = false } = {}): UploadStatus => {
  const { id, state, revision, source, created, updated, by, files, pages, text, unread, suggestion, patient, refusal } = upload;
  return {
    id,
    state,
    revision,
    source,
    created,
    updated,
    ...(by.user.name && { by: by.user.name }),
    files: files.map(({ type, bytes, etag }) => ({ type, bytes, checked: etag !== undefined })),
    ...(pages && { pages }),
    ...(whole && text && { text }),
    ...(unread && { unread }),
    ...(suggestion && { suggestion }),
    ...(patient && { patient }),
    ...(refusal && { outcome: toOutcome(new Problem(refusal.kind, refusal.issues)) }),
    ...(upload.filing && { filing: upload.filing }),
    ...(upload.task && { task: upload.task }),
  };
};
