import { isResourceType } from '../../schemas/fhir/index.ts';
import { isObject } from './source-file.ts';

/** A conditional reference: Practitioner?identifier=system|value (FHIR R4, 3.1.0.11.2). */
export interface ConditionalReference {
  readonly type: string;
  readonly identifier: { readonly system?: string; readonly value: string };
}

/** Undefined when the text is no conditional reference by identifier. */
export function conditionalReference(text: string): ConditionalReference | undefined {
  const [, type, query] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(text) ?? [];
  if (!type || !query || !isResourceType(type)) return undefined;
  const identifier = identifierIn(query);
  return identifier && { type, identifier };
}

/** The identifier that a search string asks for, where it asks for nothing else. */
export function identifierIn(query: string): ConditionalReference['identifier'] | undefined {
  const parameters = [...new URLSearchParams(query)];
  const [name, token] = parameters[0] ?? [];
  if (parameters.length !== 1 || name !== 'identifier' || !token) return undefined;
  const bar = token.indexOf('|');
  if (bar < 0) return { value: token };
  return { ...(bar > 0 && { system: token.slice(0, bar) }), value: token.slice(bar + 1) };
}

/** What a reference becomes: another literal reference, or undefined to leave it as it stands. */
export interface ReferenceTargets {
  /** By the fullUrl (or Type/id) that the source uses. */
  literal(reference: string): string | undefined;
  /** By identifier: "Type/id", or undefined when nothing matches. */
  conditional(reference: ConditionalReference): string | undefined;
}

export interface Rewritten<T> {
  readonly value: T;
  /** Conditional references that matched nothing: now `identifier` instead of `reference`, which says the same and stays valid FHIR. */
  readonly unresolved: number;
}

/** A copy of the resource whose references name the records as they are called here. */
export function rewriteReferences<T>(resource: T, targets: ReferenceTargets): Rewritten<T> {
  let unresolved = 0;
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rewrite);
    if (!isObject(node)) return node;
    // Own properties whatever they are called: an element `__proto__` is kept, for the validation to refuse it.
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rewrite(value)]));
    if (typeof node.reference !== 'string') return copy;

    const literal = targets.literal(node.reference);
    if (literal) return { ...copy, reference: literal };
    const wanted = conditionalReference(node.reference);
    if (!wanted) return copy;
    const found = targets.conditional(wanted);
    if (found) return { ...copy, reference: found };
    unresolved++;
    const { reference: _, ...rest } = copy;
    return { type: wanted.type, ...rest, identifier: rest.identifier ?? wanted.identifier };
  };
  return { value: rewrite(resource) as T, unresolved };
}
