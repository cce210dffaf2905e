import type { AllergyIntolerance } from 'fhir/r4';
import { anyCode, conceptKey, conceptText } from './concept.ts';

/** SNOMED CT 716186003 "No known allergy": recorded as an AllergyIntolerance, as US Core asks. The code alone, no SNOMED text, is used. */
export const NO_KNOWN_ALLERGY = { system: 'http://snomed.info/sct', code: '716186003' } as const;
type Category = NonNullable<AllergyIntolerance['category']>[number];
/** SNOMED CT statements of absence and what each rules out: no known allergy, drug, insect, environmental, food allergy. */
const ABSENCES: Readonly<Record<string, Category | 'any'>> = {
  '716186003': 'any',
  '409137002': 'medication',
  '428197003': 'environment',
  '428607008': 'environment',
  '429625007': 'food',
};
const ruledOutBy = (allergy: AllergyIntolerance): Category | 'any' | undefined =>
  allergy.code?.coding
    ?.filter((coding) => coding.system === NO_KNOWN_ALLERGY.system && Object.hasOwn(ABSENCES, coding.code ?? ''))
    .map((coding) => ABSENCES[coding.code ?? ''])[0];

/** What the banner says. Never blank: nobody having asked is a finding of its own. */
export type AllergySummary =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'none-known' }
  | {
      readonly kind: 'known';
      readonly items: readonly {
        readonly key: string;
        readonly name: string;
        readonly severe: boolean;
        readonly unconfirmed: boolean;
      }[];
    };

const status = (allergy: AllergyIntolerance, code: string) => anyCode([allergy.clinicalStatus ?? {}], code);
const verification = (allergy: AllergyIntolerance, code: string) => anyCode([allergy.verificationStatus ?? {}], code);

export const isNoKnownAllergy = (allergy: AllergyIntolerance): boolean => ruledOutBy(allergy) !== undefined;
export const isEnteredInError = (allergy: AllergyIntolerance): boolean => verification(allergy, 'entered-in-error');

/** Counts at the point of care: neither withdrawn, refuted, inactive nor resolved. An absent clinical status counts, to be safe. */
export const isActiveAllergy = (allergy: AllergyIntolerance): boolean =>
  !isEnteredInError(allergy) && !verification(allergy, 'refuted') && !status(allergy, 'inactive') && !status(allergy, 'resolved');

/** The standing statements of absence that an allergy makes untrue: both at once would be a contradiction, which the server refuses. */
export function deniedBy<A extends AllergyIntolerance>(allergy: AllergyIntolerance, known: readonly A[]): readonly A[] {
  if (!isActiveAllergy(allergy) || isNoKnownAllergy(allergy)) return [];
  return known.filter((other) => {
    const absent = ruledOutBy(other);
    if (absent === undefined || other.id === allergy.id || !isActiveAllergy(other)) return false;
    return absent === 'any' || allergy.category?.includes(absent) === true;
  });
}

const isSevere = (allergy: AllergyIntolerance): boolean =>
  allergy.criticality === 'high' || (allergy.reaction?.some((reaction) => reaction.severity === 'severe') ?? false);

/** Each substance once, severe ones first. A real allergy outranks a "no known allergies" that was recorded beside it. */
export function summariseAllergies(allergies: readonly AllergyIntolerance[]): AllergySummary {
  const active = allergies.filter(isActiveAllergy);
  const real = active.filter((allergy) => !isNoKnownAllergy(allergy));
  if (real.length === 0) return { kind: active.length > 0 ? 'none-known' : 'not-asked' };
  const byKey = new Map<string, { key: string; name: string; severe: boolean; unconfirmed: boolean }>();
  for (const allergy of real) {
    const name =
      conceptText(allergy.code) ?? conceptText(allergy.reaction?.find((reaction) => reaction.substance)?.substance) ?? '?';
    const key = allergy.code ? conceptKey(allergy.code) : name.toLowerCase();
    const same = byKey.get(key) ?? [...byKey.values()].find((item) => item.name.toLowerCase() === name.toLowerCase());
    const unconfirmed = verification(allergy, 'unconfirmed');
    byKey.set(same?.key ?? key, {
      key: same?.key ?? key,
      name,
      severe: isSevere(allergy) || (same?.severe ?? false),
      unconfirmed: unconfirmed && (same?.unconfirmed ?? true),
    });
  }
  return { kind: 'known', items: [...byKey.values()].sort((a, b) => Number(b.severe) - Number(a.severe)) };
}
