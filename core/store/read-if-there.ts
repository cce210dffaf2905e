import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { isGone } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from './types.ts';

/** What stands under an id, or nothing: also when it was deleted. Strongly consistent. */
export async function readIfThere<R extends FhirResource>(
  records: Pick<Records, 'read'>,
  scope: Scope,
  type: string,
  id: FhirId,
): Promise<Stored<R> | undefined> {
  try {
    return await records.read<R>(scope, type, id);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
