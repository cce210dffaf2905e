import type { Encounter, FhirResource, QuestionnaireResponse } from 'fhir/r4';
import { stableId } from '../../core/stable-id.ts';
import { buildTask } from '../../core/tasks/build.ts';
import { draftId } from '../../functions/visits/note-ids.ts';
import { TenantId } from '../../schemas/ids.ts';
import { VISIT_NOTE, VISIT_TYPE } from '../../schemas/visit.ts';
import { patientId } from './charts/chart.ts';
import { location, organization, practitioner } from './charts/clinic.ts';
import type { DemoClinic } from './clinics.ts';

/** How long ago the visit began. */
const BEGAN_MS = 12 * 60_000;

/** A visit that is under way when a demo clinic is opened for the first time, its note half written, with the task to sign it. */
export function demoVisits(clinic: DemoClinic, nowMs: number): FhirResource[] {
  const tenant = TenantId.parse(`demo0${clinic.slug.replace(/-/g, '')}`);
  const [physician] = clinic.physicians;
  const person = clinic.patients[5];
  if (!physician || !person) return [];
  const id = stableId(tenant, 'demo-visit');
  const note = draftId(tenant, id, 0);
  const start = new Date(nowMs - BEGAN_MS).toISOString();
  const patient = { reference: `Patient/${patientId(person)}` };
  const author = practitioner(clinic, physician);
  const kind = { coding: [{ system: VISIT_TYPE, code: 'follow-up' }], text: 'Follow-up' };
  const encounter: Encounter = {
    resourceType: 'Encounter',
    id,
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [kind],
    serviceType: kind,
    subject: patient,
    participant: [{ individual: author, period: { start } }],
    period: { start },
    location: [{ location: location(clinic) }],
    serviceProvider: organization(clinic),
  };
  const draft: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    id: note,
    identifier: { system: VISIT_NOTE, value: id },
    questionnaire: `urn:uuid:${stableId(tenant, 'note/soap-visit')}|1`,
    status: 'in-progress',
    subject: patient,
    encounter: { reference: `Encounter/${id}` },
    authored: start,
    author,
    item: [
      { linkId: '1', text: 'Subjective', answer: [{ valueString: 'Sleeps badly since the summer. Brings home readings:' }] },
    ],
  };
  const task = buildTask(
    tenant,
    {
      kind: 'sign-note',
      key: `QuestionnaireResponse/${note}`,
      for: patient,
      focus: { reference: `QuestionnaireResponse/${note}` },
      encounter: { reference: `Encounter/${id}` },
      owner: author,
      requester: author,
    },
    new Date(nowMs - BEGAN_MS),
  );
  return [encounter, draft, task];
}
