import type { CodeableConcept, Coding } from 'fhir/r4';

/** SNOMED CT fully specified names end in a semantic tag that says nothing to a clinician: "Stress (finding)". */
const SEMANTIC_TAG =
  / \((?:finding|disorder|situation|procedure|regime\/therapy|observable entity|qualifier value|substance|product|organism|event|physical object|occupation|person|morphologic abnormality)\)$/;

/** A concept in words: the writer's own text, else the chosen coding's display, else a bare code; undefined when it is empty. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  const coding =
    concept?.coding?.find((candidate) => candidate.userSelected) ??
    concept?.coding?.find((candidate) => candidate.display) ??
    concept?.coding?.[0];
  const words = concept?.text?.trim() || coding?.display?.trim() || coding?.code;
  return words?.replace(SEMANTIC_TAG, '');
}

export const firstCode = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.coding?.find((coding) => coding.code)?.code;

/** Whether any of the concepts carries the code, in whatever system: for the small status vocabularies of FHIR itself. */
export const anyCode = (concepts: readonly CodeableConcept[] | undefined, code: string): boolean =>
  concepts?.some((concept) => concept.coding?.some((coding) => coding.code === code)) ?? false;

/** "system|code", what tells one kind of measurement from another; its text where nobody coded it. */
export function conceptKey(concept: CodeableConcept | undefined): string {
  const coded = (coding: Coding) => coding.system && coding.code;
  const coding =
    concept?.coding?.find((candidate) => candidate.system === 'http://loinc.org' && candidate.code) ??
    concept?.coding?.find(coded);
  return coding ? `${coding.system}|${coding.code}` : `text|${(concept?.text ?? '').trim().toLowerCase()}`;
}
