import type { ElementDefinition } from 'fhir/r4';
import type { TypeDefinition } from '../definitions.ts';

/** Finds what FHIR R4 itself says of an element of a profile. */
export class BaseElements {
  private readonly elements: ReadonlyMap<string, ElementDefinition>;

  constructor(definitions: readonly TypeDefinition[]) {
    this.elements = new Map(definitions.flatMap(({ elements }) => elements.map((element) => [element.path, element] as const)));
  }

  /** `snapshot` holds the elements of the same profile by id. @throws Error when R4 has no such element */
  of(element: ElementDefinition, snapshot: ReadonlyMap<string, ElementDefinition>): ElementDefinition {
    const found = this.elements.get(element.path) ?? this.inParent(element, snapshot);
    if (!found) throw new Error(`FHIR R4 has no element ${element.id}`);
    if (found.path.endsWith('[x]')) this.refuseLikeNames(found.path);
    return found;
  }

  /** An element of a data type: `Patient.name.family` is HumanName.family. */
  private inParent(
    { id = '', path }: ElementDefinition,
    snapshot: ReadonlyMap<string, ElementDefinition>,
  ): ElementDefinition | undefined {
    const parent = snapshot.get(id.slice(0, id.lastIndexOf('.')));
    if (!parent) return undefined;
    const name = path.slice(path.lastIndexOf('.') + 1);
    const types = (parent.type ?? []).map(({ code }) => code.replace(/^.*System\./, ''));
    if (types.length !== 1) throw new Error(`${parent.id} has children and several types`);
    return [this.of(parent, snapshot).path, types[0], 'Element']
      .map((type) => this.elements.get(`${type}.${name}`))
      .find((element) => element !== undefined);
  }

  /** The checker finds a choice by its name and a capital letter: no other element may begin like that. */
  private refuseLikeNames(path: string): void {
    const start = path.slice(0, -'[x]'.length);
    for (const other of this.elements.keys()) {
      if (other.startsWith(start) && /^[A-Z]\w*$/.test(other.slice(start.length))) throw new Error(`${other} is like ${path}`);
    }
  }
}
