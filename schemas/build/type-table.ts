/**
 * Writes R4's types as a compact table, one text per type (and per backbone element, named by its path):
 *
 *   : DomainResource obs-6 obs-7            what it is a kind of, and its invariants
 *   status ! code@12                        ? 0..1   ! 1..1   * 0..*   + 1..*   @ number of a required code list
 *   subject ? Reference(Patient|Group)      the types a reference may point to; none: any
 *   value[x] ? Quantity,string              a choice
 *   component * Observation.component       a backbone element, or one whose content is defined elsewhere
 *   telecom * ContactPoint org-3            invariants of this element alone
 *
 * Elements that every element, backbone element or resource has are left out: the reader knows them.
 */
import type { ElementDefinition, ElementDefinitionType } from 'fhir/r4';
import type { CodeLists } from './code-lists.ts';
import type { TypeDefinition } from './definitions.ts';
import type { InvariantRules } from './invariant-rules.ts';

const INHERITED: Record<string, readonly string[]> = {
  Element: ['id', 'extension'],
  BackboneElement: ['id', 'extension', 'modifierExtension'],
  Resource: ['id', 'meta', 'implicitRules', 'language'],
  DomainResource: ['id', 'meta', 'implicitRules', 'language', 'text', 'contained', 'extension', 'modifierExtension'],
};
const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const typeOfProfile = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

const kindOf = (definition: TypeDefinition): string => {
  if (definition.kind === 'resource') return definition.base === 'DomainResource' ? 'DomainResource' : 'Resource';
  return definition.base === 'BackboneElement' ? 'BackboneElement' : 'Element';
};

export class TypeTable {
  readonly types: Record<string, string> = {};
  readonly resourceTypes: string[] = [];
  private readonly lists: CodeLists;
  private readonly invariants: InvariantRules;

  constructor(lists: CodeLists, invariants: InvariantRules) {
    this.lists = lists;
    this.invariants = invariants;
  }

  add(definition: TypeDefinition): void {
    if (definition.abstract || definition.kind === 'primitive-type') return;
    if (definition.kind === 'resource') this.resourceTypes.push(definition.name);
    const [root, ...elements] = definition.elements;
    if (!root) throw new Error(`${definition.name} has no elements`);
    this.write(definition.name, root.path, kindOf(definition), root, elements);
  }

  private write(name: string, path: string, kind: string, head: ElementDefinition, elements: readonly ElementDefinition[]): void {
    const own = elements.filter(
      (element) =>
        element.path.startsWith(`${path}.`) &&
        !element.path.slice(path.length + 1).includes('.') &&
        !INHERITED[kind]?.includes(lastName(element.path)) &&
        element.max !== '0',
    );
    const lines = own.map((element) => this.line(element, elements));
    this.types[name] = [[':', kind, ...this.invariants.of(head)].join(' '), ...lines].join('\n');
  }

  private line(element: ElementDefinition, all: readonly ElementDefinition[]): string {
    const cardinality = element.max === '1' ? (element.min ? '!' : '?') : element.min ? '+' : '*';
    const head = `${lastName(element.path)} ${cardinality}`;
    if (element.contentReference) return [head, element.contentReference.slice(1), ...this.invariants.of(element)].join(' ');
    const types = element.type ?? [];
    const kind = types[0]?.code;
    if (kind === 'BackboneElement' || kind === 'Element') {
      this.write(element.path, element.path, kind, element, all);
      return `${head} ${element.path}`;
    }
    const concept = types.some((type) => type.code === 'CodeableConcept' || type.code === 'Coding');
    const binding =
      element.binding?.strength === 'required' ? this.lists.numberOf(element.binding.valueSet ?? '', concept) : undefined;
    const list = binding === undefined ? '' : `@${binding}`;
    return [head, types.map((type) => typeText(type) + list).join(','), ...this.invariants.of(element)].join(' ');
  }
}

function typeText(type: ElementDefinitionType): string {
  if (type.code.startsWith('http://hl7.org/fhirpath/')) {
    return type.extension?.find((extension) => extension.url.endsWith('/structuredefinition-fhir-type'))?.valueUrl ?? 'string';
  }
  if (type.profile?.some((url) => typeOfProfile(url) === 'SimpleQuantity')) return 'SimpleQuantity';
  const targets = (type.code === 'Reference' ? (type.targetProfile ?? []) : [])
    .map(typeOfProfile)
    .filter((name) => name !== 'Resource');
  return targets.length > 0 ? `${type.code}(${targets.join('|')})` : type.code;
}
