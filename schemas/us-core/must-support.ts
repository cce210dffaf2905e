/** US Core's must-support elements, and whether a resource has them. */
import type { FhirResource } from 'fhir/r4';
import type { JsonObject } from '../fhir/walk.ts';
import { type ElementValue, type ProfileElement, profileRow, profileTree } from './profile-element.ts';
import { profileUrl } from './profiles.ts';
import type { ElementRow } from './rows.ts';
import { usCore } from './table.ts';

export interface MustSupportElement {
  /** As US Core calls it, slices and all: `Observation.component:systolic.value[x]`, `Patient.extension:race.extension:text`. */
  readonly id: string;
  /** The same without slices. */
  readonly path: string;
  readonly slice?: string;
  /** Of a choice: the types that are flagged; absent: any. */
  readonly types?: readonly string[];
  /** `yes`: flagged mustSupport. `uscdi`: an additional USCDI requirement, which certified systems support too. */
  readonly level: 'yes' | 'uscdi';
}

export interface MustSupportProfile {
  /** `us-core-patient` */
  readonly name: string;
  readonly url: string;
  readonly type: string;
  readonly elements: readonly MustSupportElement[];
}

/** Every US Core profile of a resource type, each with its must-support elements, those of its extensions included. */
export const mustSupportProfiles = (): readonly MustSupportProfile[] =>
  usCore()
    .profiles.filter(({ type }) => type !== 'Extension')
    .map(({ name, type, elements }) => ({
      name,
      url: profileUrl(name),
      type,
      elements: elements.flatMap((row) => [...elementOf(row, row.id), ...elementsOfExtension(row)]),
    }));

function elementOf({ mustSupport, types, mustSupportTypes }: ElementRow, id: string): MustSupportElement[] {
  if (mustSupport === undefined) return [];
  const slice = id.slice(id.lastIndexOf('.') + 1).split(':')[1];
  const flagged = mustSupportTypes ?? types;
  const path = id.replace(/:[^.]+/g, '');
  return [{ id, path, level: mustSupport, ...(slice && { slice }), ...(flagged && { types: flagged }) }];
}

function elementsOfExtension({ id, extension, mustSupport }: ElementRow): MustSupportElement[] {
  if (extension === undefined || mustSupport === undefined) return [];
  const rows = profileRow(extension)?.elements ?? [];
  return rows.flatMap((row) => elementOf(row, id + row.id.slice('Extension'.length)));
}

/**
 * The ids of the must-support elements that a resource has, by the profile's name. An element counts when it has a value: a reason why it is
 * absent is none. Whether the resource keeps to the profile is another question (schemas/us-core/profiles.ts).
 * @throws Error for a name that US Core does not have
 */
export function mustSupportPresent(name: string, resource: FhirResource): ReadonlySet<string> {
  const seen = new Set<string>();
  collect(profileTree(name), resource as unknown as JsonObject, '', seen);
  return seen;
}

function collect(element: ProfileElement, object: JsonObject, prefix: string, seen: Set<string>): void {
  for (const child of element.children) {
    for (const value of child.valuesIn(object)) {
      see(child, value, prefix, seen);
      for (const slice of child.slices) if (slice.takes(value, child.row.slicedBy ?? [])) see(slice, value, prefix, seen);
    }
  }
}

/** `prefix` stands for the place of an extension in its resource. */
function see(element: ProfileElement, value: ElementValue, prefix: string, seen: Set<string>): void {
  const { row, types } = element;
  const { id, mustSupport, mustSupportTypes, extension } = row;
  const hasType = mustSupportTypes
    ? mustSupportTypes.some((type) => value.type?.toLowerCase() === type.toLowerCase())
    : (types?.has(value.type ?? '') ?? true);
  if (mustSupport && value.value !== undefined && hasType) seen.add(prefix === '' ? id : prefix + id.slice('Extension'.length));
  collect(element, value.object, prefix, seen);
  if (extension !== undefined) collect(profileTree(extension), value.object, id, seen);
}
