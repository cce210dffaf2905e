import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { element, escapeXml } from './xml.ts';

const MOST_KEYS = 1_000;

/** ListObjectsV2 as XML: prefix, delimiter, pages by continuation token. */
export function listObjects(store: ObjectStore, bucket: string, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? MOST_KEYS), MOST_KEYS);
  const token = query.get('continuation-token');
  const after = token ? Buffer.from(token, 'base64url').toString() : (query.get('start-after') ?? '');
  const contents: ObjectInfo[] = [];
  const commonPrefixes = new Set<string>();
  let last = '';
  let truncated = false;
  for (const info of store.list(bucket, prefix, after)) {
    const group = groupOf(info.key, prefix, delimiter);
    if (group !== undefined && (commonPrefixes.has(group) || after.startsWith(group))) {
      last = info.key;
      continue;
    }
    if (contents.length + commonPrefixes.size >= most) {
      truncated = true;
      break;
    }
    if (group === undefined) contents.push(info);
    else commonPrefixes.add(group);
    last = info.key;
  }
  return element('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', prefix),
    element('KeyCount', String(contents.length + commonPrefixes.size)),
    element('MaxKeys', String(most)),
    element('IsTruncated', String(truncated)),
    ...(truncated ? [element('NextContinuationToken', Buffer.from(last).toString('base64url'))] : []),
    ...contents.map(({ key, bytes, etag, modifiedMs }) =>
      element('Contents', [
        element('Key', key),
        element('LastModified', new Date(modifiedMs).toISOString()),
        element('ETag', etag),
        element('Size', String(bytes)),
        element('StorageClass', 'STANDARD'),
      ]),
    ),
    ...[...commonPrefixes].map((group) => `<CommonPrefixes><Prefix>${escapeXml(group)}</Prefix></CommonPrefixes>`),
  ]);
}

/** The part of the key up to the first delimiter behind the prefix. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
