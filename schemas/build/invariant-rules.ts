import type { ElementDefinition } from 'fhir/r4';
import type { TypeDefinition } from './definitions.ts';
import { type Child, Compiler, type FindChild } from './fhirpath-compiler.ts';

/** Invariants that the checks of schemas/fhir make in their own way: faster, or because FHIRPath cannot say them. */
export const BY_HAND: Readonly<Record<string, string>> = {
  'ele-1': 'complex-type.ts',
  'ext-1': 'invariants.ts',
  'dom-2': 'contained.ts',
  'dom-3': 'contained.ts',
  'dom-4': 'contained.ts',
  'dom-5': 'contained.ts',
  'ref-1': 'references.ts',
  'txt-1': 'narrative.ts',
  'txt-2': 'narrative.ts',
};

/** Invariants that are not enforced, and why. */
export const NOT_ENFORCED: Readonly<Record<string, string>> = {
  'ctm-1': 'needs the resource that a reference points to, which parsing cannot fetch',
};

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Finds children of types and backbone elements in the definitions. */
export function childFinder(definitions: readonly TypeDefinition[]): FindChild {
  const elements = new Map(definitions.flatMap(({ elements: all }) => all.map((element) => [element.path, element] as const)));
  const childOf = (path: string, element: ElementDefinition, name: string): Child => {
    if (element.contentReference) return { keys: [name], types: [element.contentReference.slice(1)] };
    const types = (element.type ?? []).map(({ code }) =>
      code === 'BackboneElement' || code === 'Element' ? path : code.replace(/^.*System\./, ''),
    );
    const isChoice = path.endsWith('[x]');
    return {
      keys: isChoice ? types.map((type) => name + capitalised(type)) : [name],
      types: types.map((type) => (type === 'Resource' ? '' : type)).filter(Boolean),
    };
  };
  return (type, name) => {
    for (const path of [`${type}.${name}`, `${type}.${name}[x]`]) {
      const element = elements.get(path);
      if (element) return childOf(path, element, name);
    }
    return undefined;
  };
}

export interface CompiledInvariant {
  /** `obs-6`, or `inv-1:Task` where R4 gives one key to several rules. */
  readonly name: string;
  readonly human: string;
  readonly expression: string;
  /** Where it is said: `Observation`, `Timing.repeat`. */
  readonly path: string;
  readonly js: string;
}

/** Compiles every invariant of severity "error" that is neither made by hand nor left out. */
export class InvariantRules {
  readonly compiled = new Map<string, CompiledInvariant>();
  readonly keyLists: string[] = [];
  private readonly findChild: FindChild;
  private readonly resources: ReadonlySet<string>;

  constructor(definitions: readonly TypeDefinition[]) {
    this.findChild = childFinder(definitions);
    this.resources = new Set(definitions.filter(({ kind }) => kind === 'resource').map(({ name }) => name));
  }

  /** The names of an element's compiled invariants. @throws Error for one that cannot be compiled */
  of(element: ElementDefinition): string[] {
    return (element.constraint ?? []).flatMap(({ key, severity, human = '', expression = '' }) => {
      if (severity !== 'error' || key in BY_HAND || key in NOT_ENFORCED) return [];
      const root = element.path.split('.')[0] ?? '';
      const known = this.compiled.get(key);
      const name = known === undefined || known.expression === expression ? key : `${key}:${root}`;
      if (!this.compiled.has(name)) {
        this.compiled.set(name, { name, human, expression, path: element.path, js: this.compile(element, root, expression) });
      }
      return [name];
    });
  }

  private compile(element: ElementDefinition, root: string, expression: string): string {
    try {
      return new Compiler(this.findChild, typesAt(element), this.resources.has(root) ? [root] : [], this.keyLists).compile(
        expression,
      );
    } catch (cause) {
      throw new Error(`Cannot compile the invariant of ${element.path}: ${expression}`, { cause });
    }
  }
}

/** The types of `$this` where an element's invariant is judged. */
const typesAt = (element: ElementDefinition): string[] => {
  if (element.contentReference) return [element.contentReference.slice(1)];
  const types = (element.type ?? []).map((type) => type.code).filter((code) => code !== 'BackboneElement' && code !== 'Element');
  return types.length > 0 ? types : [element.path];
};
