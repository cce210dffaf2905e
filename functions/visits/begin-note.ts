import type { Encounter, Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored, Write } from '../../core/store/types.ts';
import { completionsOf, openingWrites } from '../../core/tasks/open-task.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { canonicalOf, isNoteTemplate } from '../../schemas/note-template.ts';
import { VISIT_NOTE } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { signerReference } from './note-document.ts';
import { noteOfVisit, patientIdOf, readSelf, refuseVisitThatIsNone } from './reading.ts';
import { writeNoteTask } from './write-note-task.ts';

export interface Begun {
  readonly kind: 'created' | 'present';
  readonly note: Stored<QuestionnaireResponse>;
  readonly encounter: Stored<Encounter>;
}

/**
 * Begins a visit's note, or finds the one that somebody has begun: a visit has one, and its id follows from the visit. From then on the
 * visit is under way and there is a task to sign it. All in one transaction: no draft without a task.
 * @throws Problem not-found, rule-broken
 */
export async function beginNote(deps: VisitsDeps, scope: Scope, visit: FhirId, templateId: FhirId): Promise<Begun> {
  const { records, now } = deps;
  const encounter = await records.read<Encounter>(scope, 'Encounter', visit);
  const { id, note: present } = await noteOfVisit(records, scope, encounter.id);
  if (present) return { kind: 'present', note: present, encounter };
  refuseVisitThatIsNone(encounter);
  const [template, self] = await Promise.all([
    records.read<Questionnaire>(scope, 'Questionnaire', templateId),
    readSelf(records, scope),
  ]);
  if (!isNoteTemplate(template) || template.status !== 'active' || !template.url)
    throw new Problem('rule-broken', said('note-no-template'));
  const patient = { reference: `Patient/${patientIdOf(encounter)}` };
  const author = signerReference(self);
  const at = now();
  const draft: QuestionnaireResponse & { id: FhirId } = {
    resourceType: 'QuestionnaireResponse',
    id,
    identifier: { system: VISIT_NOTE, value: encounter.id },
    questionnaire: canonicalOf(template),
    status: 'in-progress',
    subject: patient,
    encounter: { reference: `Encounter/${encounter.id}` },
    authored: at.toISOString(),
    author,
  };
  const writes: Write[] = [
    { kind: 'create', id, resource: draft },
    ...underWay(encounter),
    // Who was asked to write it has begun: the task to sign takes its place.
    ...(await completionsOf(records, scope, [writeNoteTask(encounter.id)], author, at)),
    ...(await openingWrites(
      records,
      scope,
      {
        kind: 'sign-note',
        key: `QuestionnaireResponse/${id}`,
        for: patient,
        focus: { reference: `QuestionnaireResponse/${id}` },
        encounter: { reference: `Encounter/${encounter.id}` },
        requester: author,
        ...(scope.roles.includes('physician') && { owner: author }),
      },
      { now: at },
    )),
  ];
  try {
    const results = await records.transact(scope, writes, { via: 'rest' });
    return { kind: 'created', note: results[0]?.resource as Stored<QuestionnaireResponse>, encounter };
  } catch (error) {
    const rivals = error instanceof Problem && (error.kind === 'conflict' || error.kind === 'stale-version');
    const theirs = rivals ? await readIfThere<QuestionnaireResponse>(records, scope, 'QuestionnaireResponse', id) : undefined;
    if (!theirs) throw error;
    return { kind: 'present', note: theirs, encounter };
  }
}

const BEFORE = new Set<Encounter['status']>(['planned', 'arrived', 'triaged']);
function underWay(encounter: Stored<Encounter>): Write[] {
  if (!BEFORE.has(encounter.status)) return [];
  return [{ kind: 'update', resource: { ...encounter, status: 'in-progress' } }];
}
