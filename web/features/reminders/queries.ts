import { queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import type { Communication } from 'fhir/r4';
import type { ClinicReminders, ReminderPreference } from '../../../schemas/reminders.ts';
import type { Api } from '../../lib/api.ts';
import { useTenant } from '../../lib/tenant.tsx';

export interface PatientReminders {
  readonly preferences: readonly ReminderPreference[];
  readonly reminders: readonly Communication[];
}
export const patientRemindersQuery = (api: Api, patient: string) =>
  queryOptions({
    queryKey: [api.tenant, 'reminders', patient],
    queryFn: ({ signal }) => api.get<PatientReminders>(`/patients/${patient}/reminders`, signal),
  });

/** What the clinic sent lately, page by page. */
export function useClinicReminders() {
  const { api } = useTenant();
  return useInfiniteQuery({
    queryKey: [api.tenant, 'reminders'],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.get<ClinicReminders>(`/reminders${pageParam && `?${new URLSearchParams({ cursor: pageParam })}`}`, signal),
    getNextPageParam: ({ cursor }) => cursor,
  });
}
