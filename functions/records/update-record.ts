import * as z from 'zod';
import { endpoint } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import { writeReply } from '../../core/http/record-reply.ts';
import { Problem } from '../../core/outcome.ts';
import { refuseDerived } from '../../core/provenance/served-records.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { RecordsDeps } from './deps.ts';
import { F, typeInPath } from './paths.ts';
import type { WriteCheck } from './write-check.ts';

/**
 * PUT {F}/{type}/{id}: a new version. Without If-Match it replaces whatever version is current at that moment, which the
 * history keeps; with it, a version that is not current any more is 412. An id that is free is created.
 */
export const updateRecord = ({ records }: Pick<RecordsDeps, 'records'>, check: WriteCheck) =>
  endpoint({
    method: 'PUT',
    path: `${F}/{type}/{id}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'update' },
    summary:
      'Replaces a record (200) or creates it under this id (201). If-Match refuses a stale version with 412; a lost race is 409.',
    body: z.unknown(),
    async run({ scope, params, body, headers }) {
      const type = typeInPath(params);
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('invalid', 'An id has 1 to 64 letters, digits, dots and dashes.');
      refuseDerived({ type, id: id.data });
      if (headers['if-none-match'] !== undefined) throw new Problem('invalid', 'A write takes If-Match, not If-None-Match.');
      const resource = check.normalized(scope, check.parse(body, type));
      if (resource.id !== id.data)
        throw new Problem('invalid', [{ text: 'The id in the resource and the id in the address are one.', path: `${type}.id` }]);
      await check.accept(scope, resource);
      const [ifMatch, operationKey] = [ifMatchVersion(headers['if-match']), operationKeyOf(headers)];
      const result = await records.update(
        scope,
        { ...resource, id: id.data },
        { via: 'rest', ...(ifMatch && { ifMatch }), ...(operationKey && { operationKey }) },
      );
      check.references.see(scope, `${type}/${id.data}`);
      return writeReply(scope, result, headers);
    },
  });
