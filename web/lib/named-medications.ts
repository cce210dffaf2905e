import { useQuery } from '@tanstack/react-query';
import type { FhirResource, Medication } from 'fhir/r4';
import { type Api, matches } from './api.ts';
import { conceptText } from './concept.ts';

/** The ids of the Medication records that these prescriptions point to without naming them. */
export const unnamedMedications = (resources: readonly FhirResource[]): readonly string[] => {
  const ids = resources.flatMap((resource) => {
    if (resource.resourceType !== 'MedicationRequest' && resource.resourceType !== 'MedicationStatement') return [];
    const { reference, display } = resource.medicationReference ?? {};
    return !display && reference?.startsWith('Medication/') ? [reference.slice('Medication/'.length)] : [];
  });
  return [...new Set(ids)].sort();
};

/** The same prescriptions, those that point to a Medication record bearing its name. */
export const withNames = (resources: readonly FhirResource[], names: ReadonlyMap<string, string>): readonly FhirResource[] =>
  resources.map((resource) => {
    if (resource.resourceType !== 'MedicationRequest' && resource.resourceType !== 'MedicationStatement') return resource;
    const { reference, display } = resource.medicationReference ?? {};
    const name = display ? undefined : names.get(reference ?? '');
    return name ? { ...resource, medicationReference: { ...resource.medicationReference, display: name } } : resource;
  });

/** Reads the Medication records that prescriptions point to, all in one search, and gives the prescriptions their names. */
export function useNamedMedications(api: Api, resources: readonly FhirResource[]): readonly FhirResource[] {
  const ids = unnamedMedications(resources);
  const found = useQuery({
    queryKey: [api.tenant, 'medications', ids],
    enabled: ids.length > 0,
    staleTime: 300_000, // ms: what a drug is called does not change under a prescription
    queryFn: async ({ signal }) => {
      const bundle = await api.search<Medication>(
        'Medication',
        new URLSearchParams({ _id: ids.join(','), _count: String(ids.length) }),
        signal,
      );
      return new Map(
        matches(bundle).flatMap((medication) => [[`Medication/${medication.id}`, conceptText(medication.code) ?? ''] as const]),
      );
    },
  });
  return found.data ? withNames(resources, found.data) : resources;
}
