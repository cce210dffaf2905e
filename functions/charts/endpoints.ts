import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import { throughClinic } from '../../core/scope.ts';
import type { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { Records } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { readOverview } from './chart-overview.ts';
import { type Log, ownAccesses } from './own-accesses.ts';

export interface ChartsDeps {
  readonly records: Records & Log;
  readonly settings: Pick<ClinicSettings, 'read'>;
}

/** The first paint of a patient's chart, one answer and one AuditEvent; and to whom it was shown, for the patient. */
export const chartsEndpoints = ({ records, settings }: ChartsDeps): readonly Endpoint[] => [
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
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/charts/own/accesses',
    access: { kind: 'tenant', type: 'Portal', interaction: 'read', patients: true },
    summary:
      'Who has looked at the record of the patient who asks, or written in it, newest first: when, in which role, what; and by name where the clinic shows names.',
    media: 'application/json',
    async run({ scope, query }) {
      const { confinedTo } = scope;
      if (confinedTo === undefined) throw new Problem('forbidden', said('role-forbids'));
      const { shows } = await settings.read(throughClinic(scope), 'patient-log');
      const asked = { names: shows === 'names', cursor: query.get('cursor') ?? undefined };
      return { ...reply(200, await ownAccesses(records, { ...scope, confinedTo }, asked)), patient: confinedTo };
    },
  }),
];
