import { randomUUID } from 'node:crypto';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { signerFromEnvironment } from '../../core/signing/kms-signer.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { RECORD_RULES } from '../record-rules.ts';
import { visitsEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);

const deps = featureDeps(audit);

export const handler = featureHandler(
  visitsEndpoints({
    records,
    rules: RECORD_RULES,
    signer: signerFromEnvironment(),
    zoneOf: async ({ slug }) => (await deps.directory.findTenant(slug))?.timeZone ?? 'UTC',
    now: () => new Date(),
    newUuid: randomUUID,
  }),
  deps,
);
