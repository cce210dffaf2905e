import { Problem, said } from '../../core/outcome.ts';
import { fileTask } from '../../core/scans/file-task.ts';
import { isAllChecked, refused, type Upload } from '../../core/scans/upload.ts';
import type { UploadRows } from '../../core/scans/upload-rows.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records } from '../../core/store/types.ts';
import { wakingWrites } from '../../core/tasks/open-task.ts';
import { taskText } from '../../core/tasks/task-text.ts';
import { isComing } from '../../schemas/uploads.ts';

export interface LateDeps {
  readonly uploads: UploadRows;
  readonly records: Pick<Records, 'create' | 'read' | 'readMany' | 'transact' | 'update'>;
  readonly tellAgain: (upload: Upload) => Promise<void>;
}

/**
 * Half an hour after it was announced an upload is on the board, or somebody learns why not: what has arrived and was not read is read again;
 * what never arrived is refused, and a task says so. Asked again it finds that done.
 */
export async function lookAfterLate({ uploads, records, tellAgain }: LateDeps, scope: Scope, id: string): Promise<void> {
  const upload = await uploads.find(scope, id);
  if (!upload || !isComing(upload)) return;
  if (isAllChecked(upload)) return tellAgain(upload);
  const lost = refused(upload, new Problem('rule-broken', said('scan-lost')));
  const writes = await wakingWrites(records, scope, { ...fileTask(upload), description: taskText('scan-lost') });
  if (writes.length === 0) return void (await uploads.save(scope, lost));
  const { next: _, ...beside } = uploads.replacing(scope, upload, lost);
  await records.transact(scope, writes, { beside });
}
