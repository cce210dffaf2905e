import { randomUUID } from 'node:crypto';
import type { Communication, Patient } from 'fhir/r4';
import type { Due } from '../../core/events/due.ts';
import { hashOf } from '../../core/links/secret.ts';
import type { HandedOver } from '../../core/messages/courier.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored } from '../../core/store/types.ts';
import type { NewTask } from '../../core/tasks/build.ts';
import { openingWrites } from '../../core/tasks/open-task.ts';
import { taskText } from '../../core/tasks/task-text.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { reminderMail, reminderText } from '../../schemas/reminder-messages.ts';
import { addressOf, languageOf, type ReminderChannel, type ReminderReason } from '../../schemas/reminders.ts';
import type { ReminderSettings } from '../../schemas/settings/reminders.ts';
import { type Occasion, reasonConcept, reminderId, toCommunication, withReminder } from './communication.ts';
import { type Consents, readConsents, stateOfConsent } from './consents.ts';
import { type ReminderDeps, systemScope } from './deps.ts';
import { linkOf } from './link.ts';
import { putReminderRows } from './plan.ts';
import { isQuiet, quietEnd, readDetail, sendTime, whyNotNow } from './rules.ts';
import { findVisit, patientOfVisit, zoneOfVisit } from './visit.ts';

/**
 * Sends what is due of one visit, by every channel, each message once however often this runs.
 *
 *   created `in-progress`   whoever creates the record is the one who hands the message over
 *   -> `completed`          the service has it; with `received`, it has arrived (told.ts)
 *   -> `stopped`            the service had it, and it did not arrive (told.ts)
 *   -> `preparation`        the service certainly has not got it: the next try takes the record up again
 *   -> `not-done`           it will not be sent, and why
 *   -> `unknown`            we died, or no answer came, between asking and knowing. It is not sent again, since it may have arrived; a
 *                           task asks a person to look. At most once, and never silently.
 */
export async function sendDue(deps: ReminderDeps, { tenant, id, detail, dueMs }: Due): Promise<void> {
  const told = readDetail(detail);
  const clinic = await deps.tenantOf(tenant);
  if (!told || clinic?.status !== 'active') return;
  const { startMs, offset } = told;
  const scope = systemScope(clinic, randomUUID());
  const visit = await findVisit(deps.records, scope, id, startMs);
  const patient = visit && patientOfVisit(visit);
  if (!visit || !patient) return;
  const settings = await deps.settings.read(scope, 'reminders');
  if (!settings.enabled || !settings.offsetsMinutes.includes(offset)) return;
  const zone = await zoneOfVisit(deps.records, scope, visit, clinic.timeZone);
  const nowMs = deps.nowMs();
  if (isTooEarly(deps, startMs, offset, settings, zone)) {
    await putReminderRows(deps, { tenant, id, startMs }, [{ offset, atMs: sendTime(startMs, offset, settings, zone) }]);
    return;
  }
  // It is late, and by now the patient sleeps.
  if (nowMs - dueMs > LATE_MS && isQuiet(nowMs, settings.quietHours, zone)) {
    const endMs = quietEnd(nowMs, settings.quietHours, zone);
    if (endMs < startMs) return putReminderRows(deps, { tenant, id, startMs }, [{ offset, atMs: endMs }]);
  }
  const why = whyNotNow({ startMs, offset, nowMs }, settings, zone);
  const [person, consents] = await Promise.all([
    readIfThere<Patient>(deps.records, scope, 'Patient', patient),
    readConsents(deps.records, scope, patient),
  ]);
  if (!person) return;
  const failures: unknown[] = [];
  for (const channel of settings.channels) {
    const occasion: Occasion = { appointment: id, patient, startMs, offset, channel };
    const reason = why ?? whyNotBy(deps, channel, person, consents, settings);
    try {
      if (reason) await noteNotSent(deps, scope, occasion, reason);
      else await sendOnce(deps, scope, occasion, { person, clinic: clinic.name, zone, settings });
    } catch (error) {
      failures.push(error); // the other channel is tried all the same
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** What was handed out this much after its time is late. */
const LATE_MS = 10 * 60_000;
/** The clinic has set its quiet hours otherwise since the row was put. */
const isTooEarly = (deps: ReminderDeps, startMs: number, offset: number, settings: ReminderSettings, zone: string): boolean =>
  sendTime(startMs, offset, settings, zone) > deps.nowMs() + 60_000;

function whyNotBy(
  { courier }: ReminderDeps,
  channel: ReminderChannel,
  person: Patient,
  consents: Consents,
  settings: ReminderSettings,
): ReminderReason | undefined {
  const consent = stateOfConsent(consents, channel);
  if (consent === 'no') return 'opted-out';
  if (channel === 'sms' && settings.smsNeedsConsent && consent !== 'yes') return 'no-consent';
  if (!addressOf(person, channel)) return 'no-address';
  return courier[channel] ? undefined : 'not-set-up';
}

async function noteNotSent({ records }: ReminderDeps, scope: Scope, occasion: Occasion, reason: ReminderReason): Promise<void> {
  if (await createOnce(records, scope, toCommunication(scope.tenant, occasion, { status: 'not-done', reason }))) return;
  const standing = await readIfThere<Communication>(records, scope, 'Communication', reminderId(scope.tenant, occasion));
  // It was to be tried again, and that is over.
  if (standing?.status !== 'preparation') return;
  const over = { ...standing, status: 'not-done', statusReason: reasonConcept(reason) } as const;
  await records.update(scope, over, { ifMatch: Number(standing.meta.versionId) });
}

/** Undefined when it is there already. */
async function createOnce(
  records: Pick<ReminderDeps['records'], 'create'>,
  scope: Scope,
  communication: Communication & { id: FhirId },
): Promise<Stored<Communication> | undefined> {
  try {
    return await records.create<Communication>(scope, communication, { id: communication.id });
  } catch (error) {
    if (error instanceof Problem && error.kind === 'conflict') return undefined;
    throw error;
  }
}

interface Message {
  readonly person: Patient;
  readonly clinic: string;
  readonly zone: string;
  readonly settings: ReminderSettings;
}

/** Longer than the function lives that sends: whoever claimed a message this long ago is dead. */
export const CLAIM_MS = 75_000;

async function sendOnce(deps: ReminderDeps, scope: Scope, occasion: Occasion, message: Message): Promise<void> {
  const secret = deps.newSecret();
  const claimed = await claim(deps, scope, occasion, message, secret);
  if (!claimed) return;
  // Once more, after the claim: a visit that was moved in the meantime is not reminded of.
  if (!(await findVisit(deps.records, scope, occasion.appointment, occasion.startMs))) {
    await settle(deps, scope, claimed, { ...claimed, status: 'not-done', statusReason: reasonConcept('superseded') });
    return;
  }
  const address = addressOf(message.person, occasion.channel) ?? '';
  if (occasion.channel === 'sms') await deps.noteTexted(address, scope.tenant, occasion.patient);
  const outcome = await handOver(deps, scope, occasion, message, { secret, address });
  await note(deps, scope, claimed, outcome);
}

/** The record that says that we send it; undefined when somebody else has, or has had, that to do. @throws Problem unavailable while they do it */
async function claim(
  deps: ReminderDeps,
  scope: Scope,
  occasion: Occasion,
  message: Message,
  secret: string,
): Promise<Stored<Communication> | undefined> {
  const { records, nowMs } = deps;
  const link = hashOf(secret);
  const sent = new Date(nowMs()).toISOString();
  const text = wordsOf(deps, scope, occasion, message, '…').text;
  const wanted = toCommunication(scope.tenant, occasion, { status: 'in-progress', sent, link, text });
  const created = await createOnce(records, scope, wanted);
  if (created) return created;
  const standing = await readIfThere<Communication>(records, scope, 'Communication', reminderId(scope.tenant, occasion));
  if (standing?.status === 'preparation') {
    const again = { ...withReminder(standing, { link }), status: 'in-progress' as const, sent };
    try {
      const ifMatch = Number(standing.meta.versionId);
      return (await records.update<Communication & { id: string }>(scope, again, { ifMatch })).resource;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'stale-version') throw busy(error);
      throw error;
    }
  }
  if (standing?.status !== 'in-progress') return undefined;
  if (nowMs() - Date.parse(standing.meta.lastUpdated) < CLAIM_MS) throw busy();
  await note(deps, scope, standing, { kind: 'in-doubt' });
  return undefined;
}

const busy = (cause?: unknown): Problem => new Problem('unavailable', 'Another worker is sending this reminder.', { cause });

function wordsOf(
  { appUrl }: ReminderDeps,
  { slug }: Scope,
  { channel, startMs }: Occasion,
  { person, clinic, zone, settings }: Message,
  token: string,
): { subject: string; text: string } {
  const language = languageOf(person) ?? settings.language;
  const words = { clinic, startMs, timeZone: zone, language, link: linkOf(appUrl, slug, token) };
  return channel === 'mail' ? reminderMail(words) : { subject: '', text: reminderText(words) };
}

async function handOver(
  deps: ReminderDeps,
  scope: Scope,
  occasion: Occasion,
  message: Message,
  { secret, address }: { secret: string; address: string },
): Promise<HandedOver> {
  const of = { tenant: scope.tenant, communication: reminderId(scope.tenant, occasion) };
  const { subject, text } = wordsOf(deps, scope, occasion, message, `${of.communication}.${secret}`);
  if (occasion.channel === 'sms') return (await deps.courier.sms?.({ to: address, text }, of)) ?? { kind: 'busy' };
  return (await deps.courier.mail?.({ to: address, subject, text }, of)) ?? { kind: 'busy' };
}

/** Writes down what became of it. @throws Problem unavailable when it has to be tried again */
async function note(deps: ReminderDeps, scope: Scope, claimed: Stored<Communication>, outcome: HandedOver): Promise<void> {
  switch (outcome.kind) {
    case 'taken':
      return settle(deps, scope, claimed, { ...withReminder(claimed, { message: outcome.message }), status: 'completed' });
    case 'opted-out':
      return settle(deps, scope, claimed, { ...claimed, status: 'not-done', statusReason: reasonConcept('opted-out') });
    case 'refused':
      return settle(deps, scope, claimed, { ...claimed, status: 'not-done', statusReason: reasonConcept('refused') }, true);
    case 'in-doubt':
      return settle(deps, scope, claimed, { ...claimed, status: 'unknown', statusReason: reasonConcept('in-doubt') }, true);
    case 'busy': {
      await settle(deps, scope, claimed, { ...claimed, status: 'preparation' });
      throw new Problem('unavailable', 'The message service does not take messages just now.');
    }
  }
}

/** What asks a person to reach the patient in another way: one task a message. */
export const taskAbout = ({ id, subject }: Stored<Communication>): NewTask & { kind: 'reminder-failed' } => ({
  kind: 'reminder-failed',
  key: `Communication/${id}`,
  focus: { reference: `Communication/${id}` },
  ...(subject && { for: subject }),
  description: taskText('reminder-unsure'),
});

async function settle(
  { records, nowMs }: ReminderDeps,
  scope: Scope,
  claimed: Stored<Communication>,
  resource: Stored<Communication>,
  failed = false,
): Promise<void> {
  const task = failed ? await openingWrites(records, scope, taskAbout(claimed), { now: new Date(nowMs()) }) : [];
  const ifMatch = Number(claimed.meta.versionId);
  await records.transact(scope, [{ kind: 'update', resource, ifMatch }, ...task]);
}
