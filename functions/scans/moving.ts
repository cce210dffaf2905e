import type { DocumentReference, Provenance, Task } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import { fileTask } from '../../core/scans/file-task.ts';
import type { Upload } from '../../core/scans/upload.ts';
import type { UploadRows } from '../../core/scans/upload-rows.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Stored, Write } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { cancelled, handedOver, reopened } from '../../core/tasks/changes.ts';
import { wakingWrites } from '../../core/tasks/open-task.ts';
import { taskText } from '../../core/tasks/task-text.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { dueOf, isOpen, POOLS, poolsOf } from '../../schemas/tasks.ts';
import { moved, trailOf, unfiledAgain, uploadIdOf } from './filing.ts';

export interface Moving {
  readonly document: Stored<DocumentReference>;
  /** Its row on the board; undefined once that has expired, 90 days after it was filed. */
  readonly upload: Upload | undefined;
  /** Whose chart it belongs in; undefined: nobody knows yet, and it waits on the board again. */
  readonly to: FhirId | undefined;
  readonly reason: string;
}
interface Deps {
  readonly records: Records;
  readonly uploads: UploadRows;
  readonly now: () => Date;
}

/**
 * Out of one chart into another, or back to the board: the document, its trail in both charts, what was asked of somebody because of it,
 * and its row, in one transaction. The chart that it leaves is the one it stands in, whatever the row remembers.
 * @throws Problem rule-broken, conflict, stale-version
 */
export async function moveScan(deps: Deps, scope: Scope, { document, upload, to, reason }: Moving): Promise<Upload | undefined> {
  const { records, uploads } = deps;
  const now = deps.now();
  const from = patientOf(document);
  if (!from || document.status === 'entered-in-error' || (upload && !upload.filing))
    throw new Problem('rule-broken', said('upload-not-filed'));
  if (from === to) throw new Problem('rule-broken', said('scan-same-patient'));
  const id = document.id as FhirId;
  const trail = [from, ...(to ? [to] : [])].map((patient): Write => {
    const resource: Provenance = trailOf(scope, id, patient, reason, now);
    return { kind: 'create', resource };
  });
  const row = rowOf(uploads, scope, { document, upload, to, now });
  const writes: Write[] = [
    { kind: 'update', resource: moved(document, to), ifMatch: Number(document.meta.versionId) },
    ...trail,
    ...(await askedBecauseOf(records, scope, id, to, { reason, now })),
    ...(to ? [] : await wakingWrites(records, scope, fileTask({ id: uploadIdOf(document) }), { now })),
  ];
  await records.transact(scope, writes, row ? { beside: row } : {});
  return row?.next;
}

/** What becomes of the row: it goes with the document; one that has expired comes back only to the board. */
function rowOf(
  uploads: UploadRows,
  scope: Scope,
  { document, upload, to, now }: Pick<Moving, 'document' | 'upload' | 'to'> & { now: Date },
) {
  if (!upload) return to ? undefined : uploads.restoring(scope, unfiledAgain(document, scope, now));
  const { filing, ...unfiled } = upload;
  if (!filing) return undefined;
  const by = scope.user.name && { by: scope.user.name };
  return uploads.replacing(
    scope,
    upload,
    to ? { ...upload, filing: { ...filing, patient: to, at: now.toISOString(), ...by } } : { ...unfiled, state: 'to-file' },
  );
}

/** The tasks to read the document, of whatever pool. */
export async function reviewsOf(records: Pick<Records, 'readMany'>, scope: Scope, document: FhirId): Promise<Stored<Task>[]> {
  const references = POOLS.map((pool) => ({
    type: 'Task',
    id: taskId(scope.tenant, 'review-document', reviewKey(document, pool)),
  }));
  return (await records.readMany(scope, references)) as Stored<Task>[];
}
export const reviewKey = (document: string, pool: string): string => `DocumentReference/${document}/${pool}`;

/**
 * Whoever was asked to read it was asked about a patient. In another chart they are asked about that one, also when they had read it:
 * they judged it for somebody else. Back on the board nobody is to read it.
 */
async function askedBecauseOf(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  document: FhirId,
  to: FhirId | undefined,
  { reason, now }: { readonly reason: string; readonly now: Date },
): Promise<Write[]> {
  const tasks = await reviewsOf(records, scope, document);
  return tasks
    .filter((task) => to || isOpen(task))
    .map((task) => ({ kind: 'update', resource: to ? askedAnew(task, to, now) : cancelled(task, reason, undefined, now) }));
}

const DAY_MS = 24 * 3_600_000;

/** The same task about another patient. One that was over lies in its pool again, with as long a time as it had. */
export function askedAnew(task: Stored<Task>, patient: FhirId, now: Date): Stored<Task> {
  const about: Stored<Task> = { ...task, for: { reference: `Patient/${patient}` } };
  const how = { by: undefined, note: taskText('document-moved'), now };
  if (isOpen(task) && task.owner) return handedOver(about, { owner: task.owner }, how);
  const hadMs = Date.parse(dueOf(task) ?? '') - Date.parse(task.authoredOn ?? '');
  const due = new Date(now.getTime() + (hadMs > 0 ? hadMs : 2 * DAY_MS)).toISOString();
  const [pool = 'physician'] = poolsOf(task);
  return { ...reopened(handedOver(about, { pool, takeBy: due }, how), now), restriction: { period: { end: due } } };
}
