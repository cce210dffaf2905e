import type { Appointment, Communication } from 'fhir/r4';
import { stableId } from '../../core/stable-id.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import {
  COMMUNICATION_CATEGORY,
  MEDIUM,
  PARTICIPATION_MODE,
  REMINDER_OUTCOME,
  type Reminder,
  type ReminderChannel,
  type ReminderReason,
  reminderExtension,
  reminderOf,
} from '../../schemas/reminders.ts';
import { reminderKey } from './rules.ts';

/** What one message is about, and by which way. */
export interface Occasion {
  readonly appointment: FhirId;
  readonly patient: FhirId;
  readonly startMs: number;
  readonly offset: number;
  readonly channel: ReminderChannel;
}

/**
 * The record of a message. Invariant: its id follows from appointment, occurrence, channel and offset, and the store creates an id once, so
 * whoever created it is the one who sends.
 */
export const reminderId = (tenant: TenantId, { appointment, startMs, channel, offset }: Omit<Occasion, 'patient'>): FhirId =>
  stableId(tenant, reminderKey(appointment, startMs, channel, offset));

/** `link`: the hash of its secret. */
export function toCommunication(
  tenant: TenantId,
  occasion: Occasion,
  state: { status: Communication['status']; reason?: ReminderReason; sent?: string; link?: string; text?: string },
): Communication & { id: FhirId } {
  const { appointment, patient, startMs, offset, channel } = occasion;
  const { status, reason, sent, link, text } = state;
  return {
    resourceType: 'Communication',
    id: reminderId(tenant, occasion),
    extension: [reminderExtension({ offset, start: new Date(startMs).toISOString(), ...(link && { link }) })],
    status,
    ...(reason && { statusReason: reasonConcept(reason) }),
    category: [{ coding: [{ system: COMMUNICATION_CATEGORY, code: 'reminder' }] }],
    medium: [{ coding: [{ system: PARTICIPATION_MODE, ...MEDIUM[channel] }] }],
    subject: { reference: `Patient/${patient}` },
    about: [{ reference: `Appointment/${appointment}` }],
    recipient: [{ reference: `Patient/${patient}` }],
    ...(sent && { sent }),
    ...(text && { payload: [{ contentString: text }] }),
  };
}

export const reasonConcept = (reason: ReminderReason) => ({ coding: [{ system: REMINDER_OUTCOME, code: reason }] });

/** The same message with more said of it. */
export function withReminder<C extends Communication>(communication: C, change: Partial<Reminder>): C {
  const reminder = reminderOf(communication);
  if (!reminder) throw new Error('This Communication is no reminder.');
  const others = (communication.extension ?? []).filter(({ url }) => url !== reminderExtension(reminder).url);
  return { ...communication, extension: [...others, reminderExtension({ ...reminder, ...change })] };
}

export const appointmentOf = ({ about = [] }: Communication): string | undefined =>
  about.flatMap(({ reference }) => /^Appointment\/(.+)$/.exec(reference ?? '')?.[1] ?? [])[0];

/** A visit that the patient has said to come to. */
export const isConfirmed = ({ participant }: Appointment): boolean => {
  const patients = participant.filter(({ actor }) => actor?.reference?.startsWith('Patient/'));
  return patients.length > 0 && patients.every(({ status }) => status === 'accepted');
};
