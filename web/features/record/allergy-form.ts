import type { AllergyIntolerance, CodeableConcept, Reference } from 'fhir/r4';
import { NO_KNOWN_ALLERGY } from '../../lib/allergies.ts';
import type { Kept } from '../../lib/api.ts';
import { conceptText, firstCode } from '../../lib/concept.ts';
import { findAllergen } from './allergens.ts';

/** What the allergy form holds: plain texts, so that a draft is what was typed. Empty means "not recorded". */
export interface AllergyTyped {
  readonly substance: string;
  readonly category: '' | 'medication' | 'food' | 'environment' | 'biologic';
  readonly criticality: '' | 'low' | 'high' | 'unable-to-assess';
  /** Manifestations in words, one a line. */
  readonly reactions: string;
  readonly severity: '' | 'mild' | 'moderate' | 'severe';
  readonly clinical: 'active' | 'inactive' | 'resolved';
  readonly verification: 'confirmed' | 'unconfirmed' | 'refuted';
  /** "yyyy-mm-dd" or empty. */
  readonly onset: string;
}

export const NEW_ALLERGY: AllergyTyped = {
  substance: '',
  category: '',
  criticality: '',
  reactions: '',
  severity: '',
  clinical: 'active',
  verification: 'confirmed',
  onset: '',
};

export type AllergyFault = {
  readonly field: 'substance' | 'onset';
  readonly fault: 'missing' | 'not-a-substance' | 'in-the-future';
};

/** What is typed where there is nothing to name, English and Spanish: as a substance it would show as an allergy. */
const NOT_A_SUBSTANCE =
  /^(none|nil|no|nka|nkda|nkfa|no known( drug| food)? allerg(y|ies)|no allergies|unknown|n\/a|ninguna?|sin alergias|sin alergias conocidas|no conocidas)\.?$/i;

/** Everything that keeps the form from being saved. `today` is "yyyy-mm-dd". */
export function allergyFaults(typed: AllergyTyped, today: string): readonly AllergyFault[] {
  const faults: AllergyFault[] = [];
  if (typed.substance.trim() === '') faults.push({ field: 'substance', fault: 'missing' });
  else if (NOT_A_SUBSTANCE.test(typed.substance.trim())) faults.push({ field: 'substance', fault: 'not-a-substance' });
  if (typed.onset > today) faults.push({ field: 'onset', fault: 'in-the-future' });
  return faults;
}

const manifestations = (allergy: AllergyIntolerance): readonly CodeableConcept[] =>
  (allergy.reaction ?? []).flatMap((reaction) => reaction.manifestation);
const linesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/\n|,/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];
const oneOf = <T extends string>(known: readonly T[], code: string | undefined, otherwise: T): T =>
  known.find((candidate) => candidate === code) ?? otherwise;

/** A stored allergy as the form shows it. */
export function typedOf(allergy: AllergyIntolerance): AllergyTyped {
  return {
    substance: conceptText(allergy.code) ?? '',
    category: oneOf(['medication', 'food', 'environment', 'biologic'] as const, allergy.category?.[0], '' as never),
    criticality: oneOf(['low', 'high', 'unable-to-assess'] as const, allergy.criticality, '' as never),
    reactions: manifestations(allergy).map(conceptText).filter(Boolean).join('\n'),
    severity: oneOf(
      ['mild', 'moderate', 'severe'] as const,
      allergy.reaction?.find((reaction) => reaction.severity)?.severity,
      '' as never,
    ),
    clinical: oneOf(['active', 'inactive', 'resolved'] as const, firstCode(allergy.clinicalStatus), 'active'),
    verification: oneOf(['confirmed', 'unconfirmed', 'refuted'] as const, firstCode(allergy.verificationStatus), 'confirmed'),
    onset: /^\d{4}-\d{2}-\d{2}$/.test(allergy.onsetDateTime ?? '') ? (allergy.onsetDateTime ?? '') : '',
  };
}

const hl7 = (system: string, code: string): CodeableConcept => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});
const clinicalStatus = (code: string) => hl7('allergyintolerance-clinical', code);
const verificationStatus = (code: string) => hl7('allergyintolerance-verification', code);

function reactionsOf(typed: AllergyTyped, base: AllergyIntolerance | undefined): AllergyIntolerance['reaction'] {
  const before = base && typedOf(base);
  if (before && before.reactions === typed.reactions && before.severity === typed.severity) return base.reaction;
  const words = linesOf(typed.reactions);
  if (words.length === 0) return undefined; // a severity without a reaction says nothing
  const known = base ? manifestations(base) : [];
  const manifestation = words.map((text) => known.find((concept) => conceptText(concept) === text) ?? { text });
  const { severity: _replaced, ...rest } = base?.reaction?.[0] ?? {};
  return [{ ...rest, manifestation, ...(typed.severity && { severity: typed.severity }) }];
}

/**
 * The allergy that the form means. What the form does not show is kept from `base`; a substance or reaction that was not retyped keeps its codes.
 * FHIR R4 ait-1 and ait-2: a clinical status unless entered in error.
 */
export function toAllergy<B extends AllergyIntolerance | undefined>(
  typed: AllergyTyped,
  base: B,
  context: { patient: string; recorder: Reference | undefined; nowIso: string },
): B extends AllergyIntolerance ? B : AllergyIntolerance {
  const { category: _c, criticality: _k, reaction: _r, onsetDateTime: _o, ...kept } = base ?? ({} as AllergyIntolerance);
  const before = base && typedOf(base);
  const code = base?.code && before?.substance === typed.substance ? base.code : codeOf(typed.substance);
  const reaction = reactionsOf(typed, base);
  const onset = before && before.onset === typed.onset ? base.onsetDateTime : typed.onset;
  return {
    ...kept,
    resourceType: 'AllergyIntolerance',
    clinicalStatus: clinicalStatus(typed.clinical),
    verificationStatus: verificationStatus(typed.verification),
    ...(typed.category && { category: [typed.category] }),
    ...(typed.criticality && { criticality: typed.criticality }),
    code,
    patient: base?.patient ?? { reference: `Patient/${context.patient}` },
    ...(onset && { onsetDateTime: onset }),
    recordedDate: base?.recordedDate ?? context.nowIso,
    ...(!base && context.recorder && { recorder: context.recorder }),
    ...(reaction && { reaction }),
  } as B extends AllergyIntolerance ? B : AllergyIntolerance;
}

function codeOf(substance: string): CodeableConcept {
  const text = substance.trim();
  const known = findAllergen(text);
  return known?.rxnorm
    ? { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: known.rxnorm, display: known.name }], text }
    : { text };
}

/** "No known allergies", as US Core asks: an AllergyIntolerance of its own, so that who asked and when is on record. */
export const noKnownAllergies = (
  patient: string,
  recorder: Reference | undefined,
  nowIso: string,
  words: string,
): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  clinicalStatus: clinicalStatus('active'),
  verificationStatus: verificationStatus('confirmed'),
  code: { coding: [{ ...NO_KNOWN_ALLERGY }], text: words },
  patient: { reference: `Patient/${patient}` },
  recordedDate: nowIso,
  ...(recorder && { recorder }),
});

/** The same allergy, taken back. FHIR R4 ait-2: no clinical status then. */
export function allergyInError(
  allergy: Kept<AllergyIntolerance>,
  note: { text: string; time: string } | undefined,
): Kept<AllergyIntolerance> {
  const { clinicalStatus: _gone, ...rest } = allergy;
  return {
    ...rest,
    verificationStatus: verificationStatus('entered-in-error'),
    ...(note && { note: [...(allergy.note ?? []), note] }),
  };
}

/** A statement of absence that no longer holds. It stays in the chart as what was true until then: inactive, not refuted. */
export const noLongerNone = (statement: Kept<AllergyIntolerance>): Kept<AllergyIntolerance> => ({
  ...statement,
  clinicalStatus: clinicalStatus('inactive'),
});
