import type { DocumentReference, Encounter, HealthcareService, Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { isNoteTemplate, parseCanonical, versionOf } from '../../schemas/note-template.ts';
import { isVisitNote, NOTE_TEMPLATE, noteTemplateOf, type VisitWorkspace } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { lastTemplateOf } from './last-template.ts';
import { idsOfDraft } from './note-ids.ts';
import { kindsOf, noteOfVisit, patientIdOf } from './reading.ts';
import { templateOf } from './templates.ts';
import { vitalsOf } from './vitals-of.ts';

/** Earlier notes that are looked through for one of the same template, and documents for addenda. */
const LOOKED_THROUGH = 50;
const MOST_SERVICES = 100;

/** One visit with everything that its screen needs and the chart's first paint does not bring. */
export async function readWorkspace(
  deps: Pick<VisitsDeps, 'records'>,
  scope: Scope,
  encounter: Stored<Encounter>,
): Promise<VisitWorkspace> {
  const { records } = deps;
  const patient = patientIdOf(encounter);
  const [{ id, note }, templates, services, notes, vitals] = await Promise.all([
    noteOfVisit(records, scope, encounter.id),
    noteTemplates(deps, scope),
    records.ofType(scope, 'HealthcareService', { count: MOST_SERVICES }),
    records.chart(scope, patient, { types: 'QuestionnaireResponse', count: LOOKED_THROUGH }),
    vitalsOf(deps, scope, patient, encounter),
  ]);
  const [template, signed] = await Promise.all([
    note && templateOf(records, scope, note.questionnaire),
    note?.status === 'completed'
      ? readIfThere<DocumentReference>(records, scope, 'DocumentReference', idsOfDraft(scope.tenant, id).reference)
      : undefined,
  ]);
  const choice = offered(newestOfEach(templates), encounter, services.items as readonly Stored[] as readonly HealthcareService[]);
  const last = note || choice.templateOfType ? undefined : await lastTemplateOf(records, scope, encounter);
  const addenda = signed ? await addendaTo(deps, scope, patient, signed) : [];
  const url = parseCanonical(note?.questionnaire)?.url;
  const previous = (notes.items as readonly Stored[]).find(
    (one): one is Stored<QuestionnaireResponse> =>
      one.resourceType === 'QuestionnaireResponse' &&
      isVisitNote(one) &&
      one.status === 'completed' &&
      one.id !== id &&
      parseCanonical(one.questionnaire)?.url === url,
  );
  return {
    encounter,
    ...(note && { note }),
    ...(template && { template }),
    ...(signed && { signed }),
    addenda,
    ...choice,
    templates: usualNext(choice, last),
    ...(url && previous && { previous }),
    vitals,
  };
}

/** What a note can be begun from, the one of the visit's type first where the type has one. */
export function offered(
  templates: readonly Questionnaire[],
  encounter: Pick<Encounter, 'type' | 'serviceType'>,
  services: readonly HealthcareService[],
): Pick<VisitWorkspace, 'templates' | 'templateOfType'> {
  const kinds = kindsOf(encounter);
  const service = services.find((one) =>
    one.type?.some(({ coding = [] }) => coding.some(({ code }) => kinds.includes(code ?? ''))),
  );
  const url = service && noteTemplateOf(service);
  // A template that is called like the type is meant for it, until the clinic says otherwise.
  const own = url
    ? templates.find((one) => one.url === url)
    : templates.find(({ code = [] }) => code.some((one) => one.system === NOTE_TEMPLATE && kinds.includes(one.code ?? '')));
  return own
    ? { templates: [own, ...templates.filter((one) => one !== own)], templateOfType: true }
    : { templates, templateOfType: false };
}

/** The template of the visit's type stays first; after it the one that the person used last. */
export function usualNext(
  { templates, templateOfType }: Pick<VisitWorkspace, 'templates' | 'templateOfType'>,
  last: string | undefined,
): readonly Questionnaire[] {
  const fixed = templates.slice(0, templateOfType ? 1 : 0);
  const rest = templates.slice(fixed.length);
  return [...fixed, ...rest.filter(({ url }) => url === last), ...rest.filter(({ url }) => url !== last)];
}

/** What was added to a signed note, oldest first. */
export async function addendaTo(
  { records }: Pick<VisitsDeps, 'records'>,
  scope: Scope,
  patient: FhirId,
  signed: DocumentReference,
): Promise<Stored<DocumentReference>[]> {
  const { items } = await records.chart(scope, patient, {
    types: 'DocumentReference',
    count: LOOKED_THROUGH,
    order: 'oldest-first',
    ...(signed.date && { fromTime: signed.date.slice(0, 10) }),
  });
  return (items as readonly Stored[]).filter(
    (one): one is Stored<DocumentReference> =>
      one.resourceType === 'DocumentReference' &&
      one.relatesTo?.some(({ code, target }) => code === 'appends' && target.reference === `DocumentReference/${signed.id}`) ===
        true,
  );
}

/** Every version of every template of the clinic. */
export async function noteTemplates({ records }: Pick<VisitsDeps, 'records'>, scope: Scope): Promise<Stored<Questionnaire>[]> {
  const { items } = await records.ofType(scope, 'Questionnaire', { count: 500 });
  return (items as readonly Stored[]).filter(
    (one): one is Stored<Questionnaire> => one.resourceType === 'Questionnaire' && isNoteTemplate(one),
  );
}

function newestOfEach(templates: readonly Stored<Questionnaire>[]): Stored<Questionnaire>[] {
  const active = templates.filter(({ status }) => status === 'active').sort((a, b) => versionOf(b) - versionOf(a));
  return [...new Map(active.toReversed().map((one) => [one.url, one])).values()].sort((a, b) =>
    (a.title ?? '').localeCompare(b.title ?? ''),
  );
}
