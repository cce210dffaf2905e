import type { Extension, FhirResource, Questionnaire } from 'fhir/r4';
import { isNoteTemplate } from '../../schemas/note-template.ts';
import { PORTAL_TAG, WITHHELD_REASON_TAG } from '../../schemas/portal-records.ts';
import { isSigned, isVisitNote, STRUCK } from '../../schemas/visit.ts';
import { type ProblemIssue, said } from '../outcome.ts';
import { isSameJson } from './canonical.ts';

/**
 * What a signature has closed. Pure, and asked by the store about the very version that a write replaces, so that no way in (REST, Bundle,
 * import, a client of ten years ago) and no race gets past it.
 *
 * - A signed record stays as it is. Two things may be added: that it is struck, with a reason, and whether the patient may see it.
 * - A published note template stays as it is, for notes answer it; it may be retired, and be taken up again.
 * - A visit's note that is still written belongs to its visit and patient for good, and only signing completes it.
 */
export function refusedByLock(previous: FhirResource, next: FhirResource | undefined): readonly ProblemIssue[] {
  if (isSigned(previous)) return next && keepsWhatIsSigned(previous, next) ? [] : [said('note-signed')];
  if (previous.resourceType === 'Questionnaire' && isNoteTemplate(previous))
    return keepsTemplate(previous, next) ? [] : [said('template-published')];
  if (!isVisitNote(previous) || previous.resourceType !== 'QuestionnaireResponse') return [];
  if (next?.resourceType !== 'QuestionnaireResponse') return [said('note-draft-kept')];
  if (previous.status !== 'in-progress') return [];
  const same = (['identifier', 'subject', 'encounter', 'questionnaire'] as const).every((name) =>
    isSameJson(previous[name] ?? null, next[name] ?? null),
  );
  const completes = next.status !== 'in-progress' && next.status !== 'entered-in-error' && !isSigned(next);
  return same && !completes ? [] : [said('note-draft-kept')];
}

function keepsWhatIsSigned(previous: FhirResource, next: FhirResource): boolean {
  if (isSameJson(essence(previous), essence(next))) return true;
  const reason = extensionsOf(next).some(({ url, valueString }) => url === STRUCK && valueString?.trim());
  return (
    Boolean(reason) &&
    'status' in next &&
    next.status === 'entered-in-error' &&
    isSameJson(essence(previous), essence({ ...next, status: (previous as { status?: unknown }).status } as FhirResource))
  );
}

const keepsTemplate = (previous: Questionnaire, next: FhirResource | undefined): boolean =>
  previous.status === 'draft' ||
  (next?.resourceType === 'Questionnaire' &&
    (next.status === 'active' || next.status === 'retired') &&
    isSameJson(essence(previous), essence({ ...next, status: previous.status })));

const extensionsOf = (resource: FhirResource): readonly Extension[] =>
  (resource as { extension?: readonly Extension[] }).extension ?? [];

/** All of it but the version, the portal's tags and the reason of striking. */
function essence(resource: FhirResource): unknown {
  const { meta, ...rest } = resource;
  const { versionId: _version, lastUpdated: _at, tag = [], ...others } = meta ?? {};
  const extension = extensionsOf(resource).filter(({ url }) => url !== STRUCK);
  return {
    ...rest,
    extension,
    meta: { ...others, tag: tag.filter(({ system }) => system !== PORTAL_TAG && system !== WITHHELD_REASON_TAG) },
  };
}
