import type { Params } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { FhirId } from '../../schemas/ids.ts';

/** The billing desk of a clinic. */
export const B = '/api/{tenant}/billing';

/** @throws Problem not-found: what is not an id names nothing */
export function idIn(params: Params, name = 'id'): FhirId {
  const id = FhirId.safeParse(params[name]);
  if (!id.success) throw new Problem('not-found', said('no-such-record'));
  return id.data;
}
