import { randomUUID } from 'node:crypto';
import type { FhirId } from '../../schemas/ids.ts';
import type { WriteMark } from '../audit/audit.ts';
import type { Deed } from '../audit/audit-event.ts';
import { itemSize } from '../aws/item-size.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { headOf } from './codec.ts';
import { commit, type Ending, TRANSACTION_ITEMS } from './commit.ts';
import type { StoreContext } from './context.ts';
import { readCurrent } from './current.ts';
import { fromPast, type Item } from './item.ts';
import { keys } from './keys.ts';
import type { OnlyOne } from './only-one.ts';
import type { Plan, Step } from './plan.ts';
import type { Table } from './table.ts';
import type { Write, WriteOptions } from './types.ts';

/** The most bytes of one TransactWriteItems (DynamoDB: 4 MB), with room for its audit rows. */
const TRANSACTION_BYTES = 0.9 * 4 * 1024 * 1024;

/** A write with its id, and what guards its being the only one. */
export interface Intent {
  readonly write: Write;
  readonly type: string;
  readonly id: FhirId;
  readonly onlyOne: OnlyOne | undefined;
}

export interface Sending {
  readonly intents: readonly Intent[];
  readonly plans: readonly Plan[];
  readonly steps: readonly Step[];
  readonly options: WriteOptions;
  readonly mark: WriteMark;
}

/** Uploads long bodies, then sends the transaction with its audit rows. An unknown outcome is looked up before it is reported. */
export async function send(
  context: StoreContext,
  scope: Scope,
  table: Table,
  { intents, plans, steps, options, mark }: Sending,
): Promise<Ending> {
  const deeds = deedsOf(intents, plans, options);
  refuseTooLarge(steps, deeds.length);
  await Promise.all(plans.flatMap(({ upload }) => (upload ? [context.bodies.put(scope.tenant, upload.key, upload.body)] : [])));
  return context.audit.append(scope, async (lease) => {
    const rows = lease.draft(deeds.map((deed) => context.audit.event(scope, deed, mark)));
    const items = [...steps.map(({ item }) => item), ...rows.map((row) => putNew(table.name, row))];
    const ending = await commit(table, items, randomUUID());
    const settled = await settledEnding(table, scope, plans, ending);
    lease.settle(settled.kind === 'done' ? 'written' : settled.kind === 'unknown' ? 'unknown' : 'not-written');
    return settled;
  });
}

/** The ending with what a look at the table adds: no answer, or a race lost to a repeat, may hide that our own write was done. */
export async function settledEnding(table: Table, scope: Scope, plans: readonly Plan[], ending: Ending): Promise<Ending> {
  const doubtful = ending.kind === 'unknown' || (ending.kind === 'lost' && ending.repeated);
  return doubtful && (await isWritten(table, scope, plans)) ? { kind: 'done' } : ending;
}

const putNew = (TableName: string, Item: Item) => ({ Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } });

/** One AuditEvent for each patient, and one for what is nobody's. */
function deedsOf(intents: readonly Intent[], plans: readonly Plan[], { via, reason }: WriteOptions): Deed[] {
  const [first] = intents;
  const single = intents.length === 1 && first ? first.write.kind : undefined;
  const interaction = via === 'import' ? 'import' : (single ?? (via === 'batch' ? 'batch' : 'transaction'));
  const written = plans.filter(({ steps }) => steps.length > 0);
  const sources = new Set(intents.flatMap(({ write }) => (write.kind === 'create' && write.source ? [write.source] : [])));
  const [source] = sources.size === 1 ? sources : [undefined];
  return [...Map.groupBy(written, ({ patient }) => patient)].map(([patient, of]) => ({
    interaction,
    outcome: 'success',
    records: of.map(({ touched }) => touched),
    patient,
    source,
    reason,
  }));
}

function refuseTooLarge(steps: readonly Step[], auditRows: number): void {
  const items = steps.length + auditRows;
  const bytes = steps.reduce((sum, { item }) => sum + (item.Put?.Item ? itemSize(item.Put.Item) : 0), 0);
  if (items <= TRANSACTION_ITEMS && bytes <= TRANSACTION_BYTES) return;
  throw new Problem(
    'too-large',
    `This transaction needs ${items} rows and ${Math.ceil(bytes / 1024)} KB; at most ${TRANSACTION_ITEMS} rows and ${TRANSACTION_BYTES / 1024} KB can be written all or nothing. Load it with $import.`,
  );
}

/**
 * Whether these plans are what stands in the table: asked when no answer came, or when the answer was to a repeat of our own request.
 * A transaction is all or nothing, so one of its records tells for all.
 */
async function isWritten(table: Table, scope: Scope, plans: readonly Plan[]): Promise<boolean> {
  const plan = plans.find(({ steps }) => steps.length > 0);
  if (!plan) return false;
  const { writeId } = plan;
  const { type, id, version } = plan.result;
  const [current] = await readCurrent(table, scope.tenant, [{ type, id }]);
  if (current?.state === 'alive' && current.row.version === version) return headOf(current.row.body).writeId === writeId;
  if (current?.state === 'deleted' && current.locator.deleted.version === version)
    return current.locator.deleted.writeId === writeId;
  // Somebody may have written over it since.
  const past = await table.get(keys.pastVersion(scope.tenant, type, id, version));
  const body = past && fromPast(past).body;
  return body !== undefined && headOf(body).writeId === writeId;
}
