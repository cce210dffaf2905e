import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** Whether a query is of tasks (tasks.ts): of a clinic's key the second part says what it is of. */
export const isOfTasks = ({ queryKey }: { readonly queryKey: QueryKey }): boolean => queryKey[1] === OF_TASKS;
export const OF_TASKS = 'tasks';

/** A refusal does not change by asking again; a lost connection may. */
export const retryLostOnes = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502);

/**
 * Has what a deed changed read again, and does not wait for it: a row that is gone from the new list takes its button along, and react-query
 * tells nobody of a deed whose button is gone.
 */
export function readAgain(queries: QueryClient, ...keys: readonly QueryKey[]): void {
  for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
}
