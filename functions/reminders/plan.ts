import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DoDue, Due } from '../../core/events/due.ts';
import { dueItem } from '../../core/store/due.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { type ReminderDeps, systemScope } from './deps.ts';
import { detailOf, type SendTime, sendTimes } from './rules.ts';
import { findVisit, zoneOfVisit } from './visit.ts';

export const REMINDER_DUE = 'ReminderDue';

/**
 * Puts the due rows of a visit's reminders, by what the clinic has set now. Repeated, it puts the same rows. A reminder whose time had
 * passed when the visit was booked is none: whoever has just made an appointment knows of it. One that has fallen due since goes out at once.
 */
export async function planReminders(deps: ReminderDeps, { tenant, type, id, detail, dueMs }: Due, sendNow: DoDue): Promise<void> {
  const clinic = await deps.tenantOf(tenant);
  const startMs = Number(detail) * 60_000;
  if (!clinic || !Number.isInteger(startMs)) return;
  const scope = systemScope(clinic, randomUUID());
  const visit = await findVisit(deps.records, scope, id, startMs);
  if (!visit) return;
  const settings = await deps.settings.read(scope, 'reminders');
  if (!settings.enabled) return;
  const zone = await zoneOfVisit(deps.records, scope, visit, clinic.timeZone);
  const times = sendTimes(startMs, settings, zone).filter(({ atMs }) => atMs >= dueMs);
  const nowMs = deps.nowMs();
  await putReminderRows(
    deps,
    { tenant, id, startMs },
    times.filter(({ atMs }) => atMs > nowMs),
  );
  for (const { offset, atMs } of times) {
    if (atMs <= nowMs) await sendNow({ tenant, type, id, detail: detailOf(startMs, offset), dueMs: atMs });
  }
}

/** Rows are put again rather than looked for: two writes of the same key are one row. */
export async function putReminderRows(
  { tableOf, nowMs }: Pick<ReminderDeps, 'tableOf' | 'nowMs'>,
  { tenant, id, startMs }: { tenant: TenantId; id: FhirId; startMs: number },
  times: readonly SendTime[],
): Promise<void> {
  const table = tableOf(tenant);
  for (const { offset, atMs } of times) {
    const Item = dueItem(
      { tenant, type: 'Appointment', id },
      { event: REMINDER_DUE, atMs, detail: detailOf(startMs, offset) },
      nowMs(),
    );
    await orUnavailable(table.client.send(new PutItemCommand({ TableName: table.name, Item })));
  }
}
