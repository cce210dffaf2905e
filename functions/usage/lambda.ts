import { proposeCharges, rerateAfter, rerateCharges } from '../../core/billing/visits.ts';
import { environment } from '../../core/environment.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import type { Reception } from '../../core/events/receiver.ts';
import { receiver } from '../../core/events/receiver.ts';
import { writeLog } from '../../core/http/log.ts';
import { Problem } from '../../core/outcome.ts';
import { systemScope } from '../../core/scope.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { count } from './ledger.ts';

const { RECORDS_TABLE } = environment('RECORDS_TABLE');
const { records, clients } = openRecords(recordEvents, recordDue);
const tableOf = (tenant: TenantId): Table => new Table(clients.records(tenant), RECORDS_TABLE);
const now = (): Date => new Date();
const failed = new FailedWorkRows(tableOf, now);

/**
 * A finished visit's charges, before it is counted: the receipt that the count writes says that both are done. A repeat finds each charge
 * under the id that it would give it, and writes none.
 */
async function propose({ happening: { event, tenant, eventId, id } }: Reception): Promise<void> {
  const scope = systemScope(tenant, eventId);
  try {
    if (event === 'EncounterFinished') await proposeCharges({ records, now }, scope, id);
    if (event === 'CoverageChanged') await rerateAfter({ records, now }, scope, id);
    // A coverage that an import brings has no event of its own: once it is over, all that is open is priced anew.
    if (event === 'ImportFinished') await rerateCharges({ records, now }, scope, 'everybody');
  } catch (error) {
    // Deleted in the meantime: a visit that is no record any more is billed to nobody.
    if (!(error instanceof Problem) || (error.kind !== 'gone' && error.kind !== 'not-found')) throw error;
  }
}

/** Whose visit it was, so that they count as active. Undefined for what is no visit, and for one that is no record any more. */
async function patientSeen({ happening: { event, tenant, eventId, id } }: Reception): Promise<FhirId | undefined> {
  if (event !== 'EncounterFinished') return undefined;
  try {
    return patientOf(await records.read(systemScope(tenant, eventId), 'Encounter', id));
  } catch (error) {
    if (!(error instanceof Problem) || (error.kind !== 'gone' && error.kind !== 'not-found')) throw error;
    return undefined;
  }
}

/** Counts what clinics use, and proposes what they are owed for it: one queue, one message an event. */
export const handler = receiver({
  worker: 'usage',
  failed,
  log: writeLog,
  async receive(reception) {
    await propose(reception);
    return count({ tableOf, failed, now }, reception, await patientSeen(reception));
  },
});
