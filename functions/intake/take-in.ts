import { Problem, said } from '../../core/outcome.ts';
import type { IncomingFiles } from '../../core/scans/scan-files.ts';
import { type LineDeps, startNext } from '../../core/scans/start-next.ts';
import { isAllChecked, refused, type Upload, withChecked } from '../../core/scans/upload.ts';
import type { Claim, UploadLine } from '../../core/scans/upload-line.ts';
import type { UploadRows } from '../../core/scans/upload-rows.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Write } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { isComing } from '../../schemas/uploads.ts';
import { type ReadingDeps, readUpload } from './read-upload.ts';
import { suggestDate } from './suggest/document-date.ts';
import { suggestType } from './suggest/document-type.ts';
import { suggestPatient } from './suggest/patient.ts';

/** What the malware check says of one file. */
export interface Checked {
  readonly tenant: TenantId;
  readonly upload: string;
  readonly file: number;
  readonly etag: string;
  readonly verdict: 'clean' | 'infected' | 'unchecked';
}

export interface IntakeDeps extends ReadingDeps {
  readonly incoming: IncomingFiles;
  readonly uploads: UploadRows;
  readonly line: UploadLine;
  readonly tellAgain: LineDeps['tellAgain'];
  readonly records: Pick<Records, 'byIndex' | 'create' | 'read' | 'readMany' | 'transact' | 'update'>;
  readonly scopeOf: (upload: Upload, tenant: TenantId) => Scope;
  /** The task to file it, as one more write. */
  readonly taskFor: (scope: Scope, upload: Upload) => Promise<readonly Write[]>;
  readonly now: () => Date;
  /** When whoever works here is ended from outside at the latest, epoch ms. */
  readonly overMs: () => number;
}

/** How long one who says nothing keeps others away (ms). Each page, of a second or a few, renews it. */
const LEASE_MS = 40_000;
/** Readings that ended without a word: then the document is left to people, or refused. */
const TRIES = { withText: 2, atAll: 4 } as const;
/** Of those who note another file of the same upload at the same moment. */
const NOTE_ATTEMPTS = 12;

/** `waiting`: not every file has come. `in-line`: others of the clinic are read; whoever ends tells it to begin. */
export type Ending = 'gone' | 'waiting' | 'in-line' | 'refused' | 'busy' | 'to-file';

/**
 * One result of the malware check: notes it, and when it was the last file's, reads the document and puts it on the filing board.
 * Each step can be done again: what is noted, read and kept already is found so.
 */
export async function takeIn(deps: IntakeDeps, checked: Checked): Promise<Ending> {
  const noted = await note(deps, checked);
  if (noted && isComing(noted)) return goOn(deps, checked.tenant, noted);
  // Whoever ended it may have died before the next was told.
  await startNext(deps, checked.tenant);
  return noted ? 'refused' : 'gone';
}

async function goOn(deps: IntakeDeps, tenant: TenantId, upload: Upload): Promise<Ending> {
  if (!isAllChecked(upload)) return 'waiting';
  const claim = await begin(deps, tenant, upload);
  if (typeof claim === 'string') return claim;
  let ending: Ending;
  try {
    ending = await read(deps, tenant, claim.upload);
  } finally {
    await deps.line.leave({ tenant }, claim.place);
    await startNext(deps, tenant);
  }
  return ending;
}

/** Reads what we have a place for, and puts it on the board. */
async function read(deps: IntakeDeps, tenant: TenantId, mine: Upload): Promise<Ending> {
  const scope = deps.scopeOf(mine, tenant);
  const tries = mine.lease?.tries ?? 1;
  if (tries > TRIES.atAll) return refuse(deps, tenant, mine, new Problem('rule-broken', said('scan-damaged')));
  const withText = tries <= TRIES.withText;
  let held = mine;
  let onBoard: Upload;
  try {
    const pages = await readUpload(deps, scope, mine, {
      withText,
      renew: async () => {
        held = await deps.uploads.save(scope, { ...held, lease: { tries, untilMs: deps.now().getTime() + LEASE_MS } });
      },
    });
    const suggestion = {
      ...definedOnly({
        type: suggestType(pages.text),
        date: suggestDate(pages.text, deps.now().toISOString().slice(0, 10)),
      }),
      ...(await suggestPatient(deps.records, scope, pages.text, mine.patient)),
    };
    const { lease: _, ...rest } = held;
    onBoard = { ...rest, ...pages, suggestion, ...(!withText && { unread: true }), state: 'to-file' };
  } catch (error) {
    if (error instanceof Problem && REFUSING.has(error.kind)) return refuse(deps, tenant, held, error);
    // Whoever tries next need not wait for the lease to run out.
    await deps.uploads.save(scope, { ...held, lease: { tries, untilMs: 0 } }).catch(() => undefined);
    throw error;
  }
  await board(deps, scope, held, onBoard);
  // What came in is kept elsewhere by now. If this fails the bucket takes it away in its own time.
  await Promise.all(onBoard.files.map((_, file) => deps.incoming.remove(tenant, onBoard.id, file)));
  return 'to-file';
}

/** What is said of the file itself, and stays so however often it is tried. */
const REFUSING = new Set(['rule-broken', 'wrong-media-type', 'too-large']);

function definedOnly<T extends object>(value: { [Name in keyof T]: T[Name] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}

/** The document on the board and the task to file it, both or neither. */
async function board(deps: IntakeDeps, scope: Scope, was: Upload, read: Upload): Promise<void> {
  const writes = await deps.taskFor(scope, read);
  const onBoard: Upload = { ...read, task: taskId(scope.tenant, 'file-document', read.id) };
  // The task stands there already when the upload was late, or its task was made by hand.
  if (writes.length === 0) return void (await deps.uploads.save(scope, onBoard));
  const { next: _, ...beside } = deps.uploads.replacing(scope, was, onBoard);
  await deps.records.transact(scope, writes, { beside });
}

async function refuse({ uploads }: IntakeDeps, tenant: TenantId, upload: Upload, problem: Problem): Promise<'refused'> {
  await uploads.save({ tenant }, refused(upload, problem));
  return 'refused';
}

/** The upload with this result noted; undefined when there is nothing left to do for it. */
async function note({ uploads }: IntakeDeps, { tenant, upload: id, file, etag, verdict }: Checked): Promise<Upload | undefined> {
  for (let attempt = 1; ; attempt++) {
    const upload = await uploads.find({ tenant }, id);
    const known = upload?.files[file];
    if (!upload || !known || !isComing(upload)) return undefined;
    if (verdict === 'clean' && known.etag === etag) return upload;
    // Another content under a name that was checked is not taken: reading names the content that was.
    if (known.etag !== undefined) return upload;
    const next =
      verdict === 'clean'
        ? withChecked(upload, file, etag)
        : refused(upload, new Problem('rule-broken', said(verdict === 'infected' ? 'scan-infected' : 'scan-unchecked')));
    try {
      return await uploads.save({ tenant }, next);
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'conflict' || attempt === NOTE_ATTEMPTS) throw error;
    }
  }
}

type Mine = Extract<Claim, { kind: 'mine' }>;

/** A place to read the upload in; or it stands in line, or another has it. */
async function begin(deps: IntakeDeps, tenant: TenantId, upload: Upload): Promise<Mine | 'busy' | 'in-line'> {
  const nowMs = deps.now().getTime();
  if (upload.lease && upload.lease.untilMs > nowMs) return 'busy';
  const lease = { untilMs: nowMs + LEASE_MS, tries: (upload.lease?.tries ?? 0) + 1 };
  const claim = await deps.line.claim({ tenant }, upload, { ...upload, state: 'reading', lease }, deps.overMs());
  if (claim.kind === 'mine') return claim;
  if (claim.kind === 'changed') return 'busy';
  if (upload.state === 'waiting') return 'in-line';
  const standing = await deps.line.stand({ tenant }, upload);
  // Whoever ended before it stood there did not see it.
  return standing ? begin(deps, tenant, standing) : 'busy';
}
