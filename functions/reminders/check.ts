import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Appointment } from 'fhir/r4';
import type { Due } from '../../core/events/due.ts';
import type { Scope } from '../../core/scope.ts';
import { dueKey } from '../../core/store/due.ts';
import { keyItem } from '../../core/store/item.ts';
import { sortTime } from '../../core/store/sort-time.ts';
import { orUnavailable, type Table } from '../../core/store/table.ts';
import type { Stored } from '../../core/store/types.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { taskText } from '../../core/tasks/task-text.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { KeptSetting } from '../../schemas/settings/index.ts';
import { reminderId } from './communication.ts';
import { type ReminderDeps, systemScope } from './deps.ts';
import { REMINDER_DUE } from './plan.ts';
import { detailOf, type SendTime, sendTimes } from './rules.ts';
import { startOf, zoneOfVisit } from './visit.ts';

const MINUTE_MS = 60_000;
/** What is due sooner may be in the sweep's hands just now. */
const MARGIN_MS = 10 * MINUTE_MS;
/** A change of settings is followed by planning anew; until that is over, nothing is missing. */
const SETTLING_MS = 15 * MINUTE_MS;
/** How far back a reminder is looked for that ought to have gone out. */
const LOOK_BACK_MS = 36 * 60 * MINUTE_MS;
/** A reminder on its way: the sweep, three tries 90 s apart, a person who tries it again. */
const UNDER_WAY_MS = 30 * MINUTE_MS;
const PAGE = 200;

export interface CheckDeps extends ReminderDeps {
  readonly setting: (scope: Scope) => Promise<KeptSetting<'reminders'>>;
  /** The days ahead within which a visit's reminders have rows of their own. */
  readonly plannedDaysAhead: number;
}
export interface Checked {
  readonly visits: number;
  readonly rows: number;
  readonly missing: number;
}

/**
 * Derives anew which due rows the visits of a clinic ought to have, and puts each on condition that it is not there: what could be put
 * was missing, and a person is told, since something of ours has failed. A reminder that ought to have gone out and of which there is no
 * Communication is missing too. Without `tell` (the settings have changed) rows are put and nobody is told.
 */
export async function checkReminders(
  deps: CheckDeps,
  { tenant }: Pick<Due, 'tenant'>,
  { tell }: { readonly tell: boolean },
): Promise<Checked> {
  const none = { visits: 0, rows: 0, missing: 0 };
  const clinic = await deps.tenantOf(tenant);
  if (clinic?.status !== 'active') return none;
  const scope = systemScope(clinic, randomUUID());
  const nowMs = deps.nowMs();
  const { value: settings, changed } = await deps.setting(scope);
  const changedMs = changed === undefined ? 0 : Date.parse(changed);
  if (!settings.enabled || (tell && nowMs - changedMs < SETTLING_MS)) return none;

  const sum = { visits: 0, rows: 0, missing: 0 };
  const table = deps.tableOf(tenant);
  for await (const visit of visitsFrom(deps, scope, nowMs)) {
    const startMs = startOf(visit);
    if (startMs > nowMs + deps.plannedDaysAhead * 24 * 60 * MINUTE_MS) break; // its planning is a row of the record's own transaction
    const zone = await zoneOfVisit(deps.records, scope, visit, clinic.timeZone);
    const times = sendTimes(startMs, settings, zone);
    const ahead = times.filter(({ atMs }) => atMs > nowMs + MARGIN_MS);
    const put = await putMissing(table, scope, visit, startMs, ahead);
    const knownMs = Math.max(changedMs, Date.parse(visit.meta.lastUpdated)) + SETTLING_MS;
    const past = tell
      ? times.filter(({ atMs }) => atMs > Math.max(knownMs, nowMs - LOOK_BACK_MS) && atMs < nowMs - UNDER_WAY_MS)
      : [];
    const unsent = await withoutMessage(deps, scope, visit, startMs, past, settings.channels);
    sum.visits += 1;
    sum.rows += ahead.length;
    if (!tell || put + unsent === 0) continue;
    sum.missing += put + unsent;
    await openTask(
      deps.records,
      scope,
      {
        kind: 'reminder-missing',
        key: `Appointment/${visit.id}/${startMs / MINUTE_MS}`,
        focus: { reference: `Appointment/${visit.id}` },
        description: taskText('reminder-unprepared'),
      },
      { now: new Date(nowMs) },
    );
  }
  return sum;
}

/** Booked visits that are to come, the next one first. */
async function* visitsFrom({ records }: ReminderDeps, scope: Scope, nowMs: number): AsyncGenerator<Stored<Appointment>> {
  const match = { from: sortTime(new Date(nowMs).toISOString()), before: '~' };
  let cursor: string | undefined;
  do {
    const page = await records.byIndex(scope, 'Appointment', 'date', match, { count: PAGE, ...(cursor && { cursor }) });
    for (const visit of page.items as readonly Stored<Appointment>[])
      if (visit.status === 'booked' && startOf(visit) > nowMs) yield visit;
    cursor = page.cursor;
  } while (cursor);
}

/** How many of the rows were not there. */
async function putMissing(
  table: Table,
  { tenant }: Scope,
  visit: Stored<Appointment>,
  startMs: number,
  times: readonly SendTime[],
) {
  const id = FhirId.parse(visit.id);
  const puts = times.map(async ({ offset, atMs }): Promise<number> => {
    const work = { event: REMINDER_DUE, atMs, detail: detailOf(startMs, offset) };
    const Item = keyItem(dueKey({ tenant, type: 'Appointment', id }, work));
    const put = new PutItemCommand({ TableName: table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    try {
      await orUnavailable(table.client.send(put));
      return 1;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return 0;
      throw error;
    }
  });
  return (await Promise.all(puts)).reduce((total, one) => total + one, 0);
}

/** How many reminders have passed of which nothing is written down. */
async function withoutMessage(
  { records }: ReminderDeps,
  scope: Scope,
  { id }: Stored<Appointment>,
  startMs: number,
  times: readonly SendTime[],
  channels: KeptSetting<'reminders'>['value']['channels'],
): Promise<number> {
  if (times.length === 0 || channels.length === 0) return 0;
  const appointment = FhirId.parse(id);
  const idsOf = (offset: number) =>
    channels.map((channel) => reminderId(scope.tenant, { appointment, startMs, offset, channel }));
  const known = await records.existing(
    scope,
    times.flatMap(({ offset }) => idsOf(offset).map((message) => ({ type: 'Communication', id: message }))),
  );
  return times.filter(({ offset }) => !idsOf(offset).some((message) => known.has(`Communication/${message}`))).length;
}
