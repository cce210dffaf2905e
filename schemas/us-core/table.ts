/**
 * The table of US Core's profiles (schemas/us-core/generated/table.ts), deflated: 13 KB instead of 100 KB in every bundle that checks them, opened
 * when the first profile is claimed (about 1 ms). Node only, as schemas/fhir/table.ts is.
 */
import { inflateRawSync } from 'node:zlib';
import { PACKED_US_CORE } from '../generated/packed-us-core.ts';
import type { CodeListRow, ProfileRow } from './rows.ts';

interface Table {
  readonly profiles: readonly ProfileRow[];
  /** By number. */
  readonly codeLists: readonly CodeListRow[];
}

let table: Table | undefined;

export function usCore(): Table {
  table ??= JSON.parse(inflateRawSync(Buffer.from(PACKED_US_CORE, 'base64')).toString()) as Table;
  return table;
}
