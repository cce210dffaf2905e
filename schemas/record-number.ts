import type { Identifier } from 'fhir/r4';

/** The system of the medical record numbers that a clinic gives out itself. */
export const recordNumberSystem = (slug: string): string => `https://tessera.example/${slug}/mrn`;

/** A medical record number of the clinic's own (type MR of HL7 v2 table 0203). */
export const toRecordNumber = (slug: string, value: string): Identifier => ({
  use: 'usual',
  type: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Medical record number' }],
    text: 'Medical record number',
  },
  system: recordNumberSystem(slug),
  value,
});
