import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import { etagOf } from '../../core/http/record-reply.ts';
import type { RecordsDeps } from './deps.ts';
import { F, idInPath, typeInPath } from './paths.ts';
import type { WriteCheck } from './write-check.ts';

/** DELETE {F}/{type}/{id}: a version that says "deleted". Reading the record is 410 from then on; its history stays. */
export const deleteRecord = ({ records }: Pick<RecordsDeps, 'records'>, check: WriteCheck) =>
  endpoint({
    method: 'DELETE',
    path: `${F}/{type}/{id}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'delete' },
    summary: 'Deletes a record: 204, again and again. Its history stays, and a later PUT revives it.',
    async run({ scope, params, headers }) {
      const [type, id] = [typeInPath(params), idInPath(params)];
      const [ifMatch, operationKey] = [ifMatchVersion(headers['if-match']), operationKeyOf(headers)];
      await check.acceptDelete(scope, type, id);
      const result = await records.delete(scope, type, id, {
        via: 'rest',
        ...(ifMatch && { ifMatch }),
        ...(operationKey && { operationKey }),
      });
      check.references.forget(scope, `${type}/${id}`);
      return reply(204, undefined, { etag: etagOf(result.version) });
    },
  });
