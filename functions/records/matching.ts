import type { Resource } from 'fhir/r4';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Stored } from '../../core/store/types.ts';
import type { Searching } from './deps.ts';

/**
 * The one record that criteria such as `identifier=system|value` name, as conditional interactions ask for it
 * (FHIR R4, RESTful API 3.1.0.8.1). Undefined when there is none. A parameter that nobody knows is refused, for ignoring it would match too much.
 * @throws Problem invalid, ambiguous-match
 */
export async function findMatch(search: Searching, scope: Scope, type: string, criteria: string): Promise<Stored | undefined> {
  const query = new URLSearchParams(criteria.replace(/^\?/, ''));
  for (const control of ['_count', '_sort', '_include', '_revinclude', '_summary', '_elements', '_cursor']) query.delete(control);
  if (query.size === 0) throw new Problem('invalid', 'Name at least one search parameter.');
  query.set('_count', '2');
  const bundle = await search.search(scope, type, query, { strict: true });
  const matches = (bundle.entry ?? []).filter((entry) => entry.search?.mode === 'match').map(({ resource }) => resource);
  if (matches.length > 1) throw new Problem('ambiguous-match', 'More than one record matches these criteria. Narrow them.');
  return matches.find(isStored);
}

const isStored = (resource: Resource | undefined): resource is Stored =>
  resource?.id !== undefined && resource.meta?.versionId !== undefined && resource.meta.lastUpdated !== undefined;
