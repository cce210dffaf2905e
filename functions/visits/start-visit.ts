import type { Encounter, HealthcareService, Patient } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { stableId } from '../../core/stable-id.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { profileUrl } from '../../schemas/us-core/profiles.ts';
import type { StartVisit } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { signerReference } from './note-document.ts';
import { idOf, readSelf } from './reading.ts';

export interface Started {
  readonly kind: 'created' | 'present';
  readonly encounter: Stored<Encounter>;
}

/** SNOMED CT's code for an encounter for a problem, without its words: the type of a visit of which nothing more is known. */
const ANY_VISIT = { coding: [{ system: 'http://snomed.info/sct', code: '185349003' }], text: 'Visit' };

/**
 * Opens a visit for somebody who is here without an appointment. `attempt` is the caller's own key: the same one answers the same visit,
 * however often it is sent.
 * @throws Problem not-found, rule-broken
 */
export async function startVisit(deps: VisitsDeps, scope: Scope, order: StartVisit, attempt: string): Promise<Started> {
  const { records, now } = deps;
  const id = stableId(scope.tenant, `walk-in/${scope.user.id}/${attempt}`);
  const present = await readIfThere<Encounter>(records, scope, 'Encounter', id);
  if (present) return same(present, order);
  const [self, patient, service] = await Promise.all([
    readSelf(records, scope),
    records.read<Patient>(scope, 'Patient', order.patient),
    order.service && records.read<HealthcareService>(scope, 'HealthcareService', order.service),
  ]);
  const start = now().toISOString();
  const kind = service?.type?.[0];
  const resource: Encounter & { id: FhirId } = {
    resourceType: 'Encounter',
    id,
    meta: { profile: [profileUrl('us-core-encounter')] },
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [kind ? { ...kind, text: service?.name ?? kind.text } : ANY_VISIT],
    ...(kind && { serviceType: { ...kind, text: service?.name ?? kind.text } }),
    subject: { reference: `Patient/${patient.id}` },
    participant: [
      {
        type: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
                code: 'PPRF',
                display: 'primary performer',
              },
            ],
          },
        ],
        period: { start },
        individual: signerReference(self),
      },
    ],
    period: { start },
    ...(service?.location?.[0] && { location: [{ location: service.location[0] }] }),
    ...(service?.providedBy && { serviceProvider: service.providedBy }),
  };
  try {
    const encounter = await records.create(scope, resource, { id, via: 'rest' });
    return { kind: 'created', encounter };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    return same(await records.read<Encounter>(scope, 'Encounter', idOf(id)), order);
  }
}

function same(encounter: Stored<Encounter>, { patient }: StartVisit): Started {
  if (encounter.subject?.reference !== `Patient/${patient}`) throw new Problem('rule-broken', said('note-other-patient'));
  return { kind: 'present', encounter };
}
