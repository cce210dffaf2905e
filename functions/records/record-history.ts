import type { Bundle, BundleEntry } from 'fhir/r4';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { etagOf } from '../../core/http/record-reply.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { HistoryEntry } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { RecordsDeps } from './deps.ts';
import { F, idInPath, typeInPath } from './paths.ts';

const DEFAULT_COUNT = 50;
const MAX_COUNT = 200;

/** GET {F}/{type}/{id}/_history: every version, newest first, in pages. */
export const recordHistory = ({ records }: Pick<RecordsDeps, 'records'>) =>
  endpoint({
    method: 'GET',
    path: `${F}/{type}/{id}/_history`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'history' },
    summary: 'Lists the versions of a record, newest first, in pages of `_count` (50, at most 200).',
    async run({ scope, params, query }) {
      const [type, id] = [typeInPath(params), idInPath(params)];
      const count = countOf(query.get('_count'));
      const cursor = query.get('_cursor') ?? undefined;
      const page = await records.history(scope, type, id, { count, cursor });
      const here = `${scope.fhirBase}/${type}/${id}`;
      const link = (relation: string, at: string | undefined) => ({
        relation,
        url: `${here}/_history?${new URLSearchParams({ _count: String(count), ...(at !== undefined && { _cursor: at }) })}`,
      });
      const bundle: Bundle = {
        resourceType: 'Bundle',
        type: 'history',
        link: [link('self', cursor), ...(page.cursor === undefined ? [] : [link('next', page.cursor)])],
        entry: page.items.map((version) => toEntry(scope, `${type}/${id}`, version)),
      };
      const resource = page.items.find((version) => version.resource)?.resource;
      const patient = resource && patientOf(resource);
      return { ...reply(200, bundle), ...(patient && { patient }) };
    },
  });

function toEntry({ fhirBase }: Scope, reference: string, { version, lastUpdated, method, resource }: HistoryEntry): BundleEntry {
  const type = reference.split('/')[0] ?? '';
  const status = { POST: '201', PUT: '200', DELETE: '204' }[method];
  return {
    fullUrl: `${fhirBase}/${reference}`,
    ...(resource && { resource }),
    request: { method, url: method === 'POST' ? type : reference },
    response: { status, etag: etagOf(version), lastModified: lastUpdated },
  };
}

/** @throws Problem invalid */
export function countOf(text: string | null): number {
  if (text === null) return DEFAULT_COUNT;
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) throw new Problem('invalid', '_count is a whole number above 0.');
  return Math.min(Number(text), MAX_COUNT);
}
