import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SavedMethods } from '../../../schemas/billing.ts';
import { useTenant } from '../../lib/tenant.tsx';

export function useSavedMethods() {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'portal', 'methods'],
    queryFn: ({ signal }) => api.get<SavedMethods>('/billing/own/methods', signal),
    staleTime: 15_000, // ms: one that was saved a moment ago shows on the way back
  });
}

export function useSavedMethodsChanged(): () => Promise<void> {
  const { api } = useTenant();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [api.tenant, 'portal', 'methods'] });
}
