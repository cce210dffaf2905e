import type { Bundle } from 'fhir/r4';
import * as z from 'zod';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import { may, type Scope } from '../scope.ts';
import type { RecordPage, Records, Stored } from '../store/types.ts';
import { toBundle } from './bundle.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { nameOf, readReferenced } from './includes.ts';
import { rangeOf } from './kinds/date.ts';
import { targetOf } from './kinds/reference.ts';
import { PageSize } from './page-size.ts';
import type { PlanDeps } from './plan.ts';
import { DEFAULT_COUNT, MAX_COUNT } from './query.ts';

export interface EverythingOptions {
  /** Records of the chart on a page, 1 to 500. */
  readonly count?: number;
  readonly cursor?: string;
  /** A FHIR instant or date: only what has changed since (`_since`). */
  readonly since?: string;
}

/** How far a reader has come in a patient's two partitions: the chart, then what is billed. */
const Place = z.strictObject({ compartment: z.enum(['clinical', 'admin']), cursor: z.string().optional() });
type Place = z.infer<typeof Place>;

/** Types outside the chart that its records name and a reader needs (FHIR R4, Patient/$everything). */
const SUPPORTING: ReadonlySet<string> = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
  'Device',
]);

/**
 * Patient/$everything: the Patient first, then the whole compartment by type and time, a page at a time, with what it refers to.
 * Types that the caller may not read are left out.
 * @throws Problem not-found, gone for the patient; invalid for a cursor or date that is none
 */
export async function everything(
  { records, derived }: PlanDeps,
  scope: Scope,
  patient: FhirId,
  { count = DEFAULT_COUNT, cursor, since }: EverythingOptions,
): Promise<Bundle> {
  const sinceMs = since === undefined ? undefined : rangeOf(since.replace(' ', '+'))?.fromMs;
  if (since !== undefined && sinceMs === undefined)
    throw new Problem('invalid', '_since is a FHIR instant such as 2024-05-01T00:00:00Z.');
  const size = Math.max(1, Math.min(count, MAX_COUNT));
  const binding = ['everything', scope.tenant, patient, since ?? '', size];
  const place = cursor === undefined ? undefined : openCursor(binding, Place, cursor);

  const wanted = (record: Stored): boolean =>
    may(scope, record.resourceType, 'read') && (sinceMs === undefined || Date.parse(record.meta.lastUpdated) >= sinceMs);
  const head = await records.read(scope, 'Patient', patient);
  const room = new PageSize(size);
  const first = place ? [] : [head].filter((record) => wanted(record) && room.takes(record));
  const { found, next } = await readFrom(
    records,
    scope,
    patient,
    place ?? { compartment: 'clinical' },
    room,
    (record) => record.resourceType !== 'Patient' && wanted(record),
  );

  const matches = [...first, ...found];
  const seen = new Set([...matches.map(nameOf), `Patient/${patient}`]);
  const targets = matches.flatMap((record) => referencesIn(record)).map((text) => targetOf(text, scope.fhirBase));
  const included = await readReferenced(
    records,
    scope,
    targets.filter(({ type = '' }) => SUPPORTING.has(type)),
    seen,
  );
  // Who wrote what stands on this page: of the versions shown, beside the Provenances that clients wrote, which are records of the chart.
  const provenances = derived && may(scope, 'Provenance', 'read') ? await derived.provenancesOf(scope, matches) : [];
  return toBundle(
    scope,
    `Patient/${patient}/$everything`,
    [['_count', String(size)], ...(since ? [['_since', since] as const] : [])],
    {
      matches,
      included: [...included, ...provenances],
      ...(next ? { cursor: sealCursor(binding, next) } : !place && { total: matches.length }),
    },
  );
}

/** Records read at a time when only some of them are wanted. */
const AHEAD = 200;

/** The records from a place on that are wanted, as many as the page has room for, and the place behind them when there may be more. */
async function readFrom(
  records: Records,
  scope: Scope,
  patient: FhirId,
  start: Place,
  size: PageSize,
  wanted: (record: Stored) => boolean,
): Promise<{ found: Stored[]; next?: Place }> {
  const found: Stored[] = [];
  for (let at: Place | undefined = start; at; ) {
    const { compartment, cursor }: Place = at;
    const page: RecordPage = await records.chart(scope, patient, {
      compartment,
      order: 'oldest-first',
      count: AHEAD,
      ...(cursor && { cursor }),
    });
    for (const [index, record] of page.items.entries()) {
      if (!wanted(record)) continue;
      if (!size.takes(record)) return { found, next: index === 0 ? at : { compartment, cursor: page.cursorAfter(index - 1) } };
      found.push(record);
    }
    at = page.cursor ? { compartment, cursor: page.cursor } : following(compartment);
  }
  return { found };
}

const following = (compartment: Place['compartment']): Place | undefined =>
  compartment === 'clinical' ? { compartment: 'admin' } : undefined;

/** Every literal reference in a record, wherever it stands. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'reference' && typeof child === 'string' ? [child] : referencesIn(child),
  );
}
