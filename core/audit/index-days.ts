import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Scope } from '../scope.ts';
import { type Item, keyItem, stringOf } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Audit } from './audit.ts';
import { eventOf } from './audit.ts';
import { placeOfAuditId } from './audit-id.ts';
import { dayAfter, FIRST_DAYS, idOfSk, indexedUntil, indexItems } from './audit-index.ts';
import { type Seal, sealOf, sealText } from './seal.ts';

export interface IndexDeps {
  readonly audit: Pick<Audit, 'rowsOfDay'>;
  readonly table: (scope: Scope) => Table;
  readonly now: () => Date;
  /** Keeps a seal where nobody can change it. */
  readonly keepSeal: (scope: Scope, seal: Seal, text: string) => Promise<void>;
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
 * Writes the index rows of every UTC day that is over and has none yet, and seals it. Doing a day twice writes the same rows; a run that is
 * cut short anywhere is gone on with by the next. Returns the days that were done, and how many breaks the chains of those days show.
 */
export async function indexDays(deps: IndexDeps, scope: Scope): Promise<{ days: string[]; breaks: number }> {
  const table = deps.table(scope);
  const lastClosed = new Date(deps.now().getTime() - CLOSED_AFTER_MS - 86_400_000).toISOString().slice(0, 10);
  const known = await indexedUntil(table, scope);
  const done = { days: [] as string[], breaks: 0 };
  if (known !== undefined && known.day >= lastClosed) return done;
  let previous = known?.seal ?? null;
  let before: readonly Item[] = [];
  for (let day = known?.day ?? dayAfter(lastClosed, 1 - FIRST_DAYS); day <= lastClosed; day = dayAfter(day)) {
    const rows = await deps.audit.rowsOfDay(scope, day);
    await indexDay(table, scope, day, rows);
    if (day !== known?.day) {
      // A clinic's first seal is that of its first day with rows.
      if (previous !== null || rows.length > 0) {
        const seal = sealOf({ tenant: scope.tenant, day, previous }, rows, before);
        const { text, hash } = sealText(seal);
        await deps.keepSeal(scope, seal, text);
        previous = hash;
        done.breaks += seal.breaks.length;
      }
      await moveUntil(table, scope, day, previous);
    }
    done.days.push(day);
    before = rows;
    if (day !== known?.day && !deps.mayGoOn()) break;
  }
  return done;
}

async function indexDay(table: Table, scope: Scope, day: string, rows: readonly Item[]): Promise<void> {
  const items = indexItems(
    scope.tenant,
    day,
    rows.filter((row) => standsWhereItSays(scope, row)).map((row) => ({ sk: stringOf(row, 'sk'), event: eventOf(row) })),
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
async function moveUntil(table: Table, scope: Scope, day: string, seal: string | null): Promise<void> {
  const Item = { ...keyItem(keys.auditIndexedUntil(scope.tenant)), d: { S: day }, ...(seal && { h: { S: seal } }) };
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
