import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { KeptSetting, Setting, SettingName } from '../../schemas/settings/index.ts';
import type { Api } from './api.ts';
import { useTenant } from './tenant.tsx';

/** One of the clinic's settings, with its version. */
export const settingQuery = <Name extends SettingName>(api: Api, name: Name) =>
  queryOptions({
    queryKey: [api.tenant, 'settings', name],
    queryFn: ({ signal }) => api.get<KeptSetting<Name>>(`/settings/${name}`, signal),
  });

/** Replaces the version that was read. ApiError 412: somebody has changed it since, and the query holds their value once it is read again. */
export function useSaveSetting<Name extends SettingName>(name: Name) {
  const { api } = useTenant();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ value, version }: { readonly value: Setting<Name>; readonly version: number }) =>
      api.put<KeptSetting<Name>>(`/settings/${name}`, value, version),
    onSuccess: (kept) => queries.setQueryData(settingQuery(api, name).queryKey, kept),
  });
}
