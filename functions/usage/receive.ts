import type { BillingDeps } from '../../core/billing/clinic.ts';
import { proposeCharges, rerateAfter, rerateCharges, rerateCovered } from '../../core/billing/visits.ts';
import type { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type Reception, receiver } from '../../core/events/receiver.ts';
import type { Log } from '../../core/http/log.ts';
import { isGone } from '../../core/outcome.ts';
import { systemScope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { count, type LedgerDeps } from './ledger.ts';

export interface UsageDeps extends BillingDeps, LedgerDeps {
  readonly failed: FailedWorkRows;
  readonly log: Log;
}

/** Counts what clinics use, and proposes what they are owed for it: one queue, one message an event. */
export const usageReceiver = (deps: UsageDeps) =>
  receiver({
    worker: 'usage',
    failed: deps.failed,
    log: deps.log,
    async receive(reception) {
      await propose(deps, reception);
      return count(deps, reception, await patientSeen(deps, reception));
    },
  });

/**
 * A finished visit's charges, before it is counted: the receipt that the count writes says that both are done. A repeat finds each charge
 * under the id that it would give it, and writes none.
 */
async function propose(deps: UsageDeps, { happening: { event, tenant, eventId, id } }: Reception): Promise<void> {
  const scope = systemScope(tenant, eventId);
  try {
    if (event === 'EncounterFinished') await proposeCharges(deps, scope, id);
    if (event === 'CoverageChanged') await rerateAfter(deps, scope, id);
    if (event === 'FeesChanged') await rerateCharges(deps, scope, 'everybody');
    // Coverages that an import brings, or takes back, have no events of their own: its end is told once for all of them.
    if (event === 'ImportFinished' || event === 'ImportUndone') await rerateCovered(deps, scope);
  } catch (error) {
    // Deleted in the meantime: a visit that is no record any more is billed to nobody.
    if (!isGone(error)) throw error;
  }
}

/** Whose visit it was, so that they count as active. Undefined for what is no visit, and for one that is no record any more. */
async function patientSeen(
  { records }: UsageDeps,
  { happening: { event, tenant, eventId, id } }: Reception,
): Promise<FhirId | undefined> {
  if (event !== 'EncounterFinished') return undefined;
  const visit = await readIfThere(records, systemScope(tenant, eventId), 'Encounter', id);
  return visit && patientOf(visit);
}
