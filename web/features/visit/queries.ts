import { queryOptions } from '@tanstack/react-query';
import type { DocumentReference, Encounter, HealthcareService, QuestionnaireResponse } from 'fhir/r4';
import type { WithheldReason } from '../../../schemas/portal-records.ts';
import type { Verdict } from '../../../schemas/signed-note.ts';
import type { VisitWorkspace } from '../../../schemas/visit.ts';
import { type Api, type Kept, matches } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';

export const visitKey = (api: Api, patient: string, visit: string) => [...chartKeys.all(api, patient), 'visit', visit] as const;

export const visitQuery = (api: Api, patient: string, visit: string) =>
  queryOptions({
    queryKey: visitKey(api, patient, visit),
    queryFn: ({ signal }) => api.get<VisitWorkspace>(`/visits/${visit}`, signal),
    staleTime: 0,
    refetchOnWindowFocus: false, // the note that is being written holds the newest itself
  });

export const verdictQuery = (api: Api, patient: string, note: string) =>
  queryOptions({
    queryKey: [...chartKeys.all(api, patient), 'verdict', note],
    queryFn: ({ signal }) => api.get<Verdict>(`/notes/${note}/verify`, signal),
    staleTime: 60_000,
  });

/** The clinic's kinds of visit. */
export const servicesQuery = (api: Api) =>
  queryOptions({
    queryKey: [api.tenant, 'visit-kinds'],
    queryFn: async ({ signal }) =>
      matches(
        await api.search<HealthcareService>('HealthcareService', new URLSearchParams({ active: 'true', _count: '100' }), signal),
      ),
    staleTime: 300_000,
  });

export const startVisit = (api: Api, patient: string, service: string | undefined, attempt: string) =>
  api.post<Kept<Encounter>>('/visits', { patient, ...(service && { service }) }, attempt);
export const beginNote = (api: Api, visit: string, template: string) =>
  api.post<Kept<QuestionnaireResponse>>(`/visits/${visit}/note`, { template });
export const signNote = (api: Api, visit: string, version: number, withhold: WithheldReason | undefined) =>
  api.post<Kept<DocumentReference>>(`/visits/${visit}/note/sign`, withhold ? { withhold } : {}, undefined, version);
