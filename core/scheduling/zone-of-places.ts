import type { Location } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { zoneOfPlace } from '../../schemas/scheduling.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';

/** The zone of the first place that says one, or of what it is a part of; else the clinic's own. */
export async function zoneOfPlaces(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  ids: readonly FhirId[],
  clinicZone: string,
): Promise<string> {
  const read = async (wanted: readonly FhirId[]): Promise<readonly Stored<Location>[]> =>
    wanted.length === 0
      ? []
      : ((await records.readMany(
          scope,
          wanted.map((id) => ({ type: 'Location', id })),
        )) as readonly Stored<Location>[]);
  const places = await read(ids);
  const own = places.flatMap((place) => zoneOfPlace(place) ?? [])[0];
  if (own) return own;
  const parents = places.flatMap(({ partOf }) => FhirId.safeParse(partOf?.reference?.replace('Location/', '')).data ?? []);
  return (await read(parents)).flatMap((place) => zoneOfPlace(place) ?? [])[0] ?? clinicZone;
}
