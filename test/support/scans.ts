import { newUpload, type Upload } from '../../core/scans/upload.ts';
import { UploadRows } from '../../core/scans/upload-rows.ts';
import type { Scope } from '../../core/scope.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { Table } from '../../core/store/table.ts';
import type { Records } from '../../core/store/types.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import type { ScansDeps } from '../../functions/scans/endpoints.ts';
import { workAfter } from '../../functions/scans/work-after.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';

/** The scans desk on the run's database; links lead nowhere. */
export function scansDeps(records: Records, tableOf: (tenant: TenantId) => Table): ScansDeps {
  const settings = new ClinicSettings(records);
  return {
    records,
    uploads: new UploadRows(tableOf, () => new Date()),
    linkFor: async (_scope, { id }, file) => ({ file, url: `https://uploads.test/${id}`, fields: {} }),
    pagesOf: async (_scope, { id, pages = [] }) => ({
      pages: pages.map((size, page) => ({ ...size, url: `https://uploads.test/${id}/${page}` })),
      originals: [],
    }),
    workAfter: async (scope, upload, document) =>
      workAfter(records, scope, await settings.read(scope, 'document-workflows'), upload, document, new Date()),
    now: () => new Date(),
  };
}

/** An upload that was read and waits on the board, with the task to file it. */
export async function uploadToFile(
  { records, uploads }: Pick<ScansDeps, 'records' | 'uploads'>,
  scope: Scope,
  { text = ['Read text'], patient }: { text?: readonly string[]; patient?: FhirId } = {},
): Promise<Upload> {
  const fresh = newUpload(
    scope,
    { source: 'fax', files: [{ type: 'image/png', bytes: 10, etag: 'e' }], ...(patient && { patient }) },
    Date.now(),
  );
  const { task } = await openTask(records, scope, { kind: 'file-document', key: fresh.id });
  const upload: Upload = {
    ...fresh,
    state: 'to-file',
    pages: [{ width: 1700, height: 2200 }],
    originals: ['image/png'],
    text,
    suggestion: { possible: [] },
    task: task.id as FhirId,
  };
  await uploads.add(scope, upload);
  return upload;
}
