import type { Questionnaire } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored, Write } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { isNoteTemplate, type PublishTemplate, toQuestionnaireItem } from '../../schemas/note-template.ts';
import { NOTE_TEMPLATE } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { templateId } from './templates.ts';

/**
 * Publishes a note template, or its next version. What was published before stays as it is, for notes answer it; a new note gets the new
 * one. Of two who publish at once one is told that somebody was quicker: the next version's id follows from its number.
 * @throws Problem not-found, conflict
 */
export async function publishTemplate(
  { records, now }: Pick<VisitsDeps, 'records' | 'now'>,
  scope: Scope,
  { of, title, items }: PublishTemplate,
  newUuid: () => string,
): Promise<Stored<Questionnaire>> {
  const url = of?.url ?? `urn:uuid:${newUuid()}`;
  const version = (of?.version ?? 0) + 1;
  const id = templateId(scope.tenant, url, version);
  const before = of && (await records.read<Questionnaire>(scope, 'Questionnaire', templateId(scope.tenant, url, of.version)));
  if (before && !isNoteTemplate(before)) throw new Problem('not-found', said('no-such-record'));
  if (before && (await readIfThere(records, scope, 'Questionnaire', id)))
    throw new Problem('conflict', said('template-changed', { version }));
  const next: Questionnaire & { id: FhirId } = {
    ...(before?.language && { language: before.language }),
    resourceType: 'Questionnaire',
    id,
    url,
    version: String(version),
    title,
    status: 'active',
    date: now().toISOString(),
    subjectType: ['Patient'],
    code: before?.code ?? [{ system: NOTE_TEMPLATE, code: 'own' }],
    item: items.map(toQuestionnaireItem),
  };
  const writes: Write[] = [
    { kind: 'create', id, resource: next },
    ...(before && before.status !== 'retired'
      ? [{ kind: 'update', resource: { ...before, status: 'retired' }, ifMatch: versionIdOf(before) } as const]
      : []),
  ];
  try {
    const [result] = await records.transact(scope, writes, { via: 'rest' });
    return result?.resource as Stored<Questionnaire>;
  } catch (error) {
    if (!(error instanceof Problem) || (error.kind !== 'conflict' && error.kind !== 'stale-version')) throw error;
    throw new Problem('conflict', said('template-changed', { version }), { cause: error });
  }
}
const versionIdOf = ({ meta }: Stored): number => Number(meta.versionId);
