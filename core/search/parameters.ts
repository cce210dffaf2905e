import { SEARCH_PARAMETERS } from '../../schemas/generated/search-parameters.ts';

/** The search parameters of each type, from the table that schemas/build/search-parameters.ts compiles out of the published definitions. */

export const KINDS = ['token', 'date', 'reference', 'string', 'quantity', 'number', 'uri'] as const;
export type Kind = (typeof KINDS)[number];

/** One step of a path: an element, perhaps only those whose `key` has a certain value. */
export interface Step {
  readonly name: string;
  readonly only?: { readonly key: string; readonly value: string };
}

/** Where a parameter's values stand in a resource. */
export interface Source {
  /** As in the table: `telecom[system=phone]`. */
  readonly path: string;
  readonly steps: readonly Step[];
  readonly dataType: string;
  /** For references: only those to this type count. */
  readonly target?: string;
}

export interface Parameter {
  readonly name: string;
  readonly kind: Kind;
  readonly sources: readonly Source[];
}

const compiled = new Map<string, ReadonlyMap<string, Parameter>>();

/** A type's parameters by name, those of every resource included. */
export function parametersOf(type: string): ReadonlyMap<string, Parameter> {
  const known = compiled.get(type);
  if (known) return known;
  const own = Object.hasOwn(SEARCH_PARAMETERS, type) ? SEARCH_PARAMETERS[type] : undefined;
  const made = new Map(
    Object.entries({ ...SEARCH_PARAMETERS.Resource, ...own }).map(([name, line]) => [name, parse(name, line)]),
  );
  if (own) compiled.set(type, made);
  return made;
}

/** What a CapabilityStatement says of a type's search: every parameter and its kind, by name. */
export const supportedParameters = (type: string): { name: string; type: Kind }[] =>
  [...parametersOf(type).values()].map(({ name, kind }) => ({ name, type: kind })).sort((a, b) => (a.name < b.name ? -1 : 1));

const SOURCE = /^(.+):(\w+)(?:>(\w+))?$/;
const STEP = /(\w+)(?:\[(\w+)=([^\]]*)\])?(?:\.|$)/g;

function parse(name: string, line: string): Parameter {
  const [kind, ...sources] = line.split(' ');
  return { name, kind: kind as Kind, sources: sources.map(parseSource) };
}

function parseSource(text: string): Source {
  const [, path = '', dataType = '', target] = SOURCE.exec(text) ?? [];
  const steps = [...path.matchAll(STEP)].map(([, name = '', key, value = '']) => ({
    name,
    ...(key && { only: { key, value } }),
  }));
  return { path, steps, dataType, ...(target && { target }) };
}

/** The elements of a resource that a source names, in document order. */
export function elementsAt(resource: object, { steps }: Source): readonly unknown[] {
  let found: readonly unknown[] = [resource];
  for (const { name, only } of steps) {
    found = found.flatMap((element) => childrenOf(element, name));
    if (only) found = found.filter((element) => (element as Record<string, unknown>)[only.key] === only.value);
  }
  return found;
}

function childrenOf(element: unknown, name: string): readonly unknown[] {
  const child = typeof element === 'object' && element !== null ? (element as Record<string, unknown>)[name] : undefined;
  // Arrays of primitives hold null where only an extension stands.
  return (Array.isArray(child) ? child : [child]).filter((item) => item !== undefined && item !== null);
}
