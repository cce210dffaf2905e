import type { Questionnaire } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { stableId } from '../../core/stable-id.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { isNoteTemplate, parseCanonical } from '../../schemas/note-template.ts';

type Reading = Pick<Records, 'readMany'>;

/** Where a version of a template stands: its first under the id in its url, later ones under ids that follow from url and number. */
export const templateId = (tenant: TenantId, url: string, version: number): FhirId =>
  version === 1 ? (url.slice('urn:uuid:'.length) as FhirId) : stableId(tenant, `note-template/${url}|${version}`);

/** The very version that a note was begun with. Undefined when the canonical is none of our templates'. */
export async function templateOf(
  records: Reading,
  scope: Scope,
  canonical: string | undefined,
): Promise<Questionnaire | undefined> {
  const named = parseCanonical(canonical);
  if (!named) return undefined;
  const [found] = (await records.readMany(scope, [
    { type: 'Questionnaire', id: templateId(scope.tenant, named.url, named.version) },
  ])) as readonly Stored<Questionnaire>[];
  return found && isNoteTemplate(found) && found.url === named.url ? found : undefined;
}

/** @throws Problem rule-broken when the template is gone */
export async function mustTemplateOf(records: Reading, scope: Scope, canonical: string | undefined): Promise<Questionnaire> {
  const template = await templateOf(records, scope, canonical);
  if (!template) throw new Problem('rule-broken', said('note-no-template'));
  return template;
}
