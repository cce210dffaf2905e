import type { Encounter } from 'fhir/r4';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Records } from '../../core/store/types.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { isNurseVisit, noteOfVisit, refusesVisit } from './reading.ts';
import { writeNoteTask } from './write-note-task.ts';

/**
 * The day of a visit is over: where nobody has begun its note, whoever saw the patient is asked to write it. A note that is begun has a
 * task of its own. Asked again it finds that done.
 */
export async function lookForNote(
  records: Pick<Records, 'create' | 'read' | 'readMany' | 'transact' | 'update'>,
  scope: Scope,
  visit: FhirId,
  now: Date,
): Promise<'asked' | 'nothing-to-do'> {
  const encounter = await readIfThere<Encounter>(records, scope, 'Encounter', visit);
  if (!encounter || refusesVisit(encounter) || !encounter.subject) return 'nothing-to-do';
  if ((await noteOfVisit(records, scope, visit)).note) return 'nothing-to-do';
  const seenBy = encounter.participant?.find(({ individual }) => individual?.reference?.startsWith('Practitioner/'))?.individual;
  const reference = { reference: `Encounter/${visit}` };
  await openTask(
    records,
    scope,
    {
      ...writeNoteTask(visit),
      for: encounter.subject,
      focus: reference,
      encounter: reference,
      pool: isNurseVisit(encounter) ? 'nurse' : 'physician',
      ...(seenBy && { owner: seenBy }),
    },
    { now },
  );
  return 'asked';
}
