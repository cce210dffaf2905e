import { createHash } from 'node:crypto';
import { FhirId } from '../../schemas/ids.ts';
import type { SourceEntry } from './source-file.ts';
import { isObject } from './source-file.ts';

/** What the source calls an entry, and what it may be called here. */
export interface SourceName {
  readonly type: string;
  /** The same in every run of the same file: how a record is known again. */
  readonly key: string;
  /** The source's own id, where FHIR allows it. */
  readonly wanted: FhirId | undefined;
  /** Made from `key`: taken when `wanted` is absent or belongs to another record here. */
  readonly derived: FhirId;
  /** How other entries of the file refer to it. */
  readonly aliases: readonly string[];
}

/** Undefined when the entry holds no resource. A urn:uuid is the same record whichever file it comes in; other names count within their source. */
export function nameOf(entry: SourceEntry, source: string): SourceName | undefined {
  const { resource, fullUrl } = entry;
  if (!isObject(resource) || typeof resource.resourceType !== 'string') return undefined;
  const type = resource.resourceType;
  const id = FhirId.safeParse(resource.id);
  const own = id.success ? `${type}/${id.data}` : undefined;
  const key = fullUrl?.startsWith('urn:uuid:') ? fullUrl : `${source}#${own ?? fullUrl ?? hash(JSON.stringify(resource))}`;
  return {
    type,
    key,
    wanted: id.success ? id.data : undefined,
    derived: FhirId.parse(`i${hash(`${type} ${key}`).slice(0, 30)}`),
    aliases: [fullUrl, own].filter((alias) => alias !== undefined),
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
