import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Records } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { readOverview } from './chart-overview.ts';

export interface ChartsDeps {
  readonly records: Records;
}

/** GET /api/{tenant}/charts/{id}: the first paint of a patient's chart, one answer and one AuditEvent. */
export const chartsEndpoints = ({ records }: ChartsDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/charts/{id}',
    access: { kind: 'tenant', type: 'Patient', interaction: 'read', patients: true },
    summary:
      'Reads what the first screen of a chart shows: the patient, all allergies, conditions and medications, and the newest of the rest.',
    media: 'application/json',
    async run({ scope, params }) {
      const id = FhirId.safeParse(params.id);
      if (!id.success) throw new Problem('not-found', said('no-such-record'));
      return { ...reply(200, await readOverview(records, scope, id.data)), patient: id.data };
    },
  }),
];
