import type { FhirResource } from 'fhir/r4';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import type { BodyStore } from './body-store.ts';
import { decodeBody, pointedAt } from './codec.ts';
import type { StoreContext } from './context.ts';
import { fromLocator, fromRecord, type Item, type Locator, patientOf, type Row, stringOf } from './item.ts';
import { type Key, keys, type Place } from './keys.ts';
import { patientPlace } from './place.ts';
import type { Table } from './table.ts';
import type { Stored } from './types.ts';

/** What the table holds under an id now. */
export type Current =
  | { readonly state: 'absent' }
  | { readonly state: 'alive'; readonly row: Row }
  | { readonly state: 'deleted'; readonly locator: Locator & { deleted: NonNullable<Locator['deleted']> } };

export interface Wanted {
  readonly type: string;
  readonly id: FhirId;
  /** Where the record may well be: asked for together with the locator, it saves a call when right. */
  readonly guess?: Place;
}

export const nameOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;
const keyText = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/**
 * What stands under these ids, in their order. One BatchGetItem for locators and guesses, a second for what they lead to;
 * a record that moved between the two is looked for again. @throws Problem conflict when it keeps moving
 */
export async function readCurrent(table: Table, tenant: TenantId, wanted: readonly Wanted[]): Promise<Current[]> {
  const found = new Map<string, Current>();
  let missing = wanted;
  for (let looks = 0; missing.length > 0; looks++) {
    if (looks === LOOKS) throw onTheMove();
    await look(table, tenant, missing, found);
    missing = missing.filter((one) => !found.has(nameOf(one)));
  }
  return wanted.map((one) => found.get(nameOf(one)) ?? { state: 'absent' });
}

/** Looks for a record whose locator led nowhere: it was moved in between. One more is nearly always enough. */
export const LOOKS = 4;
export const onTheMove = (): Problem => new Problem('conflict', 'This record is being changed at this moment. Read it again.');

async function look(table: Table, tenant: TenantId, wanted: readonly Wanted[], found: Map<string, Current>): Promise<void> {
  const first = await itemsAt(
    table,
    wanted.flatMap((one) => firstKeys(tenant, one)),
  );
  const second: Key[] = [];
  for (const one of wanted) {
    const guess = guessOf(one);
    const record = guess && first.get(keyText(keys.record(tenant, one.type, one.id, guess)));
    const locator = first.get(keyText(keys.locator(tenant, one.type, one.id)));
    if (record) found.set(nameOf(one), { state: 'alive', row: fromRecord(tenant, record) });
    else if (one.type === 'Patient') second.push(keys.locator(tenant, one.type, one.id));
    else if (!locator) found.set(nameOf(one), { state: 'absent' });
    else second.push(...whatLocatorLeadsTo(tenant, one, fromLocator(locator), found));
  }
  const then = second.length > 0 ? await itemsAt(table, second) : new Map<string, Item>();
  for (const one of wanted.filter((each) => !found.has(nameOf(each)))) {
    const locator = one.type === 'Patient' ? then.get(keyText(keys.locator(tenant, one.type, one.id))) : undefined;
    if (locator) whatLocatorLeadsTo(tenant, one, fromLocator(locator), found);
    else if (one.type === 'Patient') found.set(nameOf(one), { state: 'absent' });
  }
  for (const item of then.values()) {
    if (item.v) {
      const row = fromRecord(tenant, item);
      found.set(nameOf(row), { state: 'alive', row });
    }
  }
}

/** A Patient stands where its id says, so its locator is asked for only when it is not there. */
const firstKeys = (tenant: TenantId, one: Wanted): Key[] => {
  const guess = guessOf(one);
  const record = guess ? [keys.record(tenant, one.type, one.id, guess)] : [];
  return one.type === 'Patient' ? record : [keys.locator(tenant, one.type, one.id), ...record];
};
const guessOf = ({ type, id, guess }: Wanted): Place | undefined => (type === 'Patient' ? patientPlace(id) : guess);

/** Notes a deletion; otherwise the key of the record. */
function whatLocatorLeadsTo(tenant: TenantId, one: Wanted, { at, deleted }: Locator, found: Map<string, Current>): Key[] {
  if (!deleted) return [keys.record(tenant, one.type, one.id, at)];
  found.set(nameOf(one), { state: 'deleted', locator: { at, deleted } });
  return [];
}

async function itemsAt(table: Table, wanted: readonly Key[]): Promise<Map<string, Item>> {
  const items = await table.batchGet(wanted);
  return new Map(items.map((item) => [keyText({ pk: stringOf(item, 'pk'), sk: stringOf(item, 'sk') }), item]));
}

/** The resource of a row, its body fetched from the bucket when it is there. */
export async function openRow<R extends FhirResource>(
  { bodies }: Pick<StoreContext, 'bodies'>,
  tenant: TenantId,
  row: Row,
): Promise<Stored<R>> {
  const body = await inlined(bodies, tenant, row.body);
  return decodeBody<R>({ type: row.type, id: row.id, patient: patientOf(row) }, row.version, row.lastUpdated, body);
}

export const openRows = (context: Pick<StoreContext, 'bodies'>, tenant: TenantId, rows: readonly Row[]): Promise<Stored[]> =>
  Promise.all(rows.map((row) => openRow(context, tenant, row)));

export async function inlined(bodies: BodyStore, tenant: TenantId, body: Uint8Array): Promise<Uint8Array> {
  const key = pointedAt(body);
  return key === undefined ? body : bodies.get(tenant, key);
}
