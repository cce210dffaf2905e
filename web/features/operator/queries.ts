import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InstallationCost } from '../../../schemas/cost.ts';
import type { ClinicsPage, ListedClinic } from '../../../schemas/operator.ts';
import type { ReportsPage } from '../../../schemas/reports.ts';
import type { StatusDetails } from '../../../schemas/status.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { readAgain } from '../../lib/reading.ts';

/** Every cache key of the operators' console. */
const operatorKeys = {
  clinics: ['operator', 'clinics'] as const,
  cost: ['operator', 'cost'] as const,
  reports: ['operator', 'reports'] as const,
  status: ['operator', 'status'] as const,
};

export function useStatusDetails() {
  const api = usePlatform();
  return useQuery({
    queryKey: operatorKeys.status,
    queryFn: ({ signal }) => api.get<StatusDetails>('/status/details', signal),
    refetchInterval: 30_000, // ms
  });
}

export function useReports() {
  const api = usePlatform();
  return useQuery({
    queryKey: operatorKeys.reports,
    queryFn: ({ signal }) => api.get<ReportsPage>('/reports', signal),
    staleTime: 30_000, // ms
  });
}

export function useClinics() {
  const api = usePlatform();
  return useInfiniteQuery({
    queryKey: operatorKeys.clinics,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get<ClinicsPage>(`/tenants${pageParam && `?after=${encodeURIComponent(pageParam)}`}`, signal),
    getNextPageParam: ({ next }) => next,
    staleTime: 30_000, // ms
  });
}

export function useInstallationCost() {
  const api = usePlatform();
  return useQuery({
    queryKey: operatorKeys.cost,
    queryFn: ({ signal }) => api.get<InstallationCost>('/cost', signal),
    staleTime: Number.POSITIVE_INFINITY, // it changes with the version
  });
}

/** Suspends an active clinic, opens a suspended one. The list is read again whatever came of it: somebody else may have been first. */
export function useChangeState() {
  const api = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ clinic, reason }: { clinic: ListedClinic; reason: string }) =>
      api.post<unknown>(`/tenants/${clinic.slug}/${clinic.status === 'active' ? 'suspend' : 'reactivate'}`, { reason }),
    onSettled: () => readAgain(queries, operatorKeys.clinics),
  });
}
