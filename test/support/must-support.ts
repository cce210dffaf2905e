/** Which must-support elements of US Core some records have. */
import type { FhirResource } from 'fhir/r4';
import { type MustSupportElement, mustSupportPresent, mustSupportProfiles } from '../../schemas/us-core/must-support.ts';

export interface ProfileCount {
  readonly name: string;
  /** Records that claim the profile. */
  readonly records: number;
  /** For each element, how many of them have it. */
  readonly elements: readonly (MustSupportElement & { readonly present: number })[];
}

/** Counts by the profiles that the resources claim. */
export function countMustSupport(resources: readonly FhirResource[]): ProfileCount[] {
  const claiming = Map.groupBy(
    resources.flatMap((resource) => (resource.meta?.profile ?? []).map((url) => ({ url, resource }))),
    ({ url }) => url,
  );
  return mustSupportProfiles().map(({ name, url, elements }) => {
    const found = claiming.get(url) ?? [];
    const present = new Map<string, number>();
    for (const { resource } of found)
      for (const id of mustSupportPresent(name, resource)) present.set(id, (present.get(id) ?? 0) + 1);
    return {
      name,
      records: found.length,
      elements: elements.map((element) => ({ ...element, present: present.get(element.id) ?? 0 })),
    };
  });
}

export const missingFrom = (counts: readonly ProfileCount[]): string[] =>
  counts.flatMap(({ name, elements }) => elements.filter(({ present }) => present === 0).map(({ id }) => `${name}: ${id}`));
