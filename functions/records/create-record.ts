import type { FhirResource } from 'fhir/r4';
import * as z from 'zod';
import { endpoint } from '../../core/http/endpoint.ts';
import { operationKeyOf } from '../../core/http/preferences.ts';
import { presentReply, writeReply } from '../../core/http/record-reply.ts';
import type { Endpoint, Headers, Reply } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Stored, WriteResult } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { RecordsDeps } from './deps.ts';
import { findMatch } from './matching.ts';
import { F, typeInPath } from './paths.ts';
import { criteriaKey } from './references.ts';
import type { WriteCheck } from './write-check.ts';

/**
 * POST {F}/{type}: stores a new record under an id of our making; an id in the body is ignored, as FHIR says.
 * With If-None-Exist a record that matches already is the answer (200), and of two racers with the same criteria one creates.
 */
export function createRecord({ records, search }: Pick<RecordsDeps, 'records' | 'search'>, check: WriteCheck): Endpoint {
  return endpoint({
    method: 'POST',
    path: `${F}/{type}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'create' },
    summary: 'Creates a record: 201. If-None-Exist makes it conditional, Idempotency-Key makes a repeat harmless.',
    body: z.unknown(),
    async run({ scope, params, body, headers }) {
      const type = typeInPath(params);
      const resource = check.normalized(scope, check.parse(body, type));
      const criteria = headers['if-none-exist'];
      if (criteria === undefined) {
        await check.accept(scope, resource);
        return create(scope, resource, headers);
      }
      const present = await findMatch(search, scope, type, criteria);
      if (present) return presentReply(scope, present, headers);
      await check.accept(scope, resource);
      return create(scope, resource, headers, criteriaKey(type, criteria)).catch(async (error: unknown) => {
        // A racer with the same criteria was quicker: its record is the answer to both.
        const winner =
          error instanceof Problem && error.kind === 'conflict' ? await findMatch(search, scope, type, criteria) : undefined;
        if (!winner) throw error;
        return presentReply(scope, winner, headers);
      });
    },
  });

  async function create(scope: Scope, resource: FhirResource, headers: Headers, onlyOne?: string): Promise<Reply> {
    const operationKey = operationKeyOf(headers);
    const stored = await records.create(scope, resource, {
      via: 'rest',
      ...(operationKey && { operationKey }),
      ...(onlyOne && { onlyOne }),
    });
    check.references.see(scope, `${stored.resourceType}/${stored.id}`);
    return writeReply(scope, asCreated(stored), headers);
  }
}

const asCreated = (stored: Stored): WriteResult => ({
  kind: 'created',
  type: stored.resourceType,
  id: FhirId.parse(stored.id),
  version: Number(stored.meta.versionId),
  lastUpdated: stored.meta.lastUpdated,
  resource: stored,
});
