import { useQuery } from '@tanstack/react-query';
import type { OnlineVisitType } from '../../../schemas/portal.ts';
import { ApiError } from '../../lib/api.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** What the patient may book by themselves. */
export function useVisitTypes() {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'portal', 'visit-types'],
    queryFn: async ({ signal }) => (await api.get<{ types: readonly OnlineVisitType[] }>('/portal/visits/types', signal)).types,
    staleTime: 300_000,
  });
}

/** Whether the clinic takes no bookings online just now: patients are told to call, whatever they asked for. */
export const isClosed = (error: Error | null): boolean =>
  error instanceof ApiError && error.issues.some(({ name }) => name === 'online-booking-closed');
