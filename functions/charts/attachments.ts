/** Characters of base64 that a first screen may carry for one attachment; whoever opens the record reads it whole. */
const MAX_DATA = 8_000;

/** The types whose attachments hold scans, reports and photographs. */
const HOLDERS: ReadonlySet<string> = new Set(['Consent', 'DiagnosticReport', 'DocumentReference', 'Media', 'Patient']);

/** A resource without the long `data` of its attachments; the same object when it has none. */
export function withoutLongAttachments<R extends { resourceType: string }>(resource: R): R {
  return HOLDERS.has(resource.resourceType) ? (shortened(resource) as R) : resource;
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(shortened);
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const kept = entries.flatMap(([name, child]) => (isLongData(name, child) ? [] : [[name, shortened(child)] as const]));
  const same = kept.length === entries.length && kept.every(([, child], at) => child === entries[at]?.[1]);
  return same ? value : Object.fromEntries(kept);
}

const isLongData = (name: string, child: unknown): boolean =>
  name === 'data' && typeof child === 'string' && child.length > MAX_DATA;
