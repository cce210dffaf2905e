import type { Appointment, Patient } from 'fhir/r4';
import type { Tenant } from '../../core/directory/directory.ts';
import type { HandedOver } from '../../core/messages/courier.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { ReminderDeps } from '../../functions/reminders/deps.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { ReminderSettings } from '../../schemas/settings/reminders.ts';
import type { TestStore } from './records.ts';

export interface SentMessage {
  readonly channel: 'mail' | 'sms';
  readonly to: string;
  readonly text: string;
}
export interface TestReminders {
  readonly deps: ReminderDeps;
  readonly sent: SentMessage[];
  readonly texted: string[];
  /** What the next messages meet: by default they are taken. */
  answer: (message: SentMessage) => Promise<HandedOver>;
  nowMs: number;
}

/** What sends reminders, over a test's store, with a courier that keeps what it is given. */
export function testReminders(store: TestStore, nowMs: number): TestReminders {
  const tenant: Tenant = {
    id: store.scope.tenant,
    slug: store.scope.slug,
    name: 'Oak Family Clinic',
    status: 'active',
    timeZone: 'America/Chicago',
  };
  let secrets = 0;
  const kit: TestReminders = {
    sent: [],
    texted: [],
    nowMs,
    answer: async () => ({ kind: 'taken', message: 'm-1' }),
    deps: {
      records: store.records,
      settings: new ClinicSettings(store.records),
      tenantOf: async (id) => (id === tenant.id ? tenant : undefined),
      courier: {
        mail: (mail) => carry({ channel: 'mail', to: mail.to, text: `${mail.subject}\n${mail.text}` }),
        sms: (message) => carry({ channel: 'sms', ...message }),
      },
      tableOf: store.tableOf,
      appUrl: 'https://app.example',
      nowMs: () => kit.nowMs,
      newSecret: () => `secret-${String(++secrets).padStart(20, '0')}`,
      noteTexted: async (to) => void kit.texted.push(to),
    },
  };
  const carry = (message: SentMessage): Promise<HandedOver> => {
    kit.sent.push(message);
    return kit.answer(message);
  };
  return kit;
}

export const setReminders = async (store: TestStore, value: Partial<ReminderSettings>): Promise<void> => {
  const settings = new ClinicSettings(store.records);
  const { version } = await settings.find(store.scope, 'reminders');
  await settings.write(store.scope, 'reminders', ReminderSettings.parse(value), version);
};

export const patientNamed = (id: string, more: Partial<Patient> = {}): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Quintanilla', given: ['Ada'] }],
  telecom: [
    { system: 'email', value: `${id}@mail.example` },
    { system: 'phone', use: 'mobile', value: '+1 312 555 0147' },
  ],
  ...more,
});

export const visitOf = (patient: string, start: string, more: Partial<Appointment> = {}): Appointment => ({
  resourceType: 'Appointment',
  status: 'booked',
  start,
  end: new Date(Date.parse(start) + 20 * 60_000).toISOString(),
  serviceType: [{ text: 'Oncology follow-up' }],
  participant: [
    { actor: { reference: `Patient/${patient}` }, status: 'needs-action' },
    { actor: { reference: 'Practitioner/osei', display: 'Dr. Ama Osei' }, status: 'accepted' },
  ],
  ...more,
});

export const dueFor = (store: TestStore, id: string, detail: string, dueMs: number) => ({
  tenant: store.scope.tenant,
  type: 'Appointment',
  id: id as FhirId,
  detail,
  dueMs,
});
