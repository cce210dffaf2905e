import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { type Api, matches } from './api.ts';
import { patientSearches } from './patient-query.ts';
import { writesMonthFirst } from './typed-date.ts';

const PAUSE = 150; // ms between the last key and the question: short enough to feel immediate, long enough to ask once a word

/** Hits of all searches, each patient once, in the order in which the server found them. */
const united = (found: readonly (readonly Patient[])[]): readonly Patient[] => [
  ...new Map(found.flat().map((patient) => [patient.id, patient])).values(),
];

async function searchPatients(api: Api, text: string, signal: AbortSignal): Promise<readonly Patient[]> {
  const searches = patientSearches(text, writesMonthFirst(navigator.language));
  return united(await Promise.all(searches.map(async (search) => matches(await api.search<Patient>('Patient', search, signal)))));
}

/** Patients for what is being typed. `asked` is false while the text is too short to look for anything. */
export function usePatientSearch(api: Api, text: string) {
  const [settled] = useDebouncedValue(text.trim(), PAUSE);
  const asked = patientSearches(settled, writesMonthFirst(navigator.language)).length > 0;
  const result = useQuery({
    queryKey: [api.tenant, 'patients', 'search', settled],
    queryFn: ({ signal }) => searchPatients(api, settled, signal),
    enabled: asked,
    placeholderData: keepPreviousData, // the list does not blink between two letters
    staleTime: 10_000, // ms
    gcTime: 60_000, // ms: names typed are not kept for long
  });
  return { ...result, asked: asked && text.trim().length > 0, settling: settled !== text.trim() };
}

/** Whether the clinic has no patient at all; undefined while nobody knows. */
export function useHasNoPatients(api: Api, enabled: boolean): boolean | undefined {
  const any = useQuery({
    queryKey: [api.tenant, 'patients', 'any'],
    queryFn: async ({ signal }) =>
      matches(await api.search<Patient>('Patient', new URLSearchParams({ _count: '1' }), signal)).length > 0,
    enabled,
    staleTime: 60_000, // ms
  });
  if (!enabled || any.isError) return false;
  return any.data === undefined ? undefined : !any.data;
}

/** The patients with these ids, in this order; those that are gone are left out. */
export function usePatients(api: Api, ids: readonly string[]) {
  return useQuery({
    queryKey: [api.tenant, 'patients', 'byId', ids],
    enabled: ids.length > 0,
    staleTime: 60_000, // ms
    queryFn: async ({ signal }) => {
      const bundle = await api.search<Patient>(
        'Patient',
        new URLSearchParams({ _id: ids.join(','), _count: String(ids.length) }),
        signal,
      );
      const byId = new Map(matches(bundle).map((patient) => [patient.id, patient]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
  });
}
