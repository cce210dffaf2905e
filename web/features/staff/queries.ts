import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChangeStaff, InviteStaff, StaffEntry } from '../../../schemas/people.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** The clinic's staff and invitations. */
export function useStaff() {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'staff'],
    queryFn: async ({ signal }) => (await api.get<{ staff: readonly StaffEntry[] }>('/staff', signal)).staff,
  });
}

export type StaffDeed =
  | { readonly what: 'invite'; readonly body: InviteStaff }
  | { readonly what: 'change'; readonly id: string; readonly body: ChangeStaff }
  | { readonly what: 'mail' | 'reset'; readonly id: string };

/** Does something to somebody of the staff and reads the list again, whatever came of it: somebody else may have been first. */
export function useStaffDeed() {
  const { api } = useTenant();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (deed: StaffDeed): Promise<StaffEntry> => {
      switch (deed.what) {
        case 'invite':
          return api.post('/staff', deed.body);
        case 'change':
          return api.put(`/staff/${deed.id}`, deed.body);
        case 'mail':
          return api.post(`/staff/${deed.id}/mail`, {});
        case 'reset':
          return api.post(`/staff/${deed.id}/second-factor/reset`, {});
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [api.tenant, 'staff'] }),
  });
}
