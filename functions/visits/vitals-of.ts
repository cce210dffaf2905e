import type { Encounter, Observation } from 'fhir/r4';
import type { Scope } from '../../core/scope.ts';
import type { Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { VisitsDeps } from './deps.ts';

/** Records of a chart that are looked through for a visit's measurements, and those that its note takes up: striking it must find room for them. */
const LOOKED_THROUGH = 200;
const MOST_VITALS = 24;

/** What was measured at the visit. */
export async function vitalsOf(
  { records }: Pick<VisitsDeps, 'records'>,
  scope: Scope,
  patient: FhirId,
  encounter: Encounter,
): Promise<Stored<Observation>[]> {
  const start = encounter.period?.start;
  const { items } = await records.chart(scope, patient, {
    types: 'Observation',
    count: LOOKED_THROUGH,
    ...(start && { fromTime: start.slice(0, 10) }),
  });
  const measured = (items as readonly Stored[]).filter(
    (one): one is Stored<Observation> =>
      one.resourceType === 'Observation' &&
      one.encounter?.reference === `Encounter/${encounter.id}` &&
      one.status !== 'entered-in-error' &&
      one.category?.some(({ coding }) => coding?.some(({ code }) => code === 'vital-signs')) === true,
  );
  return measured.slice(0, MOST_VITALS);
}
