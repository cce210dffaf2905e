/** Figures by which two sets of charts can be compared. */
import type { Encounter, FhirResource, Observation, Patient } from 'fhir/r4';

export type ChartFigures = readonly { readonly label: string; readonly value: string }[];

const SYSTEMS: Record<string, string> = {
  'http://loinc.org': 'LOINC',
  'http://snomed.info/sct': 'SNOMED CT',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://hl7.org/fhir/sid/cvx': 'CVX',
};
const SCRIPTS = [
  'Latin',
  'Arabic',
  'Han',
  'Hiragana',
  'Katakana',
  'Cyrillic',
  'Greek',
  'Hebrew',
  'Hangul',
  'Tamil',
  'Devanagari',
  'Bengali',
  'Thai',
  'Ethiopic',
  'Georgian',
  'Armenian',
] as const;
const YEAR_MS = 365.25 * 86_400_000;

/** Of charts, each the resources of one patient. */
export function figuresOf(charts: readonly (readonly FhirResource[])[]): ChartFigures {
  const everything = charts.flat();
  const types = count(everything.map(({ resourceType }) => resourceType));
  const codes = codesIn(everything);
  return [
    { label: 'patients', value: String(charts.length) },
    { label: 'records', value: String(everything.length) },
    {
      label: 'records a patient: least, median, most',
      value: spread(
        charts.map(({ length }) => length),
        0,
      ),
    },
    { label: 'ages (years) of the living: least, median, most', value: spread(agesOf(everything), 1) },
    { label: 'types of record', value: String(types.size) },
    {
      label: 'visits a patient: least, median, most',
      value: spread(
        charts.map((chart) => visitsOf(chart).length),
        0,
      ),
    },
    { label: 'longest gap between visits (years): median, most', value: gaps(charts) },
    { label: 'visits with a note', value: share(...visitsWithNotes(everything)) },
    { label: 'laboratory results with a range or a flag', value: share(...flagged(everything)) },
    { label: 'of these outside', value: share(...abnormal(everything)) },
    { label: 'scripts of names', value: scriptsOf(everything).join(', ') },
    ...Object.entries(SYSTEMS).map(([system, name]) => ({
      label: `distinct codes of ${name}`,
      value: String(codes.get(system)?.size ?? 0),
    })),
    ...[...types].sort(([a], [b]) => a.localeCompare(b)).map(([type, number]) => ({ label: type, value: String(number) })),
  ];
}

function count(names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}

function spread(values: readonly number[], decimals: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0).toFixed(decimals);
  return [at(0), at(0.5), at(1)].join(', ');
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '0 of 0' : `${((100 * part) / whole).toFixed(1)} % of ${whole}`;

function codesIn(value: unknown, found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  if (typeof value !== 'object' || value === null) return found;
  const { system, code } = value as { system?: unknown; code?: unknown };
  if (typeof system === 'string' && typeof code === 'string') found.set(system, (found.get(system) ?? new Set()).add(code));
  for (const inner of Object.values(value)) codesIn(inner, found);
  return found;
}

const isPatient = (resource: FhirResource): resource is Patient => resource.resourceType === 'Patient';
const agesOf = (everything: readonly FhirResource[]): number[] =>
  everything
    .filter(isPatient)
    .filter(({ deceasedDateTime, deceasedBoolean }) => !deceasedDateTime && !deceasedBoolean)
    .map(({ birthDate = '' }) => (Date.now() - Date.parse(birthDate)) / YEAR_MS);

const visitsOf = (chart: readonly FhirResource[]): Encounter[] =>
  chart.filter((resource): resource is Encounter => resource.resourceType === 'Encounter');

function gaps(charts: readonly (readonly FhirResource[])[]): string {
  const longest = charts.map((chart) => {
    const starts = visitsOf(chart)
      .map(({ period }) => Date.parse(period?.start ?? ''))
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return Math.max(0, ...starts.slice(1).map((start, at) => start - (starts[at] ?? start))) / YEAR_MS;
  });
  return spread(longest, 1).split(', ').slice(1).join(', ');
}

/** Visits that some note or report names, and all visits. */
function visitsWithNotes(everything: readonly FhirResource[]): [number, number] {
  const noted = new Set<string>();
  for (const resource of everything)
    if (resource.resourceType === 'DocumentReference')
      for (const { reference = '' } of resource.context?.encounter ?? []) noted.add(lastPart(reference));
  const visits = visitsOf(everything);
  return [visits.filter(({ id = '' }) => noted.has(id)).length, visits.length];
}
const lastPart = (reference: string): string => reference.split(/[/:]/).at(-1) ?? '';

const results = (everything: readonly FhirResource[]): Observation[] =>
  everything
    .filter((resource): resource is Observation => resource.resourceType === 'Observation')
    .filter(({ category }) => category?.some(({ coding }) => coding?.some(({ code }) => code === 'laboratory')));

/** Outside by its flag or by its range; undefined where it has neither. */
function isOutside({ interpretation, referenceRange, valueQuantity }: Observation): boolean | undefined {
  const flag = interpretation?.[0]?.coding?.[0]?.code;
  if (flag !== undefined) return !['N', 'NEG'].includes(flag);
  const [range] = referenceRange ?? [];
  const value = valueQuantity?.value;
  if (!range || value === undefined) return undefined;
  return value > (range.high?.value ?? Number.POSITIVE_INFINITY) || value < (range.low?.value ?? Number.NEGATIVE_INFINITY);
}

const flagged = (everything: readonly FhirResource[]): [number, number] => {
  const all = results(everything);
  return [all.filter((result) => isOutside(result) !== undefined).length, all.length];
};
const abnormal = (everything: readonly FhirResource[]): [number, number] => {
  const judged = results(everything)
    .map(isOutside)
    .filter((outside) => outside !== undefined);
  return [judged.filter(Boolean).length, judged.length];
};

function scriptsOf(everything: readonly FhirResource[]): string[] {
  const names = everything
    .filter(isPatient)
    .flatMap(({ name }) => name ?? [])
    .flatMap(({ family = '', given = [] }) => [family, ...given])
    .join(' ');
  return SCRIPTS.filter((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(names));
}
