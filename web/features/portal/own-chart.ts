import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import type { OwnBills } from '../../../schemas/portal.ts';
import { matches } from '../../lib/api.ts';
import { chartKeys, overviewQuery } from '../../lib/chart-query.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** The one chart that this sign-in opens. The server shows nothing else, whatever is asked. */
export function useOwnPatient(): string {
  const { me } = useTenant();
  return me?.reference?.replace('Patient/', '') ?? '';
}

export function useOwnChart() {
  const { api } = useTenant();
  return useQuery(overviewQuery(api, useOwnPatient()));
}

/** After a change of one's own: what is shown of the chart is read again. */
export function useOwnChartChanged(): () => Promise<void> {
  const { api } = useTenant();
  const patient = useOwnPatient();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: chartKeys.all(api, patient) });
}

export function useBills() {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'portal', 'bills'],
    queryFn: ({ signal }) => api.get<OwnBills>('/billing/own', signal),
    staleTime: 15_000, // ms: a payment shows when one comes back to the page
  });
}

export function useBillsChanged(): () => Promise<void> {
  const { api } = useTenant();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [api.tenant, 'portal', 'bills'] });
}

/** Every note and released paper, newest first. */
export function useDocuments() {
  const { api } = useTenant();
  const patient = useOwnPatient();
  return useQuery({
    queryKey: [api.tenant, 'portal', 'documents', patient],
    queryFn: async ({ signal }) =>
      matches(
        await api.search<DocumentReference>(
          'DocumentReference',
          new URLSearchParams({
            patient,
            _count: '200',
            _elements: 'status,docStatus,type,description,date,author,meta,category',
          }),
          signal,
        ),
      ),
    staleTime: 15_000,
  });
}
