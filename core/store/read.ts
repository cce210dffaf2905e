import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { decodeBody } from './codec.ts';
import type { StoreContext } from './context.ts';
import { inlined, LOOKS, nameOf, onTheMove, openRow, openRows, readCurrent } from './current.ts';
import { fromLocator, fromPast, fromRecord, type Locator, type PastRow, type Row } from './item.ts';
import { keys, type Place, patientOfPlace } from './keys.ts';
import { patientPlace } from './place.ts';
import type { Table } from './table.ts';
import type { Stored } from './types.ts';

const notFound = () => new Problem('not-found', 'There is no such record.');
const gone = () => new Problem('gone', 'This record has been deleted. Its history is kept.');

/** What a read by id found: the record, or the version that says it is deleted. */
type Found = { readonly row: Row } | { readonly deleted: NonNullable<Locator['deleted']>; readonly at: Place };

/** Locator, then record: two reads. A Patient stands where its id says: one read. @throws Problem not-found; conflict when it keeps moving */
export async function find(table: Table, scope: Scope, type: string, id: FhirId): Promise<Found> {
  if (type === 'Patient') {
    const item = await table.get(keys.record(scope.tenant, type, id, patientPlace(id)));
    if (item) return { row: fromRecord(scope.tenant, item) };
  }
  // The record may move between the two reads; then the locator says so on a second look.
  for (let looks = 0; looks < LOOKS; looks++) {
    const item = await table.get(keys.locator(scope.tenant, type, id));
    if (!item) throw notFound();
    const { at, deleted } = fromLocator(item);
    if (deleted) return { deleted, at };
    const record = await table.get(keys.record(scope.tenant, type, id, at));
    if (record) return { row: fromRecord(scope.tenant, record) };
  }
  throw onTheMove();
}

/** @throws Problem not-found, gone */
export async function read<R extends FhirResource>(
  context: StoreContext,
  scope: Scope,
  type: string,
  id: FhirId,
): Promise<Stored<R>> {
  const found = await find(context.table(scope.tenant), scope, type, id);
  if ('deleted' in found) throw gone();
  return openRow<R>(context, scope.tenant, found.row);
}

/** One version. @throws Problem not-found; gone when that version says "deleted" */
export async function readVersion(
  context: StoreContext,
  scope: Scope,
  type: string,
  id: FhirId,
  version: number,
): Promise<Stored> {
  const table = context.table(scope.tenant);
  // Past versions never change, so the second look is for one that became past between the two reads.
  for (let look = 0; look < 2; look++) {
    const item = await table.get(keys.pastVersion(scope.tenant, type, id, version));
    if (item) return openPast(context, scope, { type, id }, fromPast(item));
    const found = await find(table, scope, type, id);
    const current = 'deleted' in found ? found.deleted.version : found.row.version;
    if (current < version) throw notFound();
    if (current > version) continue;
    if ('deleted' in found) throw gone();
    return openRow(context, scope.tenant, found.row);
  }
  throw notFound();
}

/** @throws Problem gone when the version says "deleted" */
export async function openPast(
  context: StoreContext,
  scope: Scope,
  { type, id }: { type: string; id: FhirId },
  past: PastRow,
): Promise<Stored> {
  if (!past.body) throw gone();
  const body = await inlined(context.bodies, scope.tenant, past.body);
  return decodeBody({ type, id, patient: patientOfPlace(past.place) }, past.version, past.lastUpdated, body);
}

export interface Reference {
  readonly type: string;
  readonly id: FhirId;
}

/** Those that exist, by "Type/id": one BatchGetItem for 100 locators. */
export async function existing(context: StoreContext, scope: Scope, references: readonly Reference[]): Promise<Set<string>> {
  const byKey = new Map(
    references.map((reference) => [keys.locator(scope.tenant, reference.type, reference.id).pk, nameOf(reference)]),
  );
  const items = await context
    .table(scope.tenant)
    .batchGet(references.map(({ type, id }) => keys.locator(scope.tenant, type, id)));
  return new Set(items.flatMap((item) => (item.x ? [] : [byKey.get(item.pk?.S ?? '') ?? ''])));
}

/** Those that exist, in the order of the references: two BatchGetItems for 100, one when all are Patients. */
export async function readMany(context: StoreContext, scope: Scope, references: readonly Reference[]): Promise<Stored[]> {
  const currents = await readCurrent(context.table(scope.tenant), scope.tenant, references);
  return openRows(
    context,
    scope.tenant,
    currents.flatMap((current) => (current.state === 'alive' ? [current.row] : [])),
  );
}
