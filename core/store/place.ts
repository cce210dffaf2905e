import type { FhirResource } from 'fhir/r4';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { clinicalTime } from '../search/keys-of-resource.ts';
import { type Place, places } from './keys.ts';
import { NO_TIME, sortTime } from './sort-time.ts';

/** What is billed for a patient stands beside the chart, not in it: opening a chart must not pay for reading claims. */
export const ADMIN_TYPES: ReadonlySet<string> = new Set([
  'Account',
  'ChargeItem',
  'Claim',
  'ClaimResponse',
  'CoverageEligibilityRequest',
  'CoverageEligibilityResponse',
  'EnrollmentRequest',
  'EnrollmentResponse',
  'ExplanationOfBenefit',
  'Invoice',
  'PaymentNotice',
  'PaymentReconciliation',
]);

/** Where a record stands. A Patient stands in its own chart, a record of nobody's in its type's partition. */
export function placeOf(resource: FhirResource, id: FhirId): Place {
  const { resourceType: type } = resource;
  if (type === 'Patient') return patientPlace(id);
  const patient = patientOf(resource);
  const time = sortTime(clinicalTime(resource));
  if (!patient) return { place: places.ofType(type), time };
  return { place: ADMIN_TYPES.has(type) ? places.admin(patient) : places.chart(patient), time };
}

/** Where a Patient stands is known from its id alone. */
export const patientPlace = (id: FhirId): Place => ({ place: places.chart(id), time: NO_TIME });
