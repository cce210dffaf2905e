import type { FhirResource, Patient } from 'fhir/r4';

/** Records of one type in a chart, newest first. */
export interface ChartSection<R extends FhirResource = FhirResource> {
  readonly resources: readonly R[];
  /** There are older ones: search for them by type. Without it the section is complete. */
  readonly more?: true;
}

/**
 * What a chart's first screen shows, in one answer: GET /api/{tenant}/charts/{id}.
 * Allergies, conditions and medication requests are always complete: who prescribes must see all of them.
 * The data of long attachments is left out: read the record to open one.
 * A type that the person may not read, or of which the chart has no record, has no section.
 */
export interface ChartOverview {
  readonly patient: Patient;
  readonly sections: { readonly [T in FhirResource['resourceType']]?: ChartSection<Extract<FhirResource, { resourceType: T }>> };
}
