import { queryOptions, useMutation, useQueries, useQuery } from '@tanstack/react-query';
import type { Task } from 'fhir/r4';
import { useMemo } from 'react';
import type {
  Colleague,
  HandMadeTask,
  InboxCounts,
  InboxFilter,
  InboxList,
  InboxPage,
  KindChoice,
  ListCount,
  RowKind,
  TaskAnswer,
  TaskChange,
} from '../../schemas/task-requests.ts';
import { kindOf, ownerKeyOf } from '../../schemas/tasks.ts';
import { useSay } from '../i18n/index.ts';
import type { Api } from './api.ts';
import { OF_TASKS } from './reading.ts';
import { useTenant } from './tenant.tsx';

/** Every cache key of tasks: counts and lists are asked for again together, after every deed (main.tsx), so that they cannot tell two stories. */
export const taskKeys = {
  all: (api: Api) => [api.tenant, OF_TASKS] as const,
  counts: (api: Api) => [...taskKeys.all(api), 'counts'] as const,
};

/** What others do arrives within so many ms. */
const FRESH_MS = 60_000;

export const countsQuery = (api: Api) =>
  queryOptions({
    queryKey: taskKeys.counts(api),
    queryFn: ({ signal }) => api.get<InboxCounts>('/tasks/counts', signal),
    refetchInterval: FRESH_MS,
    staleTime: 10_000, // ms
  });

export interface InboxView {
  readonly list: InboxList;
  readonly kind?: KindChoice | undefined;
  readonly filter?: InboxFilter | undefined;
}
const addressOf = ({ list, kind, filter }: InboxView, after?: string): string =>
  `/tasks?${new URLSearchParams({ list, ...(kind && { kind }), ...(filter && { filter }), ...(after && { after }) })}`;

export const inboxQuery = (api: Api, view: InboxView, after?: string) =>
  queryOptions({
    queryKey: [...taskKeys.all(api), view.list, view.kind ?? '', view.filter ?? '', after ?? ''],
    queryFn: ({ signal }) => api.get<InboxPage>(addressOf(view, after), signal),
    refetchInterval: FRESH_MS,
    staleTime: 5_000, // ms
  });

/** The pages of a list that have been asked for, one behind the other. */
export function useInbox(view: InboxView, afters: readonly string[]) {
  const { api } = useTenant();
  const first = useQuery(inboxQuery(api, view));
  const others = useQueries({ queries: afters.map((after) => inboxQuery(api, view, after)) });
  const items = [first, ...others].flatMap(({ data }) => data?.items ?? []);
  // A list that moved between two of its pages shows each task once.
  const byId = new Map(items.map((item) => [item.task.id, item]));
  return { first, items: [...byId.values()], next: (others.at(-1) ?? first).data?.next };
}

/** "12", "1000+" */
export const countText = ({ count, more }: ListCount, t: ReturnType<typeof useSay>['t']): string =>
  more ? t('places.moreThan', { count }) : String(count);

export const kindOrOther = (task: Task): RowKind => kindOf(task) ?? 'other';

export function useColleagues(enabled = true) {
  const { api } = useTenant();
  return useQuery({
    queryKey: [api.tenant, 'colleagues'],
    queryFn: async ({ signal }) => (await api.get<{ people: readonly Colleague[] }>('/staff/colleagues', signal)).people,
    staleTime: 300_000, // ms
    enabled,
  });
}

/** Who has a task, as a person here would say it. */
export function useOwnerName(): (task: Task) => string | undefined {
  const { t } = useSay();
  const { data: people } = useColleagues();
  return useMemo(() => {
    const byKey = new Map((people ?? []).map((person) => [person.owner, person]));
    return (task) => {
      const key = ownerKeyOf(task.owner);
      const person = key === undefined ? undefined : byKey.get(key);
      return person?.you ? t('places.you') : (person?.name ?? task.owner?.display);
    };
  }, [people, t]);
}

const versionOf = (task: Task): number => Number(task.meta?.versionId ?? 0);

/** Does one thing to one or many tasks. */
export function useTaskChanges() {
  const { api } = useTenant();
  return useMutation({
    mutationFn: async ({ tasks, change }: { tasks: readonly Task[]; change: TaskChange }): Promise<readonly TaskAnswer[]> => {
      const changes = tasks.map((task) => ({ id: task.id, version: versionOf(task), change }));
      return (await api.post<{ answers: readonly TaskAnswer[] }>('/tasks/changes', { changes })).answers;
    },
  });
}

export function useNewTask() {
  const { api } = useTenant();
  return useMutation({
    mutationFn: ({ body, attempt }: { body: HandMadeTask; attempt: string }) => api.post<Task>('/tasks', body, attempt),
  });
}
