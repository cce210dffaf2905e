import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { pageLinks, uploadLink } from '../../core/scans/scan-files.ts';
import type { Upload } from '../../core/scans/upload.ts';
import { UploadRows } from '../../core/scans/upload-rows.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { scansEndpoints } from './endpoints.ts';
import { workAfter } from './work-after.ts';

const { RECORDS_TABLE, DOCUMENTS_BUCKET } = environment('RECORDS_TABLE', 'DOCUMENTS_BUCKET');
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const now = (): Date => new Date();
const settings = new ClinicSettings(records);

/** The desk: takes uploads, shows what was read, files. */
export const handler = featureHandler(
  scansEndpoints({
    uploads: new UploadRows((tenant) => new Table(clients.records(tenant), RECORDS_TABLE), now),
    records,
    linkFor: ({ tenant }, upload, file) =>
      uploadLink(DOCUMENTS_BUCKET, clients.documents, tenant, upload.id, file, upload.files[file] as Upload['files'][number]),
    pagesOf: ({ tenant }, upload) => pageLinks(DOCUMENTS_BUCKET, clients.documents, tenant, upload),
    workAfter: async (scope, upload, document) =>
      workAfter(records, scope, await settings.read(scope, 'document-workflows'), upload, document, now()),
    now,
  }),
  featureDeps(audit),
);
