import type { BundleEntry, Patient } from 'fhir/r4';

/** FHIR R4's extension on `Bundle.entry.search`: certain, probable, possible, certainly-not. */
export const MATCH_GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';
/** Ours, once for each reason: why the record looks like the person, or not. */
export const MATCH_REASON = 'urn:tessera:match-reason';

/** Why two records look like one person, or not: the words for each are the screen's. */
export const MATCH_REASONS = [
  'same-identifier',
  'same-name',
  'swapped-name',
  'similar-name',
  'same-given-name',
  'same-family-name',
  'other-name',
  'same-birth-date',
  'swapped-birth-date',
  'near-birth-date',
  'partial-birth-date',
  'other-birth-date',
  'same-phone',
  'same-email',
  'same-address',
  'other-sex',
] as const;
export type MatchReason = (typeof MATCH_REASONS)[number];
export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';

/** One entry of the operation's answer, as a screen shows it. */
export interface LikelySame {
  readonly patient: Patient & { id: string };
  readonly grade: MatchGrade;
  readonly reasons: readonly MatchReason[];
}

/** Undefined when the entry is no Patient with an id. */
export function toLikelySame({ resource, search }: BundleEntry<Patient>): LikelySame | undefined {
  if (!resource?.id) return undefined;
  const codes = (url: string) => (search?.extension ?? []).filter((one) => one.url === url).map((one) => one.valueCode);
  const grade = codes(MATCH_GRADE)[0] as MatchGrade | undefined;
  return {
    patient: { ...resource, id: resource.id },
    grade: grade ?? 'possible',
    reasons: MATCH_REASONS.filter((reason) => codes(MATCH_REASON).includes(reason)),
  };
}
