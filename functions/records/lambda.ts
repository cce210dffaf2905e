import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { createSearch, supportedParameters } from '../../core/search/index.ts';
import { newFhirId, openRecords } from '../../core/store/open-records.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { RECORD_RULES } from '../record-rules.ts';
import { CAPABILITIES_DATE, VERSION } from '../version.ts';
import { recordsEndpoints } from './endpoints.ts';

const { records, audit } = openRecords(recordEvents, recordDue);
const deps = featureDeps(audit);

export const handler = featureHandler(
  recordsEndpoints({
    records,
    search: createSearch({ records, derived: records }),
    audit,
    rules: RECORD_RULES,
    newId: newFhirId,
    nowMs: Date.now,
    log: deps.log,
    searchParameters: supportedParameters,
    version: VERSION,
    date: CAPABILITIES_DATE,
  }),
  deps,
);
