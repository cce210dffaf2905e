import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import { headOf } from './codec.ts';
import type { StoreContext } from './context.ts';
import { openRow } from './current.ts';
import { fromPast, type PastRow, patientOf } from './item.ts';
import { keys, pastVersionRange, patientOfPlace } from './keys.ts';
import { find, openPast } from './read.ts';
import type { HistoryEntry, Page } from './types.ts';

/** A record's versions, newest first: the current one where it stands, then one Query over the past ones. */
export async function history(
  context: StoreContext,
  scope: Scope,
  type: string,
  id: FhirId,
  { count, cursor }: { count: number; cursor?: string },
): Promise<Page<HistoryEntry>> {
  const table = context.table(scope.tenant);
  const query = ['history', type, id];
  const continued = cursor === undefined ? undefined : Number(context.cursors.open(scope.tenant, query, cursor));
  const newest = continued === undefined ? await currentEntry(context, scope, type, id) : undefined;
  const below = newest?.version ?? continued;
  const wanted = newest ? count - 1 : count;
  const { pk } = keys.locator(scope.tenant, type, id);
  const { items, endedAt } = await table.query(pk, pastVersionRange(below), { order: 'descending', limit: wanted + 1 });
  const rows = items.map(fromPast);
  const shown = rows.slice(0, wanted);
  const past = await Promise.all(shown.map((row) => pastEntry(context, scope, { type, id }, row)));
  const entries = newest ? [newest, ...past] : past;
  const last = entries.at(-1);
  const next =
    (rows.length > shown.length || endedAt) && last ? context.cursors.seal(scope.tenant, query, String(last.version)) : undefined;
  return { items: entries, ...(next && { cursor: next }) };
}

/** @throws Problem not-found */
async function currentEntry(context: StoreContext, scope: Scope, type: string, id: FhirId): Promise<HistoryEntry> {
  const found = await find(context.table(scope.tenant), scope, type, id);
  if ('deleted' in found) {
    const { version, lastUpdated, writeId } = found.deleted;
    return { version, lastUpdated, method: 'DELETE', origin: { writeId, patient: patientOf(found) } };
  }
  const { version, lastUpdated, body } = found.row;
  const { method, writeId } = headOf(body);
  const origin = { writeId, patient: patientOf(found.row) };
  return { version, lastUpdated, method, origin, resource: await openRow(context, scope.tenant, found.row) };
}

async function pastEntry(
  context: StoreContext,
  scope: Scope,
  record: { type: string; id: FhirId },
  row: PastRow,
): Promise<HistoryEntry> {
  const { version, lastUpdated, body } = row;
  const patient = patientOfPlace(row.place);
  if (!body) return { version, lastUpdated, method: 'DELETE', origin: { writeId: row.writeId ?? '', patient } };
  const { method, writeId } = headOf(body);
  return { version, lastUpdated, method, origin: { writeId, patient }, resource: await openPast(context, scope, record, row) };
}
