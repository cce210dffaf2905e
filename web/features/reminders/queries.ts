import { queryOptions } from '@tanstack/react-query';
import type { Communication } from 'fhir/r4';
import type { ReminderPreference } from '../../../schemas/reminders.ts';
import type { Api } from '../../lib/api.ts';

export interface PatientReminders {
  readonly preferences: readonly ReminderPreference[];
  readonly reminders: readonly Communication[];
}
export interface ClinicReminders {
  readonly reminders: readonly Communication[];
  /** Names by the patient's id. */
  readonly patients: Readonly<Record<string, string>>;
}

export const patientRemindersQuery = (api: Api, patient: string) =>
  queryOptions({
    queryKey: [api.tenant, 'reminders', patient],
    queryFn: ({ signal }) => api.get<PatientReminders>(`/patients/${patient}/reminders`, signal),
  });

export const clinicRemindersQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.tenant, 'reminders'],
    queryFn: ({ signal }) => api.get<ClinicReminders>('/reminders', signal),
  });
