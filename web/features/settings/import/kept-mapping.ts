import { COLUMN_FIELDS, type ColumnField, type Mapping } from '../../../lib/csv-patients.ts';
import type { Owner } from '../../../lib/remembered.ts';

/**
 * How a person mapped a table with these headers: kept in this browser, so that the same kind of file needs no second mapping, also after
 * the tab died. Headers and field names only: no cell of any row.
 */
const keyOf = ({ user, tenant }: Owner, headers: readonly string[]): string =>
  `tessera.columns/${user}/${tenant}/${headers.join('\u001f').slice(0, 2_000)}`;

export const keepMapping = (owner: Owner, headers: readonly string[], mapping: Mapping): void =>
  localStorage.setItem(keyOf(owner, headers), JSON.stringify(mapping.map((field) => field ?? null)));

export function keptMapping(owner: Owner, headers: readonly string[]): Mapping | undefined {
  const text = localStorage.getItem(keyOf(owner, headers));
  if (text === null) return undefined;
  try {
    const fields = JSON.parse(text) as readonly (string | null)[];
    if (!Array.isArray(fields) || fields.length !== headers.length) return undefined;
    return fields.map((field) => COLUMN_FIELDS.find((known): known is ColumnField => known === field));
  } catch {
    return undefined;
  }
}
