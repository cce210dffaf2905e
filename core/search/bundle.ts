import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4';
import type { Scope } from '../scope.ts';
import type { Stored } from '../store/types.ts';

export interface Page {
  readonly matches: readonly Stored[];
  readonly included: readonly Stored[];
  /** Known only when the search was read to its end. */
  readonly total?: number | undefined;
  /** Of the next page. */
  readonly cursor?: string | undefined;
}

/**
 * A page as a searchset Bundle. `path` is the address under the FHIR base, `honoured` what it was asked and answered:
 * `self` has no parameter that was ignored, so that a client can see it.
 */
export function toBundle(
  scope: Pick<Scope, 'fhirBase'>,
  path: string,
  honoured: readonly (readonly [string, string])[],
  { matches, included, total, cursor }: Page,
): Bundle {
  const link = (parameters: readonly (readonly [string, string])[]): string => {
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
    return `${scope.fhirBase}/${path}${query && `?${query}`}`;
  };
  const entry =
    (mode: 'match' | 'include') =>
    (resource: Stored): BundleEntry => ({
      fullUrl: `${scope.fhirBase}/${resource.resourceType}/${resource.id}`,
      resource,
      search: { mode },
    });
  const entries = [...matches.map(entry('match')), ...included.map(entry('include'))];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total !== undefined && { total }),
    link: [
      { relation: 'self', url: link(honoured) },
      ...(cursor ? [{ relation: 'next', url: link([...honoured, ['_cursor', cursor]]) }] : []),
    ],
    ...(entries.length > 0 && { entry: entries }),
  };
}

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** A resource with only some of its elements, and the tag that says so (FHIR R4, Search, "_elements"). */
export function withElements(resource: Stored, elements: readonly string[]): Stored {
  const kept = Object.entries(resource).filter(
    ([name]) => name === 'resourceType' || name === 'id' || elements.includes(name.replace(/^_/, '')),
  );
  const meta = { ...resource.meta, tag: [...(resource.meta.tag ?? []), SUBSETTED] };
  return { ...Object.fromEntries(kept), meta } as FhirResource as Stored;
}
