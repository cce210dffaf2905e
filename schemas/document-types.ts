/**
 * Kinds of documents that a clinic receives on paper: codes of the LOINC document ontology with our own plain words.
 * Source: LOINC (http://loinc.org), names of the codes as published there. LOINC is copyright Regenstrief Institute, Inc. and the LOINC
 * Committee, available at no cost under http://loinc.org/license.
 */
export const LOINC = 'http://loinc.org';

export interface DocumentType {
  readonly code: string;
  /** LOINC's name. */
  readonly display: string;
  /** A note about a patient's care (US Core's category clinical-note), or paper that a clinic's office works with. */
  readonly category: 'clinical-note' | 'administrative';
}

export const DOCUMENT_TYPES = [
  { code: '11502-2', display: 'Laboratory report', category: 'clinical-note' },
  { code: '18748-4', display: 'Diagnostic imaging study', category: 'clinical-note' },
  { code: '11526-1', display: 'Pathology study', category: 'clinical-note' },
  { code: '57133-1', display: 'Referral note', category: 'clinical-note' },
  { code: '11488-4', display: 'Consult note', category: 'clinical-note' },
  { code: '18842-5', display: 'Discharge summary', category: 'clinical-note' },
  { code: '34117-2', display: 'History and physical note', category: 'clinical-note' },
  { code: '11504-8', display: 'Surgical operation note', category: 'clinical-note' },
  { code: '11506-3', display: 'Progress note', category: 'clinical-note' },
  { code: '56445-0', display: 'Medication summary Document', category: 'clinical-note' },
  { code: '11369-6', display: 'History of Immunization note', category: 'clinical-note' },
  { code: '59284-0', display: 'Consent Document', category: 'administrative' },
  { code: '64290-0', display: 'Health insurance card', category: 'administrative' },
  { code: '51851-4', display: 'Administrative note', category: 'administrative' },
  { code: '34109-9', display: 'Note', category: 'clinical-note' },
] as const satisfies readonly DocumentType[];
export type DocumentTypeCode = (typeof DOCUMENT_TYPES)[number]['code'];
export const DOCUMENT_TYPE_CODES = DOCUMENT_TYPES.map(({ code }) => code) as [DocumentTypeCode, ...DocumentTypeCode[]];
export const documentType = (code: string): DocumentType | undefined => DOCUMENT_TYPES.find((type) => type.code === code);
