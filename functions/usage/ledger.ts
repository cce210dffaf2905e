import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FailedWorkRows } from '../../core/events/failed-work.ts';
import type { Happening, Told } from '../../core/events/happening.ts';
import { once } from '../../core/events/once.ts';
import type { Reception } from '../../core/events/receiver.ts';
import { Problem } from '../../core/outcome.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import type { Table } from '../../core/store/table.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
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

/** Tries against events of the same patient that are counted at the same moment. */
const ATTEMPTS = 5;

/**
 * Counts an event in its clinic's ledger: receipt, count and the end of its failed work in one transaction. With the patient of a finished
 * visit, whose month of the last visit moves on.
 */
export async function count(deps: LedgerDeps, reception: Reception, patient?: FhirId): Promise<'done' | 'repeat'> {
  const { tableOf, failed, now } = deps;
  const { happening, repeated } = reception;
  const table = tableOf(happening.tenant);
  const counted = COUNTED[happening.event];
  const clearing = repeated ? failed.clearing(happening.tenant, { worker: 'usage', subject: happening.eventId }) : [];
  for (let attempt = 1; ; attempt++) {
    const seen = patient && (await seenNow(table, reception, patient));
    // Without a count something was done for it all the same: the receipt says so to the nightly look back.
    const effect = counted ? effectOf(table, reception, counted, seen) : [];
    const written = await once(table, 'usage', happening, [...effect, ...clearing], now());
    const isRival = written.kind === 'lost' && !(counted?.oncePerRecord && written.at.includes(0));
    if (isRival && attempt < ATTEMPTS) continue;
    if (isRival) throw new Problem('unavailable', 'This patient was counted by others again and again. It is tried again.');
    // The record was counted by an earlier event: only the receipt is missing.
    const outcome = written.kind === 'lost' ? await once(table, 'usage', happening, clearing, now()) : written;
    if (outcome.kind === 'repeat' && repeated)
      await failed.clear(happening.tenant, { worker: 'usage', subject: happening.eventId });
    return outcome.kind === 'done' && written.kind === 'done' ? 'done' : 'repeat';
  }
}

/** `effect[0]` is the row that says the record was counted, where it counts once: `count` tells by it whether it was. */
const effectOf = (
  table: Table,
  reception: Reception,
  { line, oncePerRecord }: Counted,
  seen: Seen | undefined,
): TransactWriteItem[] => {
  const { happening, time } = reception;
  const added = { [line]: 1, ...(seen && { patientsLastSeen: 1 }) };
  return [
    ...(oncePerRecord ? [firstTime(table, happening, line)] : []),
    add(table, happening, monthOf({ time }), added),
    ...(line === 'encountersFinished' ? [listed(table, reception)] : []),
    ...(seen ? [seen.row] : []),
    ...(seen?.before ? [add(table, happening, seen.before, { patientsLastSeen: -1 })] : []),
  ];
};

const add = (
  table: Table,
  { tenant }: Happening,
  month: string,
  lines: Readonly<Partial<Record<LedgerLine, number>>>,
): TransactWriteItem => ({
  Update: {
    TableName: table.name,
    Key: keyItem(keys.usage(tenant, month)),
    UpdateExpression: `ADD ${Object.keys(lines)
      .map((line) => `#${line} :${line}`)
      .join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(Object.keys(lines).map((line) => [`#${line}`, line])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(lines).map(([line, by]) => [`:${line}`, { N: String(by) }])),
  },
});

/** A patient who was seen in a later month than that of their last visit until now. */
interface Seen {
  readonly row: TransactWriteItem;
  /** The month in which they were last seen before. */
  readonly before: string | undefined;
}

/** Undefined when they were seen in that month or a later one already: then nothing moves. */
async function seenNow(table: Table, { happening: { tenant }, time }: Told, patient: FhirId): Promise<Seen | undefined> {
  const key = keys.lastSeen(tenant, patient);
  const month = monthOf({ time });
  const before = (await table.get(key))?.month?.S;
  if (before !== undefined && before >= month) return undefined;
  return {
    before,
    row: {
      Put: {
        TableName: table.name,
        Item: { ...keyItem(key), month: { S: month } },
        ...(before === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#month = :before',
              ExpressionAttributeNames: { '#month': 'month' },
              ExpressionAttributeValues: { ':before': { S: before } },
            }),
      },
    },
  };
}

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
