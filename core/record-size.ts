import type { FhirResource } from 'fhir/r4';

/** A record of more could be written and never answered: with its own metadata, in a Bundle, beside what it refers to, an answer ends at 4 MB. */
const MAX_RECORD_BYTES = 3_000_000;

/** Whether a resource is too long to be kept as one record. */
export const isTooLong = (resource: FhirResource): boolean => Buffer.byteLength(JSON.stringify(resource)) > MAX_RECORD_BYTES;

export const TOO_LONG = `A record may hold ${MAX_RECORD_BYTES / 1_000_000} MB. Keep scans and pictures as records of their own.`;
