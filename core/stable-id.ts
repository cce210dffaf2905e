import { createHash } from 'node:crypto';
import type { FhirId, TenantId } from '../schemas/ids.ts';

/** The same id for the same thing of the same clinic, so that making it twice makes it once. Shaped as a UUID, which keys pack. */
export function stableId(tenant: TenantId, what: string): FhirId {
  const hex = createHash('sha256').update(`${tenant}\n${what}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}` as FhirId;
}
