import type { FhirResource, Patient } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import { may, type Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import type { ChartOverview, ChartSection } from '../../schemas/chart.ts';
import { FhirId } from '../../schemas/ids.ts';
import { withoutLongAttachments } from './attachments.ts';

/**
 * The first paint of a chart: eight strongly consistent Queries side by side and one read of the Patient.
 * Types that stand next to each other in key order share a Query. Types of which a chart holds thousands are cut to the newest.
 * docs/access-patterns.md has the read units; test/integration/chart-overview.test.ts holds them to 60 for a chart of 1,500 records.
 */
type Part =
  /** Every record of the types from `first` to `last`: nothing that decides about safety is cut. */
  { readonly first: string; readonly last: string } | { readonly type: string; readonly newest: number };

const PARTS: readonly Part[] = [
  { first: 'AllergyIntolerance', last: 'CareTeam' }, // with care plans, and appointments once there are any
  { first: 'Condition', last: 'Coverage' },
  { type: 'DiagnosticReport', newest: 15 },
  { type: 'DocumentReference', newest: 10 },
  { type: 'Encounter', newest: 30 },
  { first: 'Flag', last: 'MedicationStatement' }, // goals, imaging studies, immunizations, medications
  { type: 'Observation', newest: 250 },
  { type: 'Procedure', newest: 25 },
];

/** Records of one Query; more than these are rare and cost another one. */
const PAGE = 2_000;
/** Medication records that are fetched for their names. */
const MAX_MEDICATIONS = 100;

/** @throws Problem not-found when there is no such patient, or there no longer is */
export async function readOverview(records: Records, scope: Scope, id: FhirId): Promise<ChartOverview> {
  const [patient, ...pages] = await Promise.all([
    readPatient(records, scope, id),
    ...PARTS.map((part) => readPart(records, scope, id, part)),
  ]);
  const sections = new Map<string, ChartSection>();
  for (const { found, cut } of pages) {
    for (const [type, resources] of byType(found))
      if (may(scope, type, 'read'))
        sections.set(type, { resources: resources.map(withoutLongAttachments), ...(cut && { more: true as const }) });
  }
  const medications = await readMedications(records, scope, sections.get('MedicationRequest')?.resources ?? []);
  if (medications.length > 0) sections.set('Medication', { resources: medications });
  return { patient: withoutLongAttachments(patient), sections: Object.fromEntries(sections) };
}

async function readPatient(records: Records, scope: Scope, id: FhirId): Promise<Patient> {
  try {
    return await records.read<Patient>(scope, 'Patient', id);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'gone')
      throw new Problem('not-found', said('no-such-record'), { cause: error });
    throw error;
  }
}

/** Newest first within each type. `cut`: older ones were left. */
async function readPart(
  records: Records,
  scope: Scope,
  patient: FhirId,
  part: Part,
): Promise<{ found: readonly Stored[]; cut: boolean }> {
  if ('type' in part) {
    const { items, cursor } = await records.chart(scope, patient, { types: part.type, count: part.newest });
    return { found: items, cut: cursor !== undefined };
  }
  const found: Stored[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.chart(scope, patient, { types: part, count: PAGE, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { found, cut: false };
}

const byType = (found: readonly Stored[]): Map<string, Stored[]> => Map.groupBy(found, ({ resourceType }) => resourceType);

/** The drugs that a request names by reference without saying their names: without them the list would have blanks. */
async function readMedications(records: Records, scope: Scope, requests: readonly FhirResource[]): Promise<readonly Stored[]> {
  const ids = requests.flatMap((request) => {
    const reference = request.resourceType === 'MedicationRequest' ? request.medicationReference : undefined;
    const id = reference?.display ? undefined : /^Medication\/([^/]+)/.exec(reference?.reference ?? '')?.[1];
    return FhirId.safeParse(id).data ?? [];
  });
  const unique = [...new Set(ids)].slice(0, MAX_MEDICATIONS);
  if (unique.length === 0 || !may(scope, 'Medication', 'read')) return [];
  return records.readMany(
    scope,
    unique.map((id) => ({ type: 'Medication', id })),
  );
}
