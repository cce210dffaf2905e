/** Compiles the invariants that US Core adds to R4's, with the compiler that R4's are made with. */
import type { ElementDefinition, ElementDefinitionConstraint } from 'fhir/r4';
import type { TypeDefinition } from '../definitions.ts';
import { Compiler } from '../fhirpath-compiler.ts';
import { childFinder } from '../invariant-rules.ts';

/** Made by hand in schemas/us-core/by-hand.ts, because FHIRPath says it in a page of arithmetic. */
export const BY_HAND: ReadonlySet<string> = new Set(['us-core-17']);

/** Not enforced, and why. */
export const NOT_ENFORCED: Readonly<Record<string, string>> = {
  'us-core-3 at value[x]':
    'as published it asks for the value of the value, and so never fails; at Observation (screening assessment) it is enforced',
  'us-core-4': 'as published it asks for the value of the value, and so never fails; it is a warning only',
};

/** Published expressions that say something else than their text. Each is replaced by what the text says. */
export const CORRECTED: Readonly<Record<string, string>> = {
  // "if effective is dateTime and has a value then that value shall be precise to the day": a Period must not break it.
  'vs-1': '$this is dateTime implies $this.toString().length() >= 8',
  // A list of two has no truth in FHIRPath, and two telephones are as good as one.
  'pd-1': 'telecom.exists() or endpoint.exists()',
  'us-core-13': 'practitioner.exists() or organization.exists() or healthcareService.exists() or location.exists()',
};

export interface ProfileRule {
  readonly name: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
  readonly js: string;
}

export class ProfileRules {
  readonly rules = new Map<string, ProfileRule>();
  readonly keyLists: string[] = [];
  private readonly findChild: ReturnType<typeof childFinder>;
  private readonly resources: ReadonlySet<string>;

  constructor(definitions: readonly TypeDefinition[]) {
    this.findChild = childFinder(definitions);
    this.resources = new Set(definitions.filter(({ kind }) => kind === 'resource').map(({ name }) => name));
  }

  /** The names of the invariants of an element that R4 does not have. @throws Error for one that cannot be compiled */
  of(element: ElementDefinition, base: ElementDefinition): string[] | undefined {
    const inR4 = new Set([...(base.constraint ?? []).map(({ key }) => key), 'ele-1', 'ext-1', 'txt-1', 'txt-2']);
    const own = (element.constraint ?? []).filter(
      ({ key }) =>
        !inR4.has(key) && !(key in NOT_ENFORCED) && !(`${key} at value[x]` in NOT_ENFORCED && element.path.endsWith('[x]')),
    );
    return own.length === 0 ? undefined : own.map((constraint) => this.name(constraint, element));
  }

  private name({ key, severity, human, expression = '' }: ElementDefinitionConstraint, element: ElementDefinition): string {
    const root = element.path.split('.')[0] ?? '';
    const known = this.rules.get(key);
    const name = known === undefined || known.expression === expression ? key : `${key}:${root}`;
    if (!this.rules.has(name)) {
      const js = BY_HAND.has(key) ? '' : this.compile(element, root, CORRECTED[key] ?? expression);
      this.rules.set(name, { name, severity, human: human.trim(), expression, js });
    }
    return name;
  }

  private compile(element: ElementDefinition, root: string, expression: string): string {
    const types = (element.type ?? []).map(({ code }) => (code === 'BackboneElement' ? element.path : code));
    try {
      return new Compiler(
        this.findChild,
        types.length > 0 ? types : [element.path],
        this.resources.has(root) ? [root] : [],
        this.keyLists,
      ).compile(expression);
    } catch (cause) {
      throw new Error(`Cannot compile the invariant of ${element.id}: ${expression}`, { cause });
    }
  }
}
