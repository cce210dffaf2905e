import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeptSetting, Setting, SettingName } from '../../schemas/settings/index.ts';
import { type Api, ApiError } from './api.ts';
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

/**
 * A setting as a form works on it. What was typed stays when somebody else was first: whoever typed it sees that, and takes theirs or puts
 * their own over it (components/SettingStale.tsx).
 */
export function useSettingForm<Name extends SettingName>(kept: KeptSetting<Name>, onSaved: () => void) {
  const { api } = useTenant();
  const queries = useQueryClient();
  const [base, setBase] = useState(kept);
  const [typed, setTyped] = useState<Setting<Name>>(kept.value);
  const save = useSaveSetting(kept.name);
  const read = () => queries.fetchQuery({ ...settingQuery(api, kept.name), staleTime: 0 });
  const submit = (version: number) =>
    save.mutate(
      { value: typed, version },
      {
        onSuccess: (next) => {
          setBase(next);
          onSaved();
        },
      },
    );
  const isStale = save.error instanceof ApiError && save.error.status === 412;
  return {
    typed,
    setTyped,
    isChanged: JSON.stringify(typed) !== JSON.stringify(base.value),
    submit: () => submit(base.version),
    isSaving: save.isPending,
    /** Why the last attempt failed, unless somebody was first. */
    error: isStale ? null : save.error,
    isStale,
    takeTheirs: async () => {
      const theirs = await read();
      setBase(theirs);
      setTyped(theirs.value);
      save.reset();
    },
    putMineOver: async () => submit((await read()).version),
  };
}
