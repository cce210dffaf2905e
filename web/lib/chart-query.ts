import { queryOptions } from '@tanstack/react-query';
import type { Bundle, FhirResource, Provenance } from 'fhir/r4';
import type { ChartOverview } from '../../schemas/chart.ts';
import { type Api, matches } from './api.ts';

/** Every cache key of a chart. The tenant comes first, so that two clinics never share an answer; sign-out clears the whole cache. */
export const chartKeys = {
  all: (api: Api, patient: string) => [api.tenant, 'chart', patient] as const,
  overview: (api: Api, patient: string) => [...chartKeys.all(api, patient), 'overview'] as const,
  section: (api: Api, patient: string, section: string, filter: string) =>
    [...chartKeys.all(api, patient), 'section', section, filter] as const,
  record: (api: Api, patient: string, type: string, id: string) => [...chartKeys.all(api, patient), 'record', type, id] as const,
  history: (api: Api, patient: string, type: string, id: string) =>
    [...chartKeys.record(api, patient, type, id), 'history'] as const,
};

/** The first paint: the patient and the newest records of every kind that the person may see. */
export const overviewQuery = (api: Api, patient: string) =>
  queryOptions({
    queryKey: chartKeys.overview(api, patient),
    queryFn: ({ signal }) => api.get<ChartOverview>(`/charts/${patient}`, signal),
    staleTime: 15_000, // ms: going back and forth within a chart does not read it again; coming back to the window does
  });

export const recordQuery = (api: Api, patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: chartKeys.record(api, patient, type, id),
    queryFn: ({ signal }) => api.read<FhirResource>(type as FhirResource['resourceType'], id, signal),
    staleTime: 0, // a record that is opened to be read or corrected is read now
  });

export const historyQuery = (api: Api, patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: chartKeys.history(api, patient, type, id),
    queryFn: ({ signal }): Promise<Bundle<FhirResource>> => api.history(type, id, signal),
    staleTime: 0,
  });

/** Who wrote each version of a record: by its number. */
export const authorsQuery = (api: Api, patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: [...chartKeys.history(api, patient, type, id), 'authors'],
    queryFn: async ({ signal }) => {
      const bundle = await api.search<Provenance>(
        'Provenance',
        new URLSearchParams({ target: `${type}/${id}`, _count: '100' }),
        signal,
      );
      return new Map(
        matches(bundle).flatMap((provenance) => {
          const version = /\/_history\/(\d+)$/.exec(provenance.target[0]?.reference ?? '')?.[1];
          return version ? [[version, provenance] as const] : [];
        }),
      );
    },
    staleTime: 0,
  });

/** The first paint's resources of a type; empty when there are none or the person may not see them. */
export function inOverview<R extends FhirResource>(overview: ChartOverview, type: R['resourceType']): readonly R[] {
  return (overview.sections[type]?.resources ?? []) as unknown as readonly R[];
}
export const hasMore = (overview: ChartOverview, type: string): boolean =>
  overview.sections[type as keyof typeof overview.sections]?.more === true;
