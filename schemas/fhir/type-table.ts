/** Reads the generated table of types. The notation is explained in schemas/build/type-table.ts. */
import { RESOURCE_TYPES } from '../generated/resource-types.ts';
import { definitionTable } from './table.ts';

export interface ElementType {
  readonly name: string;
  /** Number of the required code list. */
  readonly codes?: number;
  /** Types a Reference may point to; absent: any. */
  readonly targets?: ReadonlySet<string>;
}

export interface ElementRow {
  /** Without `[x]`. */
  readonly name: string;
  readonly isChoice: boolean;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly types: readonly ElementType[];
  /** Names of the invariants of this element alone. */
  readonly invariants: readonly string[];
}

export interface TypeRow {
  readonly isResource: boolean;
  readonly invariants: readonly string[];
  readonly elements: readonly ElementRow[];
}

const ELEMENT = ['id ? elementId', 'extension * Extension'];
const RESOURCE = ['id ? id', 'meta ? Meta', 'implicitRules ? uri', 'language ? code'];
const INHERITED: Readonly<Record<string, readonly string[]>> = {
  Element: ELEMENT,
  BackboneElement: [...ELEMENT, 'modifierExtension * Extension'],
  Resource: RESOURCE,
  DomainResource: [
    ...RESOURCE,
    'text ? Narrative',
    'contained * Resource',
    'extension * Extension',
    'modifierExtension * Extension',
  ],
};

let resourceTypes: ReadonlySet<string> | undefined;
/** Whether R4 has a resource type of that name. */
export function isResourceType(name: string): boolean {
  resourceTypes ??= new Set(RESOURCE_TYPES);
  return resourceTypes.has(name);
}

const TYPE = /^([^(@]+)(?:\(([^)]*)\))?(?:@(\d+))?$/;

function readType(text: string): ElementType {
  const [, name = text, targets, codes] = TYPE.exec(text) ?? [];
  return { name, ...(targets && { targets: new Set(targets.split('|')) }), ...(codes && { codes: Number(codes) }) };
}

function readElement(line: string): ElementRow {
  const [name = '', cardinality = '', types = '', ...invariants] = line.split(' ');
  return {
    name: name.replace('[x]', ''),
    isChoice: name.endsWith('[x]'),
    isRequired: cardinality === '!' || cardinality === '+',
    isList: cardinality === '*' || cardinality === '+',
    types: types.split(',').map(readType),
    invariants,
  };
}

/** The row of a type or backbone element. @throws Error for a name that R4 does not have */
export function readTypeRow(name: string): TypeRow {
  const { types } = definitionTable();
  const text = name === 'Element' ? ': Element' : Object.hasOwn(types, name) ? types[name] : undefined;
  if (text === undefined) throw new Error(`FHIR R4 has no type ${name}`);
  const [head = '', ...lines] = text.split('\n');
  const [, kind = '', ...invariants] = head.split(' ');
  return {
    isResource: isResourceType(name),
    invariants,
    elements: [...(INHERITED[kind] ?? []), ...lines].map(readElement),
  };
}
