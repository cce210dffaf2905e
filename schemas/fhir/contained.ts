/** What R4 asks of contained resources (invariants dom-2 to dom-5; FHIR R4, "References", 2.3.0.3). */
import type { Invariant } from './invariants.ts';
import { isObject, type Walk } from './walk.ts';

/** Adds every text that begins with # to `found`: references, canonicals and addresses to contained resources. */
function collectLocalReferences(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collectLocalReferences(part, found);
  }
}
const localReferences = (value: unknown): Set<string> => {
  const found = new Set<string>();
  collectLocalReferences(value, found);
  return found;
};

/** Of a resource that contains others: each is used, holds no others, and has no version or security label of its own. */
export const containedIsInOrder: Invariant = (resource, walk) => {
  if (!Array.isArray(resource.contained)) return;
  const used = localReferences(resource);
  resource.contained.forEach((contained: unknown, index) => {
    if (!isObject(contained)) return;
    walk.enter({ key: 'contained', expression: 'contained' });
    walk.enter(index);
    reportFaults(contained, used, walk);
    walk.leave();
    walk.leave();
  });
};

function reportFaults(contained: Readonly<Record<string, unknown>>, used: ReadonlySet<string>, walk: Walk): void {
  const isUsed = (typeof contained.id === 'string' && used.has(`#${contained.id}`)) || localReferences(contained).has('#');
  if (!isUsed)
    walk.add('invariant', 'Refer to the contained resource by #id, or let it refer to its container by #, or remove it (dom-3).');
  if (contained.contained !== undefined)
    walk.add('invariant', 'Contain this resource in the outermost one: contained resources do not nest (dom-2).', 'contained');
  const meta = isObject(contained.meta) ? contained.meta : {};
  for (const name of ['versionId', 'lastUpdated']) {
    if (meta[name] !== undefined)
      walk.add('invariant', 'Remove this: a contained resource has no version of its own (dom-4).', 'meta');
  }
  if (meta.security !== undefined)
    walk.add('invariant', 'Remove this: a contained resource has no security label of its own (dom-5).', 'meta');
}
