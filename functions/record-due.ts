import { createHash } from 'node:crypto';
import type { Appointment, Basic, Encounter, FhirResource, Task } from 'fhir/r4';
import type { DueOf, DueWork } from '../core/record-due.ts';
import { leftAgainAtMs } from '../core/tasks/left.ts';
import { dueOf, escalatedFor, isOpen, kindOf, takeBy } from '../schemas/tasks.ts';

/**
 * What falls due because of a record, by type: asked by the store for every version, written and taken away in the record's own
 * transaction. Pure functions of one version. Each row costs two units when it is put and two when it goes, so a record asks for few.
 */
const BY_TYPE: Readonly<Record<string, (resource: never, nowMs: number) => readonly DueWork[]>> = {
  Appointment: appointmentDue,
  Encounter: encounterDue,
  Task: taskDue,
  Basic: basicDue,
};

/** Names of due work, and that somebody does it: functions/notices answers to each. */
export const NOTE_TO_LOOK_FOR = 'NoteToLookFor';
export const TASK_LATE = 'TaskLate';
export const LEFT_TO_RELEASE = 'LeftToRelease';
export const REMINDERS_TO_PLAN = 'RemindersToPlan';

export const REMINDERS_TO_REPLAN = 'RemindersToReplan';
/** Every night, of every clinic (functions/due). */
export const REMINDERS_TO_CHECK = 'RemindersToCheck';

/** The longest a reminder goes out before its visit, days: the day of planning is a little earlier. */
export const PLANNED_DAYS_AHEAD = 15;

/**
 * One row a visit that is to come: when its reminders are planned. What a clinic has set, and the hour its patients sleep, is read then,
 * so that a booking reads no settings, and a change of them reaches every visit that is further off.
 */
function appointmentDue({ status, start }: Appointment, nowMs: number): readonly DueWork[] {
  const startMs = Date.parse(start ?? '');
  if (status !== 'booked' || !(startMs > nowMs)) return [];
  return [
    { event: REMINDERS_TO_PLAN, atMs: startMs - PLANNED_DAYS_AHEAD * 86_400_000, detail: String(Math.floor(startMs / 60_000)) },
  ];
}

/** From a visit's beginning to when its note is looked for: the clinic's day is over then, whatever its zone, and the next has not begun. */
const NOTE_LOOKED_FOR_MS = 10 * 3_600_000;
const UNDER_WAY = new Set<Encounter['status']>(['arrived', 'triaged', 'in-progress', 'onleave']);

/** One row a visit that has begun: whether somebody writes its note. It goes as the visit ends, which signing does. */
function encounterDue({ status, period }: Encounter, nowMs: number): readonly DueWork[] {
  const atMs = Date.parse(period?.start ?? '') + NOTE_LOOKED_FOR_MS;
  return UNDER_WAY.has(status) && atMs > nowMs ? [{ event: NOTE_TO_LOOK_FOR, atMs }] : [];
}

/** The deadline of an open task, and until when somebody has to have taken it. What was escalated is not asked for again. */
function taskDue(task: Task): readonly DueWork[] {
  if (!isOpen(task) || !kindOf(task)) return [];
  const deadlines = [dueOf(task), ...(task.owner ? [] : [takeBy(task)])];
  return deadlines.flatMap((deadline) => {
    const atMs = Date.parse(deadline ?? '');
    return Number.isNaN(atMs) || deadline === escalatedFor(task)
      ? []
      : [{ event: TASK_LATE, atMs, detail: String(Math.floor(atMs / 60_000)) }];
  });
}

function basicDue(basic: Basic, nowMs: number): readonly DueWork[] {
  return [...settingDue(basic, nowMs), ...leftDue(basic)];
}

/** Somebody has left: what has become theirs meanwhile is given back too. */
function leftDue(basic: Basic): readonly DueWork[] {
  const atMs = leftAgainAtMs(basic);
  return atMs === undefined ? [] : [{ event: LEFT_TO_RELEASE, atMs }];
}

/** A clinic that sets its reminders otherwise: those of the next days are planned anew. Each version of the setting asks for it once. */
function settingDue({ id, extension }: Basic, nowMs: number): readonly DueWork[] {
  if (id !== 'settings-reminders') return [];
  const detail = createHash('sha256')
    .update(JSON.stringify(extension ?? []))
    .digest('hex')
    .slice(0, 16);
  return [{ event: REMINDERS_TO_REPLAN, atMs: nowMs, detail }];
}

export const recordDue: DueOf = (resource: FhirResource, nowMs) =>
  BY_TYPE[resource.resourceType]?.(resource as never, nowMs) ?? [];
