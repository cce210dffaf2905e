/** Whose chart a resource belongs in (FHIR R4, CompartmentDefinition "patient"). */
import type { FhirResource } from 'fhir/r4';
import { COMPARTMENT } from '../generated/compartment.ts';
import { FhirId } from '../ids.ts';

/** Whether resources of the type can belong to a patient. */
export const inPatientCompartment = (type: string): boolean => type === 'Patient' || Object.hasOwn(COMPARTMENT, type);

/** Everything at a dotted path, lists flattened. */
const at = (value: unknown, path: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => at(item, path));
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  return typeof value === 'object' && value !== null && Object.hasOwn(value, head)
    ? at((value as Record<string, unknown>)[head], rest)
    : [];
};

const PATIENT_REFERENCE = /^Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

const patientIn = (reference: unknown): FhirId | undefined => {
  const literal = (reference as { reference?: unknown } | null)?.reference;
  const id = typeof literal === 'string' ? PATIENT_REFERENCE.exec(literal)?.[1] : undefined;
  return id === undefined ? undefined : FhirId.parse(id);
};

/**
 * The patient whose chart holds the resource; a Patient holds itself. Undefined when it names no patient by `Patient/id`.
 * Who it is about outranks who took part; of several, the first one counts.
 */
export function patientOf(resource: FhirResource): FhirId | undefined {
  if (resource.resourceType === 'Patient') return resource.id === undefined ? undefined : FhirId.parse(resource.id);
  if (!Object.hasOwn(COMPARTMENT, resource.resourceType)) return undefined;
  for (const path of COMPARTMENT[resource.resourceType] ?? []) {
    for (const reference of at(resource, path.split('.'))) {
      const patient = patientIn(reference);
      if (patient !== undefined) return patient;
    }
  }
  return undefined;
}
