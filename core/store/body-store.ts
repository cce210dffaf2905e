import type { TenantId } from '../../schemas/ids.ts';

/** Where bodies live that are too long for an item. Implementations: s3-body-store.ts, and one in memory for tests. */
export interface BodyStore {
  /** Keys are under `t/<tenant>/bodies/`. A key is written once and never overwritten. */
  put(tenant: TenantId, key: string, body: Uint8Array): Promise<void>;
  /** @throws when there is no such object: an item pointed at it, so it must be there. */
  get(tenant: TenantId, key: string): Promise<Uint8Array>;
}

/** One object a version: a write that fails leaves an object that nothing points to, never a version without its body. */
export const bodyKey = (tenant: TenantId, type: string, id: string, writeId: string): string =>
  `t/${tenant}/bodies/${type}/${id}/${writeId}`;
