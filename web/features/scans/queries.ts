import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { isComing, type UploadBoard, type UploadStatus } from '../../../schemas/uploads.ts';
import type { Api } from '../../lib/api.ts';
import { readAgain } from '../../lib/reading.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** Every cache key of this feature. */
export const scanKeys = {
  all: (tenant: string) => [tenant, 'scans'] as const,
  board: (tenant: string, settled: boolean) => [...scanKeys.all(tenant), 'board', settled] as const,
  one: (tenant: string, id: string) => [...scanKeys.all(tenant), 'one', id] as const,
};

/** A clinic that drops a pile looks at its board for an hour: then every answer is a long one. */
const refreshedAfterMs = (uploads: readonly UploadStatus[]): number =>
  uploads.some(isComing) ? (uploads.length > 30 ? 6_000 : 1_500) : 30_000;

export const boardQuery = (api: Api, settled: boolean) =>
  queryOptions({
    queryKey: scanKeys.board(api.tenant, settled),
    queryFn: ({ signal }) => api.get<UploadBoard>(`/uploads${settled ? '?settled=true' : ''}`, signal),
    staleTime: 10_000, // ms: several people file from this list
    refetchInterval: ({ state }) => refreshedAfterMs(state.data?.uploads ?? []),
  });

export const uploadQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: scanKeys.one(api.tenant, id),
    queryFn: ({ signal }) => api.get<UploadStatus>(`/uploads/${id}`, signal),
    staleTime: 5_000,
    refetchInterval: ({ state }) => (state.data && isComing(state.data) ? 1_000 : false),
  });

/** POST to a path of one upload. Whatever the answer, what we have of it is out of date. */
export function useScanAction<Body extends object>(id: string, action: 'file' | 'move' | 'discard') {
  const { api } = useTenant();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => api.post<UploadStatus>(`/uploads/${id}/${action}`, body),
    onSettled: () => readAgain(queries, scanKeys.all(api.tenant), [api.tenant, 'chart']),
  });
}
