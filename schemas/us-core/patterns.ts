import { isObject } from '../fhir/walk.ts';
import type { Json } from './rows.ts';

/**
 * Whether a value holds a pattern: every part of it, and for lists every item somewhere in the list
 * (FHIR R4, ElementDefinition.pattern[x]). For a primitive that is equality.
 */
export function hasPattern(value: unknown, pattern: Json): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((part: Json) => value.some((item) => hasPattern(item, part)));
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  return isObject(value) && Object.entries(pattern).every(([key, part]) => hasPattern(value[key], part));
}

/** What a pattern asks for, for people: its codes, or its values. */
export function inWords(pattern: Json): string {
  if (Array.isArray(pattern)) return pattern.map((part: Json) => inWords(part)).join(' and ');
  if (typeof pattern !== 'object' || pattern === null) return String(pattern);
  const { system, code, ...rest } = pattern as Readonly<Record<string, Json>>;
  if (code !== undefined) return system === undefined ? String(code) : `${code} of ${system}`;
  if (system !== undefined) return `system ${system}`;
  return Object.values(rest).map(inWords).join(' and ');
}
