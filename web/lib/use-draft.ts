import { useCallback, useState } from 'react';
import { type DraftKey, dropDraft, keepDraft, readDraft } from './drafts.ts';

/**
 * A form's content, kept as it is typed. `restored` is true when it was found from before: the form then says so.
 * Closing the panel, a reload and an idle sign-out keep it; saving and "Start over" drop it.
 */
export function useDraft<T>(
  key: DraftKey,
  initial: () => T,
): { value: T; change: (next: T) => void; drop: () => void; restored: boolean } {
  const [state, setState] = useState(() => {
    const kept = readDraft<T>(key, sessionStorage);
    return { value: kept ?? initial(), restored: kept !== undefined };
  });
  const { user, tenant, patient, form } = key;
  const change = useCallback(
    (value: T) => {
      setState((before) => ({ ...before, value }));
      keepDraft({ user, tenant, patient, form }, value, sessionStorage);
    },
    [user, tenant, patient, form],
  );
  const drop = useCallback(() => dropDraft({ user, tenant, patient, form }, sessionStorage), [user, tenant, patient, form]);
  return { ...state, change, drop };
}
