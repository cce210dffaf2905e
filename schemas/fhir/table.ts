/**
 * The generated table of types and code lists (schemas/build/type-table.ts, code-lists.ts). It is kept deflated, 50 KB instead of
 * 200 KB in every bundle that parses FHIR, and opened when the first resource is parsed (about 3 ms). Node only: the web app parses no FHIR.
 */
import { inflateRawSync } from 'node:zlib';
import { PACKED } from '../generated/packed-table.ts';

interface Table {
  /** By name of a type, or path of a backbone element. */
  readonly types: Readonly<Record<string, string>>;
  /** By number. */
  readonly codeLists: readonly string[];
}

let table: Table | undefined;

export function definitionTable(): Table {
  table ??= JSON.parse(inflateRawSync(Buffer.from(PACKED, 'base64')).toString()) as Table;
  return table;
}
