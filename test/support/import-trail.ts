import type { ChunkTrail } from '../../functions/imports/import-file.ts';
import type { ImportTrail } from '../../functions/imports/s3-files.ts';
import type { RefusedEntry } from '../../schemas/imports.ts';

/** What imports leave behind, in memory: an object a chunk, as the bucket has it. */
export function memoryTrail(): ImportTrail {
  const refused = new Map<string, readonly RefusedEntry[]>();
  const created = new Map<string, readonly string[]>();
  const keyOf = (id: string, file: number, first: number) => `${id}/${file}/${first}`;
  return {
    keepRefused: async (_scope, id, file, first, entries) => void refused.set(keyOf(id, file, first), structuredClone(entries)),
    readRefused: async (_scope, id, file, first) => refused.get(keyOf(id, file, first)) ?? [],
    keepCreated: async (_scope, id, file, first, names) => void created.set(keyOf(id, file, first), [...names]),
    readCreated: async (_scope, id, file, first) => created.get(keyOf(id, file, first)) ?? [],
  };
}

/** The trail of one file that nobody reads afterwards. */
export const chunkTrail = (): ChunkTrail => ({
  keepRefused: async () => undefined,
  keepCreated: async () => undefined,
  readCreated: async () => [],
});
