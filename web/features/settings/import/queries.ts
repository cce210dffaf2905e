import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ImportState, ImportStatus, RefusedEntry, RefusedPage } from '../../../../schemas/imports.ts';
import type { Api } from '../../../lib/api.ts';
import { readAgain } from '../../../lib/reading.ts';

const keys = { all: (api: Api) => [api.tenant, 'imports'] as const };

const MOVES: readonly ImportState[] = ['running', 'undoing'];
/** Whether its figures change by themselves. */
export const isMoving = ({ state }: Pick<ImportStatus, 'state'>): boolean => MOVES.includes(state);

/** The latest imports, newest first; asked again every second while one moves. */
export const importsQuery = (api: Api) =>
  queryOptions({
    queryKey: keys.all(api),
    queryFn: async ({ signal }) => (await api.get<{ imports: ImportStatus[] }>('/imports', signal)).imports,
    refetchInterval: ({ state }) => (state.data?.some(isMoving) ? 1_000 : false), // ms
  });

export const useRefreshImports = (api: Api) => {
  const queries = useQueryClient();
  return () => readAgain(queries, keys.all(api));
};

export function useUndoImport(api: Api) {
  const refresh = useRefreshImports(api);
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => api.post<ImportStatus>(`/imports/${id}/undo`, { reason }),
    onSettled: refresh,
  });
}
export function useStartImport(api: Api) {
  const refresh = useRefreshImports(api);
  return useMutation({
    mutationFn: (id: string) => api.post<ImportStatus>(`/imports/${id}/start`, {}),
    onSettled: refresh,
  });
}

/** Every refused entry of an import, file by file. */
async function allRefused(api: Api, { id, files }: ImportStatus): Promise<readonly RefusedEntry[]> {
  const entries: RefusedEntry[] = [];
  for (const [file, { refused }] of files.entries()) {
    for (let from: number | undefined = refused > 0 ? 0 : undefined; from !== undefined; ) {
      const page: RefusedPage = await api.get(`/imports/${id}/files/${file}/refused?from=${from}`);
      entries.push(...page.entries);
      from = page.next;
    }
  }
  return entries;
}

/** One line an entry, as Bundle entries: the resource to mend, and beside it why it was refused. It can be imported as it is. */
export async function refusedFile(api: Api, status: ImportStatus): Promise<Blob> {
  const lines = (await allRefused(api, status)).map(({ resource, issues, entry, ifNoneExist }) =>
    JSON.stringify({
      resource,
      ...(ifNoneExist !== undefined && { request: { method: 'POST', ifNoneExist } }),
      response: {
        status: '422',
        outcome: {
          resourceType: 'OperationOutcome',
          issue: issues.map(({ text, expression }) => ({
            severity: 'error',
            code: 'invalid',
            details: { text },
            diagnostics: `Position ${entry}`,
            ...(expression && { expression: [expression] }),
          })),
        },
      },
    }),
  );
  return new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' });
}
