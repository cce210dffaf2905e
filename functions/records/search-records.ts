import { endpoint, reply } from '../../core/http/endpoint.ts';
import { isStrict } from '../../core/http/preferences.ts';
import type { Reply, Request } from '../../core/http/types.ts';
import type { RecordsDeps } from './deps.ts';
import { F, idInPath, typeInPath } from './paths.ts';
import { countOf } from './record-history.ts';

type SearchDeps = Pick<RecordsDeps, 'search'>;

async function run({ search }: SearchDeps, { scope, params, query, headers }: Request<undefined>): Promise<Reply> {
  const bundle = await search.search(scope, typeInPath(params), query, { strict: isStrict(headers) });
  return reply(200, bundle);
}

/** GET {F}/{type}?...: for tools. A name in an address lands in other people's logs, so our screens use POST. */
export const searchByAddress = (deps: SearchDeps) =>
  endpoint({
    method: 'GET',
    path: `${F}/{type}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'search', patients: true },
    summary:
      'Searches a type. Unknown parameters are ignored and left out of the self link, or refused under `Prefer: handling=strict`.',
    run: (request) => run(deps, request),
  });

/** POST {F}/{type}/_search: the same with the parameters in a form, the address or both. */
export const searchByForm = (deps: SearchDeps) =>
  endpoint({
    method: 'POST',
    path: `${F}/{type}/_search`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'search', patients: true },
    summary: 'Searches a type with the parameters in a form, so that no name or date stands in an address.',
    form: true,
    run: (request) => run(deps, request),
  });

/** GET {F}/Patient/{id}/$everything: the whole chart in pages. */
export const patientEverything = ({ search }: SearchDeps) =>
  endpoint({
    method: 'GET',
    path: `${F}/Patient/{id}/$everything`,
    access: { kind: 'tenant', type: 'Patient', interaction: 'read', patients: true },
    summary: "Reads a patient's whole chart in pages of `_count`; `_since` leaves out what has not changed.",
    async run({ scope, params, query }) {
      const bundle = await search.everything(scope, idInPath(params), {
        ...(query.has('_count') && { count: countOf(query.get('_count')) }),
        ...(query.has('_cursor') && { cursor: query.get('_cursor') ?? '' }),
        ...(query.has('_since') && { since: query.get('_since') ?? '' }),
      });
      return reply(200, bundle);
    },
  });
