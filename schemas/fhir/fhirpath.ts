/**
 * The FHIRPath functions that the compiled invariants of schemas/generated/invariants.ts call. A collection is an array of JSON values.
 * A primitive that has only extensions stands there as the object of its `_` sibling: it exists, and has no value.
 * Three-valued logic: undefined is FHIRPath's empty. An invariant holds when it answers true.
 */
import { referencedType } from './references.ts';
import type { JsonObject, Walk } from './walk.ts';

export type Collection = readonly unknown[];
export type Logic = boolean | undefined;
export type Rule = (element: JsonObject, walk: Walk) => Logic;

const NONE: Collection = [];
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;

/** Whether the object has the element, by any of its JSON keys. */
export function has(element: unknown, ...keys: readonly string[]): boolean {
  if (!isObject(element)) return false;
  return keys.some((key) => element[key] !== undefined || element[`_${key}`] !== undefined);
}

function childrenAt(element: JsonObject, key: string): Collection {
  const value = element[key];
  const sibling = element[`_${key}`];
  if (sibling === undefined) return value === undefined ? NONE : Array.isArray(value) ? value : [value];
  if (!Array.isArray(sibling)) return [value ?? sibling];
  return sibling.map((extended, index) => (Array.isArray(value) ? (value[index] ?? extended) : extended));
}

/** The elements of that name: more than one key for a choice. */
export function at(from: Collection, ...keys: readonly string[]): Collection {
  const [only] = from;
  const [key] = keys;
  if (from.length === 1 && keys.length === 1 && key !== undefined) return isObject(only) ? childrenAt(only, key) : NONE;
  return from.flatMap((element) => (isObject(element) ? keys.flatMap((one) => childrenAt(element, one)) : []));
}

export function children(from: Collection): Collection {
  return from.flatMap((element) => {
    if (!isObject(element)) return [];
    const names = new Set(Object.keys(element).map((key) => key.replace(/^_/, '')));
    names.delete('resourceType');
    return [...names].flatMap((name) => childrenAt(element, name));
  });
}

export function descendants(from: Collection): Collection {
  const found: unknown[] = [];
  for (let level = children(from); level.length > 0; level = children(level)) for (const one of level) found.push(one);
  return found;
}

/** Elements of these names, and of these in those, and so on. */
export function repeat(from: Collection, ...keys: readonly string[]): Collection {
  const found: unknown[] = [];
  for (let level = at(from, ...keys); level.length > 0; level = at(level, ...keys)) for (const one of level) found.push(one);
  return found;
}

/** References as what they point to: only its type, which is all that can be known without fetching. */
export const resolve = (from: Collection, { rootResource }: Walk): Collection =>
  from.flatMap((element) => {
    const literal = isObject(element) ? element.reference : undefined;
    const type = typeof literal === 'string' ? referencedType(literal, rootResource) : undefined;
    return typeof type === 'string' ? [{ resourceType: type }] : [];
  });

export const first = (from: Collection): Collection => (from.length === 0 ? NONE : [from[0]]);
export const tail = (from: Collection): Collection => from.slice(1);
export const index = (from: Collection, position: number): Collection => (position < from.length ? [from[position]] : NONE);

/** A collection where a truth is asked for: one boolean is itself, one of anything else is true. */
export function truth(of: Collection): Logic {
  if (of.length !== 1) return undefined;
  return typeof of[0] === 'boolean' ? of[0] : true;
}
export const asCollection = (logic: Logic): Collection => (logic === undefined ? NONE : [logic]);

export const not = (a: Logic): Logic => (a === undefined ? undefined : !a);
export const and = (a: Logic, b: Logic): Logic => (a === false || b === false ? false : a && b);
export const or = (a: Logic, b: Logic): Logic =>
  a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
export const xor = (a: Logic, b: Logic): Logic => (a === undefined || b === undefined ? undefined : a !== b);
export const implies = (a: Logic, b: Logic): Logic => or(not(a), b);

export const hasValue = (of: Collection): boolean => of.length === 1 && !isObject(of[0]);
export const allTrue = (of: Collection): boolean => of.every((value) => value === true);
export const allFalse = (of: Collection): boolean => of.every((value) => value === false);

/** The same text for equal values: an object's keys in order. */
function identity(value: unknown): unknown {
  if (!isObject(value)) return value;
  const sorted = (_: string, part: unknown): unknown =>
    isObject(part) && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  return JSON.stringify(value, sorted);
}

/** Sets of collections that are asked again and again, so that a long list costs its length and not its square. */
const identitySets = new WeakMap<Collection, ReadonlySet<unknown>>();
function identitiesOf(collection: Collection): ReadonlySet<unknown> {
  let set = identitySets.get(collection);
  if (set === undefined) {
    set = new Set(collection.map(identity));
    identitySets.set(collection, set);
  }
  return set;
}

export function equal(a: Collection, b: Collection): Logic {
  if (a.length === 0 || b.length === 0) return undefined;
  return a.length === b.length && a.every((value, position) => identity(value) === identity(b[position]));
}
export const isDistinct = (of: Collection): boolean => new Set(of.map(identity)).size === of.length;
export const union = (a: Collection, b: Collection): Collection => [...new Set([...a, ...b])];
export const combine = (a: Collection, b: Collection): Collection => [...a, ...b];
export const intersect = (a: Collection, b: Collection): Collection =>
  b.length === 0 ? NONE : a.filter((value) => identitiesOf(b).has(identity(value)));
export const isIn = (a: Collection, b: Collection): Logic =>
  a.length === 0 ? undefined : a.length === 1 && identitiesOf(b).has(identity(a[0]));

/** Time in ms when the text is exact to the second, else undefined. */
const instantMs = (text: string): number | undefined => (text.length > 10 ? Date.parse(text) : undefined);
const HOUR_MS = 3_600_000;

/** The least and the most that a partial date can mean, anywhere on earth, in ms. */
function boundsMs(text: string): readonly [number, number] {
  const exact = instantMs(text);
  if (exact !== undefined) return [exact, exact];
  const startMs = Date.parse(text.padEnd(10, '-01'));
  const days = text.length === 10 ? 1 : text.length === 7 ? 31 : 366;
  return [startMs - 14 * HOUR_MS, startMs + (days * 24 + 12) * HOUR_MS];
}

/** Whether a <= b. Dates of unlike precision that overlap cannot be told apart: that counts as true, where FHIRPath has no answer. */
function notAfter(a: string, b: string): Logic {
  if (!/^\d{4}/.test(a) || !/^\d{4}/.test(b)) return a <= b;
  if (a.length <= 10 && a.length === b.length) return a <= b;
  const [least] = boundsMs(a);
  const [, most] = boundsMs(b);
  return !(least > most); // also true for a leap second, which Date.parse does not know
}

/** a <= b for numbers, dates, and quantities of one unit. Others have no answer: low and high of a Range must match (FHIR R4, Range). */
function lessOrEqual(a: unknown, b: unknown): Logic {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') return notAfter(a, b);
  if (!isObject(a) || !isObject(b) || typeof a.value !== 'number' || typeof b.value !== 'number') return undefined;
  const isOneUnit = a.system === b.system && a.code === b.code && (a.code !== undefined || a.unit === b.unit);
  return isOneUnit ? a.value <= b.value : undefined;
}
export const atMost = (a: Collection, b: Collection): Logic =>
  a.length === 1 && b.length === 1 ? lessOrEqual(a[0], b[0]) : undefined;
export const atLeast = (a: Collection, b: Collection): Logic => atMost(b, a);
export const less = (a: Collection, b: Collection): Logic => not(atMost(b, a));
export const more = (a: Collection, b: Collection): Logic => not(atMost(a, b));

const onText = (of: Collection, test: (text: string) => boolean): Logic =>
  of.length === 1 && typeof of[0] === 'string' ? test(of[0]) : undefined;
const textOf = (of: Collection): string => (of.length === 1 && typeof of[0] === 'string' ? of[0] : '');

export const startsWith = (of: Collection, start: Collection): Logic => onText(of, (text) => text.startsWith(textOf(start)));
export const contains = (of: Collection, part: Collection): Logic => onText(of, (text) => text.includes(textOf(part)));
export const matches = (of: Collection, pattern: RegExp): Logic => onText(of, (text) => pattern.test(text));
export const length = (of: Collection): Collection => (of.length === 1 && typeof of[0] === 'string' ? [of[0].length] : NONE);
export const replaceMatches = (of: Collection, pattern: RegExp, by: string): Collection =>
  of.length === 1 && typeof of[0] === 'string' ? [of[0].replace(pattern, by)] : NONE;
export const concatenate = (a: Collection, b: Collection): Collection => [textOf(a) + textOf(b)];
export const toText = (of: Collection): Collection => (of.length === 1 && !isObject(of[0]) ? [String(of[0])] : NONE);
export function toInteger(of: Collection): Collection {
  const text = of.length === 1 ? String(of[0]) : '';
  return /^[+-]?\d+$/.test(text) ? [Number(text)] : NONE;
}

/** Whether a value is of a primitive type, or a resource of that type. */
export function isType(value: unknown, type: string): boolean {
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'decimal') return typeof value === 'number';
  if (type === 'dateTime') return typeof value === 'string' && /^\d{4}/.test(value);
  return isObject(value) && value.resourceType === type;
}
