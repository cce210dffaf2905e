import { createHash } from 'node:crypto';
import { isResourceType } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { SourceEntry } from './source-file.ts';
import { isObject } from './source-file.ts';

/** What the source calls an entry, and what it may be called here. */
export interface SourceName {
  readonly type: string;
  /** What its `meta.source` says, or will say: with its id, how a record is known again. */
  readonly source: string;
  /** The id is a UUID that the source itself uses as one: the same record, whichever file brings it. */
  readonly universal: boolean;
  /** The source's own id, where FHIR allows it. */
  readonly wanted: FhirId | undefined;
  /** The same in every run of the same file: taken when `wanted` is absent or belongs to another record here. */
  readonly derived: FhirId;
  /** How other entries of the file refer to it. */
  readonly aliases: readonly string[];
}

/** Undefined when the entry holds no resource. Invariant: a type is one of R4's, for it becomes a part of keys. */
export function nameOf(entry: SourceEntry, importSource: string): SourceName | undefined {
  const { resource, fullUrl } = entry;
  const type = typeOf(resource);
  if (!isObject(resource) || type === undefined) return undefined;
  const id = FhirId.safeParse(resource.id);
  const own = id.success ? `${type}/${id.data}` : undefined;
  const universal = id.success && fullUrl === `urn:uuid:${id.data}`;
  const source = isObject(resource.meta) && typeof resource.meta.source === 'string' ? resource.meta.source : importSource;
  return {
    type,
    source,
    universal,
    wanted: id.success ? id.data : undefined,
    derived: FhirId.parse(`i${hash([type, source, fullUrl ?? own ?? JSON.stringify(resource)].join(' ')).slice(0, 30)}`),
    aliases: [fullUrl, own].filter((alias) => alias !== undefined),
  };
}

/** The R4 type that something says it is of. */
export const typeOf = (resource: unknown): string | undefined =>
  isObject(resource) && typeof resource.resourceType === 'string' && isResourceType(resource.resourceType)
    ? resource.resourceType
    : undefined;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
