import type { ChargeItemDefinition, FhirResource, HealthcareService, Location } from 'fhir/r4';
import { zoneOfPlace } from '../../schemas/scheduling.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';
import { currencyOf } from './fees.ts';

/** What billing needs to know of a clinic: its fees and their currency, the clock on its wall, what its visits are called. */
export interface Clinic {
  readonly fees: readonly Stored<ChargeItemDefinition>[];
  readonly currency: string;
  readonly timeZone: string;
  readonly organization: string | undefined;
}

export interface BillingDeps {
  readonly records: Records;
  readonly now: () => Date;
}

const PAGE = 500;

/** All of a type that stands in nobody's chart. */
export async function allOf<R extends FhirResource>(
  { records }: Pick<BillingDeps, 'records'>,
  scope: Scope,
  type: R['resourceType'],
): Promise<Stored<R>[]> {
  const found: Stored[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.ofType(scope, type, { count: PAGE, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found as Stored<R>[];
}

export async function readClinic(deps: Pick<BillingDeps, 'records'>, scope: Scope): Promise<Clinic> {
  const [fees, locations] = await Promise.all([
    allOf<ChargeItemDefinition>(deps, scope, 'ChargeItemDefinition'),
    allOf<Location>(deps, scope, 'Location'),
  ]);
  const standing = locations.filter(({ status }) => status !== 'inactive');
  const organization = ownOrganization(standing);
  const placed = standing.filter(zoneOfPlace);
  const own = placed.find(({ managingOrganization }) => managingOrganization?.reference === organization) ?? placed[0];
  return {
    fees,
    currency: currencyOf(fees),
    timeZone: (own && zoneOfPlace(own)) ?? 'UTC',
    organization,
  };
}

/** Whose most of the places are: a clinic may also list the hospital that it sends patients to. */
function ownOrganization(locations: readonly Location[]): string | undefined {
  const counts = Map.groupBy(locations, ({ managingOrganization }) => managingOrganization?.reference);
  counts.delete(undefined);
  return [...counts].sort((a, b) => b[1].length - a[1].length)[0]?.[0];
}

/** The day of an instant on the clinic's calendar: yyyy-mm-dd. */
export function dayIn(timeZone: string, instant: string | Date): string {
  const at = typeof instant === 'string' ? new Date(instant) : instant;
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** The visit types that a clinic offers, by their codes. */
export async function visitTypes(deps: Pick<BillingDeps, 'records'>, scope: Scope): Promise<{ code: string; name: string }[]> {
  const services = await allOf<HealthcareService>(deps, scope, 'HealthcareService');
  return services
    .filter(({ active }) => active !== false)
    .flatMap(({ type = [], name }) =>
      type.flatMap(({ coding = [], text }) =>
        coding.flatMap(({ system, code }) =>
          system === 'urn:tessera:visit-type' && code ? [{ code, name: name ?? text ?? code }] : [],
        ),
      ),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
