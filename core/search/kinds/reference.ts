import type { Reference } from 'fhir/r4';
import { Problem } from '../../outcome.ts';
import type { Source } from '../parameters.ts';

/** Where a reference points, as search compares it (FHIR R4, Search, "reference"). */
export interface Target {
  /** Of a literal reference to a record of ours. */
  readonly type?: string;
  readonly id?: string;
  /** Of a reference to one version of it. */
  readonly version?: string;
  /** The reference as written: an absolute URL of somebody else's, or a canonical without its version. */
  readonly url: string;
  readonly identifier?: { readonly system?: string; readonly value?: string };
}

const LITERAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;

/** A reference's target; URLs under our own base are what they would be without it. */
export function targetOf(text: string, base: string): Omit<Target, 'identifier'> {
  const url = (text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text).split('|')[0] ?? '';
  const [, type, id, version] = LITERAL.exec(url) ?? [];
  return type && id ? { type, id, url: `${type}/${id}`, ...(version && { version }) } : { url };
}

/** The targets of an element that count for the source. Contained resources are no targets. */
export function targetsOf(element: unknown, { dataType, target }: Source, base: string): Target[] {
  if (dataType !== 'Reference') return typeof element === 'string' ? [targetOf(element, base)] : [];
  const { reference = '', identifier, type } = element as Reference;
  const found = reference.startsWith('#') ? { url: '' } : targetOf(reference, base);
  if (target && (found.type ?? type) !== target) return [];
  return [{ ...found, ...(identifier && { identifier }) }];
}

/** `123`, `Patient/123`, or an absolute URL; `type` comes from a modifier such as `subject:Patient`. */
export interface ReferenceTest {
  readonly type?: string;
  readonly id?: string;
  readonly version?: string;
  readonly url?: string;
}

/** @throws Problem invalid when the modifier's type and the reference's differ */
export function parseReferenceTest(text: string, name: string, type: string | undefined, base: string): ReferenceTest {
  if (/^[A-Za-z0-9.-]{1,64}$/.test(text)) return { id: text, ...(type && { type }) };
  const found = targetOf(text, base);
  if (type && found.type !== type) throw new Problem('invalid', `${name}:${type} takes the id of a ${type}.`);
  if (!found.type) return { url: found.url };
  return { type: found.type, id: found.id ?? '', ...(found.version && { version: found.version }) };
}

export function referenceMatches(test: ReferenceTest, target: Target): boolean {
  if (test.url !== undefined) return target.url === test.url;
  if (test.version !== undefined && target.version !== test.version) return false;
  return target.id === test.id && (test.type === undefined || target.type === test.type);
}
