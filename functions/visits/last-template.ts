import type { Encounter, QuestionnaireResponse, Reference, Task } from 'fhir/r4';
import type { Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { readRow } from '../../core/tasks/inbox-row.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { parseCanonical } from '../../schemas/note-template.ts';
import { isVisitNote } from '../../schemas/visit.ts';
import { kindsOf } from './reading.ts';

/** Rows of tasks that are looked through, and notes of those that are read: of the notes under way, and of the signed ones. */
const ROWS = 40;
const MOST_NOTES = 4;

const idIn = (reference: Reference | undefined, type: string): FhirId[] => {
  const [named, id] = reference?.reference?.split('/') ?? [];
  return named === type && id ? [id as FhirId] : [];
};

/**
 * The template (its url) of the person's newest note: of one of the same kind of visit, else of any. It is found by the tasks to sign,
 * which every note has one of and the index lists by whose they are, so nothing is kept for it. Undefined for who has written none.
 */
export async function lastTemplateOf(
  records: Pick<Records, 'indexRows' | 'readMany'>,
  scope: Scope,
  encounter: Pick<Encounter, 'type' | 'serviceType'>,
): Promise<string | undefined> {
  const who = scope.user.fhirUser;
  if (!who) return undefined;
  const newest = async (parameter: 'owner' | 'done') =>
    (await records.indexRows(scope, 'Task', parameter, { prefix: `${who} ` }, { count: ROWS, order: 'descending' })).items
      .filter(({ value }) => readRow(value).kind === 'sign-note')
      .slice(0, MOST_NOTES);
  const rows = (await Promise.all([newest('owner'), newest('done')])).flat();
  if (rows.length === 0) return undefined;
  const tasks = (await records.readMany(
    scope,
    rows.map(({ id }) => ({ type: 'Task', id })),
  )) as readonly Stored<Task>[];
  const found = await records.readMany(
    scope,
    tasks.flatMap(({ focus, encounter: visit }) => [
      ...idIn(focus, 'QuestionnaireResponse').map((id) => ({ type: 'QuestionnaireResponse', id })),
      ...idIn(visit, 'Encounter').map((id) => ({ type: 'Encounter', id })),
    ]),
  );
  const visits = new Map(found.flatMap((one) => (one.resourceType === 'Encounter' ? [[`Encounter/${one.id}`, one]] : [])));
  const notes = found
    .filter((one): one is Stored<QuestionnaireResponse> => one.resourceType === 'QuestionnaireResponse' && isVisitNote(one))
    .filter(({ author, status }) => author?.reference === who && status !== 'entered-in-error')
    .toSorted((one, other) => Date.parse(other.authored ?? '') - Date.parse(one.authored ?? ''));
  const kinds = kindsOf(encounter);
  const alike = notes.find(({ encounter: of }) => {
    const visit = visits.get(of?.reference ?? '');
    return visit !== undefined && kindsOf(visit).some((kind) => kinds.includes(kind));
  });
  return parseCanonical((alike ?? notes[0])?.questionnaire)?.url;
}
