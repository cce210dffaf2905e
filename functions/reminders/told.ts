import { randomUUID } from 'node:crypto';
import type { Communication } from 'fhir/r4';
import type { Reception } from '../../core/events/receiver.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored } from '../../core/store/types.ts';
import { completionWrites, openingWrites } from '../../core/tasks/open-task.ts';
import { FhirId } from '../../schemas/ids.ts';
import { type Reminder, reasonOf, reminderOf } from '../../schemas/reminders.ts';
import { appointmentOf, reasonConcept, withReminder } from './communication.ts';
import { readConsents, writeConsent } from './consents.ts';
import { type ReminderDeps, systemScope } from './deps.ts';
import { CLAIM_MS, taskAbout } from './send.ts';
import { findVisit } from './visit.ts';

/*
 * What SES and AWS End User Messaging tell of a message that they took. Both tell at least once and in any order, so what stands after
 * any of it does not depend on the order: of all that was told, what ranks highest.
 */

/** What was told, in our words; undefined for a step on the way. */
type Told = 'unreached' | 'delivered' | 'bounced' | 'refused' | 'complained';

/**
 * unreached: given up for this time (a full mailbox, a telephone that was off, an answer "I am away"), and what says that it has arrived
 * all the same is believed. bounced: it cannot arrive there, whatever was said before. A complaint is of what has arrived.
 */
const RANK: Readonly<Record<Told, number>> = { unreached: 1, delivered: 2, complained: 2, bounced: 3, refused: 3 };

/** `messageStatus` of End User Messaging. SUCCESSFUL says that the carrier has it, no more; UNKNOWN, after three days, nothing. */
const TEXT: Readonly<Record<string, Told>> = {
  DELIVERED: 'delivered',
  INVALID: 'bounced',
  INVALID_MESSAGE: 'bounced',
  BLOCKED: 'bounced',
  CARRIER_BLOCKED: 'bounced',
  PROTECT_BLOCKED: 'bounced',
  SPAM: 'bounced',
  UNROUTABLE: 'bounced',
  UNREACHABLE: 'unreached',
  CARRIER_UNREACHABLE: 'unreached',
  TTL_EXPIRED: 'unreached',
};
/** `eventType` of SES; a bounce with its `bounceType`. */
const MAIL: Readonly<Record<string, Told>> = {
  Delivery: 'delivered',
  Complaint: 'complained',
  Reject: 'refused',
  'Bounce-Transient': 'unreached',
  'Bounce-Permanent': 'bounced',
  'Bounce-Undetermined': 'bounced',
};

/** The event's id is `told/<mail|text>/<what>/<the service's id of the message>`. Pure. */
export function readTold(eventId: string): { told: Told | undefined; message: string } | undefined {
  const [, service, what = '', message] = /^told\/(mail|text)\/([A-Za-z_-]+)\/([A-Za-z0-9._-]+)$/.exec(eventId) ?? [];
  if (!service || !message) return undefined;
  return { told: (service === 'mail' ? MAIL : TEXT)[what], message };
}

const rankOf = ({ status, received, ...rest }: Communication): number => {
  const reason = reasonOf(rest);
  if (status === 'completed') return received ? RANK.delivered : 0;
  if (reason === 'unreached' || reason === 'bounced' || reason === 'refused') return RANK[reason];
  return 0;
};

/** Writes down what was told of a message. What is not of a message of this clinic, or says nothing new, changes nothing. @throws Problem unavailable when it is too early */
export async function noteTold(deps: ReminderDeps, { happening, time }: Pick<Reception, 'happening' | 'time'>): Promise<void> {
  const event = readTold(happening.eventId);
  const clinic = await deps.tenantOf(happening.tenant);
  if (!event?.told || !clinic) return;
  const scope = systemScope(clinic, randomUUID());
  for (let attempt = 1; ; attempt++) {
    try {
      return await note(deps, scope, happening.id, { told: event.told, message: event.message, time });
    } catch (error) {
      // Somebody wrote to it at that moment, or to its task: another event of the same message, or the patient by its link.
      const lost = error instanceof Problem && (error.kind === 'stale-version' || error.kind === 'conflict');
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}
const ATTEMPTS = 4;

interface News {
  readonly told: Told;
  readonly message: string;
  readonly time: string;
}
async function note(deps: ReminderDeps, scope: Scope, id: FhirId, { told, message, time }: News): Promise<void> {
  const standing = await readIfThere<Communication>(deps.records, scope, 'Communication', id);
  const reminder = standing && reminderOf(standing);
  if (!standing || !reminder || !isOf(deps, standing, reminder, message)) return;
  if (told === 'complained') await wantsNoMail(deps, scope, standing, time);
  if (RANK[told] <= rankOf(standing)) return;
  const next = told === 'complained' || told === 'delivered' ? arrived(standing, message, time) : lost(standing, told);
  await deps.records.transact(scope, [
    { kind: 'update', resource: next, ifMatch: Number(standing.meta.versionId) },
    ...(await taskWrites(deps, scope, next, reminder)),
  ]);
}

/** Whether it is this message that was told of. Who sent it may not have written that down yet: the queue brings the event again. */
function isOf({ nowMs }: ReminderDeps, { status, meta }: Stored<Communication>, reminder: Reminder, message: string): boolean {
  if (reminder.message) return reminder.message === message;
  if (status === 'in-progress' && nowMs() - Date.parse(meta.lastUpdated) < CLAIM_MS)
    throw new Problem('unavailable', 'This message is being handed over.');
  // In doubt, or its sender is dead: now we know that the service had it.
  return status === 'in-progress' || status === 'unknown';
}

const arrived = ({ statusReason: _, ...standing }: Stored<Communication>, message: string, time: string) => ({
  ...withReminder(standing, { message }),
  status: 'completed' as const,
  received: time,
});
const lost = ({ received: _, ...standing }: Stored<Communication>, told: 'unreached' | 'bounced' | 'refused') => ({
  ...standing,
  status: 'stopped' as const,
  statusReason: reasonConcept(told),
});

/** A person is asked to reach the patient while the visit is to come; what has arrived after all needs nobody. */
async function taskWrites(deps: ReminderDeps, scope: Scope, next: Stored<Communication>, { start }: Reminder) {
  const now = new Date(deps.nowMs());
  const { kind, key } = taskAbout(next);
  if (next.status === 'completed') return completionWrites(deps.records, scope, kind, key, undefined, now);
  const appointment = FhirId.safeParse(appointmentOf(next)).data;
  const startMs = Date.parse(start);
  const visit = appointment && now.getTime() < startMs && (await findVisit(deps.records, scope, appointment, startMs));
  return visit ? openingWrites(deps.records, scope, taskAbout(next), { now }) : [];
}

/** Who calls our mail a nuisance gets none, unless they have said otherwise since. */
async function wantsNoMail(deps: ReminderDeps, scope: Scope, { subject }: Communication, time: string): Promise<void> {
  const patient = FhirId.safeParse(subject?.reference?.replace('Patient/', '')).data;
  if (!patient) return;
  const { mail } = await readConsents(deps.records, scope, patient);
  if (mail?.dateTime && Date.parse(mail.dateTime) >= Date.parse(time)) return;
  await writeConsent(deps.records, scope, { patient, channel: 'mail', wish: 'no', by: 'patient' }, new Date(time));
}
