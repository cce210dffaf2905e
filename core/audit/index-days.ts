import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Scope } from '../scope.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Audit } from './audit.ts';
import { eventOf } from './audit.ts';
import { placeOfAuditId } from './audit-id.ts';
import { dayAfter, FIRST_DAYS, idOfSk, indexedUntil, indexItems } from './audit-index.ts';

export interface IndexDeps {
  readonly audit: Pick<Audit, 'rowsOfDay'>;
  readonly table: (scope: Scope) => Table;
  readonly now: () => Date;
  /** False: stop after the day in hand; the next run goes on. */
  readonly mayGoOn: () => boolean;
}

/**
 * A row carries the time at which its write began, and no function lives longer than 15 minutes: an hour after midnight every row of the day
 * is there. The last indexed day is done again with the next one, so even a row that came hours later is found from the next night on.
 */
const CLOSED_AFTER_MS = 3_600_000;
const PUTS_AT_A_TIME = 10;

/**
 * Writes the index rows of every UTC day that is over and has none yet. Doing a day twice writes the same rows; a run that is cut short
 * anywhere is gone on with by the next. Returns the days that were done.
 */
export async function indexDays(deps: IndexDeps, scope: Scope): Promise<string[]> {
  const table = deps.table(scope);
  const lastClosed = new Date(deps.now().getTime() - CLOSED_AFTER_MS - 86_400_000).toISOString().slice(0, 10);
  const until = await indexedUntil(table, scope);
  if (until !== undefined && until >= lastClosed) return [];
  const done: string[] = [];
  for (let day = until ?? dayAfter(lastClosed, 1 - FIRST_DAYS); day <= lastClosed; day = dayAfter(day)) {
    await indexDay(deps, table, scope, day);
    if (day !== until) await moveUntil(table, scope, day);
    done.push(day);
    if (day !== until && !deps.mayGoOn()) break;
  }
  return done;
}

async function indexDay({ audit }: IndexDeps, table: Table, scope: Scope, day: string): Promise<void> {
  const rows = (await audit.rowsOfDay(scope, day)).filter((row) => standsWhereItSays(scope, row));
  const items = indexItems(
    scope.tenant,
    day,
    rows.map((row) => ({ sk: stringOf(row, 'sk'), event: eventOf(row) })),
  );
  for (let at = 0; at < items.length; at += PUTS_AT_A_TIME) {
    const puts = items.slice(at, at + PUTS_AT_A_TIME).map((Item) => new PutItemCommand({ TableName: table.name, Item }));
    await Promise.all(puts.map((put) => table.client.send(put)));
  }
}

/** A row whose id leads elsewhere could not be looked up again: it is found by its day alone. */
function standsWhereItSays({ tenant }: Scope, row: Item): boolean {
  const id = idOfSk(stringOf(row, 'sk'));
  const place = placeOfAuditId(id);
  const key = place && keys.auditRow(tenant, id, place);
  return key?.pk === stringOf(row, 'pk') && key.sk === stringOf(row, 'sk');
}

/** Forwards only: of two runs at a time the one that is behind changes nothing. */
async function moveUntil(table: Table, scope: Scope, day: string): Promise<void> {
  const Item = { ...keyItem(keys.auditIndexedUntil(scope.tenant)), d: { S: day } };
  const condition = {
    ConditionExpression: 'attribute_not_exists(pk) OR d < :day',
    ExpressionAttributeValues: { ':day': { S: day } },
  };
  try {
    await table.client.send(new PutItemCommand({ TableName: table.name, Item, ...condition }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
