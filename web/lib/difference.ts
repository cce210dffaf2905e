import type { Field } from './describe.ts';

/** One field that differs between two versions of a record. Absent `before`: it was added; absent `after`: it was removed. */
export interface Difference {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

const grouped = (fields: readonly Field[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const { name, text } of fields) groups.set(name, [...(groups.get(name) ?? []), text]);
  return groups;
};

/**
 * What a reader would call the difference: field by field, repeated fields as one list. The order of a list is no difference.
 * Fields come in the newer version's order, removed ones last.
 */
export function differences(older: readonly Field[], newer: readonly Field[]): readonly Difference[] {
  const before = grouped(older);
  const after = grouped(newer);
  const found: Difference[] = [];
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const was = before.get(name);
    const is = after.get(name);
    if (JSON.stringify([...(was ?? [])].sort()) === JSON.stringify([...(is ?? [])].sort())) continue;
    found.push({ name, ...(was && { before: was.join('; ') }), ...(is && { after: is.join('; ') }) });
  }
  return found;
}
