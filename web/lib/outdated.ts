import { type Query, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

/** On screen, and older than it ought to be: the last try to read it again failed. */
const isOld = (query: Query): boolean => query.isActive() && query.state.status === 'error' && query.state.data !== undefined;

/**
 * Whether something on the screen could not be read again. A page goes on showing what it has, with all that is typed into it: that it may
 * be out of date is said once, for the whole screen.
 */
export function useOutdated(): { readonly isOutdated: boolean; readonly readAgain: () => void } {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  const isOutdated = useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => cache.getAll().some(isOld),
  );
  return { isOutdated, readAgain: () => void queries.refetchQueries({ predicate: isOld }) };
}
