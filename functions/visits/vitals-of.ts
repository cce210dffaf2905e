import type { Encounter, Observation } from 'fhir/r4';
import type { Scope } from '../../core/scope.ts';
import type { Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { VisitsDeps } from './deps.ts';

/** Observations of one answer of the store; a day of a chart that was brought in has thousands. */
const PAGE = 200;
const MOST_PAGES = 25;
/** Measurements that a note takes up: striking it must find room for them. */
const MOST_VITALS = 24;
/** A visit's begin may be written on another continent's clock, and what was measured is filed by the time of UTC. */
const DAY_MS = 86_400_000;

/** What was measured at the visit, the newest first, as much as a note takes up. */
export async function vitalsOf(
  { records }: Pick<VisitsDeps, 'records'>,
  scope: Scope,
  patient: FhirId,
  encounter: Encounter,
): Promise<Stored<Observation>[]> {
  const startMs = Date.parse(encounter.period?.start ?? '');
  const measured: Stored<Observation>[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && measured.length < MOST_VITALS; page++) {
    const answer = await records.chart(scope, patient, {
      types: 'Observation',
      count: PAGE,
      ...(!Number.isNaN(startMs) && { fromTime: new Date(startMs - DAY_MS).toISOString().slice(0, 10) }),
      ...(cursor && { cursor }),
    });
    measured.push(...(answer.items as readonly Stored[]).filter((one) => isMeasuredAt(one, encounter)));
    cursor = answer.cursor;
    if (cursor === undefined) break;
  }
  return measured.slice(0, MOST_VITALS);
}

const isMeasuredAt = (one: Stored, { id }: Encounter): one is Stored<Observation> =>
  one.resourceType === 'Observation' &&
  one.encounter?.reference === `Encounter/${id}` &&
  one.status !== 'entered-in-error' &&
  one.category?.some(({ coding }) => coding?.some(({ code }) => code === 'vital-signs')) === true;
