import { infiniteQueryOptions, keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AuditEvent, Patient, Practitioner } from 'fhir/r4';
import { personName } from '../../../schemas/names.ts';
import { type Api, matches, nextLink } from '../../lib/api.ts';
import { dayBounds } from '../../lib/day-bounds.ts';

export const SHOWS = ['all', 'writes', 'refusals', 'people'] as const;
export type Show = (typeof SHOWS)[number];

export interface AccessFilter {
  /** Calendar days in the reader's zone, both included; empty for none. */
  readonly from: string;
  readonly to: string;
  /** The person's id; empty for everybody. */
  readonly person: string;
  readonly show: Show;
}

const PAGE = 50;
/** What each choice asks the server beside who and when. */
const ASKED: Record<Show, Readonly<Record<string, string>>> = {
  all: {},
  writes: { action: 'C,U,D' },
  refusals: { outcome: '4,8' },
  people: { type: '110113,110114' },
};

/** Every cache key of this feature; the tenant comes first. */
export const accessKeys = {
  log: (api: Api, patient: string, filter: AccessFilter) => [api.tenant, 'access-log', patient, filter] as const,
  names: (api: Api, type: string, ids: readonly string[]) => [api.tenant, 'access-log', 'names', type, ids] as const,
};

export function accessParameters(patient: string, { from, to, person, show }: AccessFilter, timeZone: string): URLSearchParams {
  const parameters = new URLSearchParams({ ...(patient && { patient }), ...ASKED[show], _count: String(PAGE) });
  const [first, last] = [dayBounds(from, timeZone), dayBounds(to, timeZone)];
  if (first) parameters.append('date', `ge${first.from}`);
  if (last) parameters.append('date', `lt${last.to}`);
  if (person) parameters.append('agent:identifier', person);
  return parameters;
}

/** The access log of a chart, or (without a patient) of the clinic, newest first, page by page. */
export const accessQuery = (api: Api, patient: string, filter: AccessFilter, timeZone: string) =>
  infiniteQueryOptions({
    queryKey: accessKeys.log(api, patient, filter),
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const bundle = pageParam
        ? await api.follow<AuditEvent>(pageParam, signal)
        : await api.search<AuditEvent>('AuditEvent', accessParameters(patient, filter, timeZone), signal);
      return { events: matches(bundle), next: nextLink(bundle) };
    },
    getNextPageParam: ({ next }) => next,
    staleTime: 0, // who has just looked is what one wants to know
  });

/** Names by id, of those who have a record that the reader may read. */
export function useNames(
  api: Api,
  type: 'Patient' | 'Practitioner',
  ids: readonly string[],
  allowed: boolean,
): ReadonlyMap<string, string> {
  const wanted = [...new Set(ids)].sort().slice(0, 500);
  const names = useQuery({
    queryKey: accessKeys.names(api, type, wanted),
    enabled: allowed && wanted.length > 0,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const bundle = await api.search<Patient | Practitioner>(
        type,
        new URLSearchParams({ _id: wanted.join(','), _count: '500' }),
        signal,
      );
      return matches(bundle).flatMap(({ id, name }) => {
        const text = personName(name);
        return id && text ? [[id, text] as const] : [];
      });
    },
  });
  return new Map(names.data ?? []);
}
