import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FailedWorkRows } from '../../core/events/failed-work.ts';
import type { Happening, Told } from '../../core/events/happening.ts';
import { once } from '../../core/events/once.ts';
import type { Reception } from '../../core/events/receiver.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import type { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import type { LedgerLine } from '../../schemas/usage.ts';

/** `oncePerRecord`: an encounter that is opened again and finished a second time is still one encounter. */
interface Counted {
  readonly line: LedgerLine;
  readonly oncePerRecord: boolean;
}
const COUNTED: Readonly<Record<string, Counted>> = {
  PatientRegistered: { line: 'patientsRegistered', oncePerRecord: true },
  EncounterFinished: { line: 'encountersFinished', oncePerRecord: true },
  ImportFinished: { line: 'importsFinished', oncePerRecord: true },
};

/** The month in which it happened, whenever it is told: yyyy-mm, UTC. */
export const monthOf = ({ time }: Pick<Told, 'time'>): string => time.slice(0, 7);

export interface LedgerDeps {
  readonly tableOf: (tenant: TenantId) => Table;
  readonly failed: FailedWorkRows;
  readonly now: () => Date;
}

/** Counts an event in its clinic's ledger: receipt, count and the end of its failed work in one transaction. */
export async function count({ tableOf, failed, now }: LedgerDeps, reception: Reception): Promise<'done' | 'repeat'> {
  const { happening, repeated } = reception;
  const table = tableOf(happening.tenant);
  const counted = COUNTED[happening.event];
  const clearing = repeated ? failed.clearing(happening.tenant, { worker: 'usage', subject: happening.eventId }) : [];
  // Without a count something was done for it all the same: the receipt says so to the nightly look back.
  const effect = counted ? effectOf(table, reception, counted) : [];
  const written = await once(table, 'usage', happening, [...effect, ...clearing], now());
  // The record was counted by an earlier event: only the receipt is missing.
  const outcome = written.kind === 'lost' ? await once(table, 'usage', happening, clearing, now()) : written;
  if (outcome.kind === 'repeat' && repeated)
    await failed.clear(happening.tenant, { worker: 'usage', subject: happening.eventId });
  return outcome.kind === 'done' && written.kind === 'done' ? 'done' : 'repeat';
}

const effectOf = (table: Table, reception: Reception, { line, oncePerRecord }: Counted): TransactWriteItem[] => [
  ...(oncePerRecord ? [firstTime(table, reception.happening, line)] : []),
  addOne(table, reception, line),
  ...(line === 'encountersFinished' ? [listed(table, reception)] : []),
];

const addOne = (table: Table, { happening, time }: Told, line: LedgerLine): TransactWriteItem => ({
  Update: {
    TableName: table.name,
    Key: keyItem(keys.usage(happening.tenant, monthOf({ time }))),
    UpdateExpression: 'ADD #line :one',
    ExpressionAttributeNames: { '#line': line },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});

const firstTime = (table: Table, { tenant, type, id }: Happening, line: LedgerLine): TransactWriteItem => ({
  Put: {
    TableName: table.name,
    Item: keyItem(keys.countedOnce(tenant, type, id, line)),
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** So that whoever pays by the encounter can see each that was counted, and so that Stripe's meter can be told of each once. */
const listed = (table: Table, { happening, time }: Told): TransactWriteItem => ({
  Put: {
    TableName: table.name,
    Item: { ...keyItem(keys.counted(happening.tenant, monthOf({ time }), happening.id)), at: { S: time } },
  },
});
