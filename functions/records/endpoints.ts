import type { Endpoint } from '../../core/http/types.ts';
import { createSender } from './batch.ts';
import type { CapabilitySources } from './capability-statement.ts';
import { createRecord } from './create-record.ts';
import { deleteRecord } from './delete-record.ts';
import type { RecordsDeps } from './deps.ts';
import { matchPatient } from './match-patient.ts';
import { metadata } from './metadata.ts';
import { postBundle } from './post-bundle.ts';
import { readRecord, readVersion } from './read-record.ts';
import { recordHistory } from './record-history.ts';
import { patientEverything, searchByAddress, searchByForm } from './search-records.ts';
import { updateRecord } from './update-record.ts';
import { validateRecord, validateResource } from './validate.ts';
import { WriteCheck } from './write-check.ts';

/** FHIR R4 REST over every type that no other feature owns. */
export function recordsEndpoints(
  deps: RecordsDeps & Pick<CapabilitySources, 'searchParameters' | 'version' | 'date'>,
): readonly Endpoint[] {
  const check = new WriteCheck(deps);
  const single = [
    readRecord(deps),
    readVersion(deps),
    recordHistory(deps),
    searchByAddress(deps),
    searchByForm(deps),
    patientEverything(deps),
    matchPatient(deps),
    createRecord(deps, check),
    updateRecord(deps, check),
    deleteRecord(deps, check),
    validateResource(deps, check),
    validateRecord(deps, check),
  ];
  const all: readonly Endpoint[] = [
    metadata(() => ({ endpoints: all, searchParameters: deps.searchParameters, version: deps.version, date: deps.date })),
    ...single,
    postBundle(deps, check, createSender(single, deps.audit)),
  ];
  return all;
}
