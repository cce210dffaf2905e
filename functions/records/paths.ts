import type { Params } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import { isResourceType } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';

/** The FHIR base of a tenant, `{F}` in our documents. */
export const F = '/api/{tenant}/fhir/R4';

/** @throws Problem not-found when R4 has no such type */
export function typeInPath({ type = '' }: Params): string {
  if (!isResourceType(type))
    throw new Problem('not-found', [{ text: 'FHIR R4 has no such resource type.', code: 'not-supported' }]);
  return type;
}

/** @throws Problem not-found: what is not an id names nothing */
export function idInPath({ id }: Params): FhirId {
  const parsed = FhirId.safeParse(id);
  if (!parsed.success) throw new Problem('not-found', 'There is no such record.');
  return parsed.data;
}

/** @throws Problem not-found */
export function versionInPath({ version = '' }: Params): number {
  if (!/^[1-9]\d{0,9}$/.test(version)) throw new Problem('not-found', 'There is no such version.');
  return Number(version);
}
