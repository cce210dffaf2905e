import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4';
import { isResourceType } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';

/**
 * References inside a resource that is being written. Pure.
 * `reference` with a string is Reference.reference wherever it stands: no other R4 element of that name is a string.
 */
export type Literal =
  | { readonly kind: 'relative'; readonly type: string; readonly id: FhirId }
  /** `Practitioner?identifier=system|value`: resolved by a search before the write. */
  | { readonly kind: 'conditional'; readonly type: string; readonly criteria: string }
  /** `urn:uuid:...`: an entry of the same transaction. */
  | { readonly kind: 'entry'; readonly fullUrl: string }
  /** `#id`, another server's address, or an identifier's own scheme: not ours to check. */
  | { readonly kind: 'elsewhere' }
  /** It looks relative and names nothing that R4 or our ids allow. */
  | { readonly kind: 'nonsense' };

/** What a reference string points at. `fhirBase` makes our own absolute addresses relative. */
export function literalOf(reference: string, fhirBase: string): Literal {
  if (reference.startsWith('#')) return { kind: 'elsewhere' };
  if (/^urn:(?:uuid|oid):/.test(reference)) return { kind: 'entry', fullUrl: reference };
  const relative = reference.startsWith(`${fhirBase}/`) ? reference.slice(fhirBase.length + 1) : reference;
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative)) return { kind: 'elsewhere' };
  const [, conditionalType, criteria] = /^([A-Za-z]+)\?(.+)$/.exec(relative) ?? [];
  if (conditionalType !== undefined && criteria !== undefined)
    return isResourceType(conditionalType) ? { kind: 'conditional', type: conditionalType, criteria } : { kind: 'nonsense' };
  const [, type = '', id] = /^([A-Za-z]+)\/([^/?]+)(?:\/_history\/[^/]+)?$/.exec(relative) ?? [];
  const parsed = FhirId.safeParse(id);
  return parsed.success && isResourceType(type) ? { kind: 'relative', type, id: parsed.data } : { kind: 'nonsense' };
}

/** Every reference string of a resource with its FHIRPath. */
export function* referencesIn(node: unknown, path: string): Generator<{ readonly reference: string; readonly path: string }> {
  if (Array.isArray(node)) for (const [index, item] of node.entries()) yield* referencesIn(item, `${path}[${index}]`);
  else if (isObject(node)) {
    for (const [name, value] of Object.entries(node)) {
      if (name === 'reference' && typeof value === 'string') yield { reference: value, path: `${path}.reference` };
      else if (typeof value === 'object') yield* referencesIn(value, `${path}.${name}`);
    }
  }
}

/** A copy with every reference string replaced by `replace`; the rest is shared with the original. */
export function withReferences<R extends FhirResource>(resource: R, replace: (reference: string) => string): R {
  return rewrite(resource, replace) as R;
}

function rewrite(node: unknown, replace: (reference: string) => string): unknown {
  if (Array.isArray(node)) return node.map((item) => rewrite(item, replace));
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      name === 'reference' && typeof value === 'string' ? replace(value) : rewrite(value, replace),
    ]),
  );
}

const isObject = (node: unknown): node is Record<string, unknown> =>
  typeof node === 'object' && node !== null && !Array.isArray(node);

/** A short name for criteria in keys and comparisons, the same for the same parameters in another order. */
export function criteriaKey(type: string, criteria: string): string {
  const parameters = new URLSearchParams(criteria);
  parameters.sort();
  return createHash('sha256').update(`${type}?${parameters}`).digest('base64url').slice(0, 27);
}
