import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Scope } from '../../core/scope.ts';
import type { RefusedEntry } from '../../schemas/imports.ts';
import type { ImportFiles } from './endpoints.ts';

/** No longer than the tenant's credentials are sure to last. */
const UPLOAD_S = 900;
const keyOf = (scope: Scope, id: string, file: number): string => `t/${scope.tenant}/imports/${id}/${file}`;

/** What an import leaves behind beside its uploads: a chunk's refused entries whole, and the names of what it created. */
export interface ImportTrail {
  keepRefused(scope: Scope, id: string, file: number, first: number, entries: readonly RefusedEntry[]): Promise<void>;
  readRefused(scope: Scope, id: string, file: number, first: number): Promise<readonly RefusedEntry[]>;
  /** "Type/id" each. */
  keepCreated(scope: Scope, id: string, file: number, first: number, names: readonly string[]): Promise<void>;
  /** Empty when nothing was kept of the chunk. */
  readCreated(scope: Scope, id: string, file: number, first: number): Promise<readonly string[]>;
}

/** Without the right to list, S3 answers 403 for an object that is not there. */
function isAbsent(error: unknown): boolean {
  const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode === 404 || httpStatusCode === 403;
}

/** The trail in the document bucket, under the tenant's prefix and with the tenant's credentials. It is kept as long as the bucket's rules keep it. */
export const s3ImportTrail = (bucket: string, clientOf: (scope: Scope) => S3Client): ImportTrail => {
  const trailKey = (scope: Scope, id: string, file: number, what: string, first: number): string =>
    `${keyOf(scope, id, file)}-${what}-${first}.json.gz`;
  const put = async (scope: Scope, key: string, value: unknown): Promise<void> => {
    const Body = gzipSync(JSON.stringify(value));
    await clientOf(scope).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/gzip' }));
  };
  const get = async <T>(scope: Scope, key: string): Promise<readonly T[]> => {
    try {
      const { Body } = await clientOf(scope).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return JSON.parse(gunzipSync(await (Body?.transformToByteArray() ?? gzipSync('[]'))).toString()) as T[];
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  };
  return {
    keepRefused: (scope, id, file, first, entries) => put(scope, trailKey(scope, id, file, 'refused', first), entries),
    readRefused: (scope, id, file, first) => get(scope, trailKey(scope, id, file, 'refused', first)),
    keepCreated: (scope, id, file, first, names) => put(scope, trailKey(scope, id, file, 'created', first), names),
    readCreated: (scope, id, file, first) => get(scope, trailKey(scope, id, file, 'created', first)),
  };
};

export interface Uploads {
  read(scope: Scope, id: string, file: number): Promise<Buffer>;
  /** What has been imported is in the records: the file itself is not kept. */
  remove(scope: Scope, id: string, file: number): Promise<void>;
}

/** Uploads in the document bucket, under the tenant's prefix and with the tenant's credentials. */
export const s3ImportFiles = (bucket: string, clientOf: (scope: Scope) => S3Client): ImportFiles & Uploads => ({
  async uploadAddress(scope, id, file, expected) {
    const headers = {
      'content-type': 'application/octet-stream',
      'x-amz-checksum-sha256': Buffer.from(expected.sha256, 'hex').toString('base64'),
    };
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: keyOf(scope, id, file),
      ContentType: headers['content-type'],
      ContentLength: expected.bytes,
      ChecksumSHA256: headers['x-amz-checksum-sha256'],
    });
    const url = await getSignedUrl(clientOf(scope), command, {
      expiresIn: UPLOAD_S,
      // Signed as headers: S3 then refuses an upload of another type, length or content.
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      signableHeaders: new Set(['host', 'content-type', 'content-length', 'x-amz-checksum-sha256']),
    });
    return { url, headers };
  },
  async isThere(scope, id, file, expected) {
    try {
      const { ContentLength } = await clientOf(scope).send(
        new HeadObjectCommand({ Bucket: bucket, Key: keyOf(scope, id, file) }),
      );
      return ContentLength === expected.bytes;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  },
  async read(scope, id, file) {
    const { Body } = await clientOf(scope).send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(scope, id, file) }));
    if (!Body) throw new Error('The bucket answered without a body.');
    return Buffer.from(await Body.transformToByteArray());
  },
  async remove(scope, id, file) {
    await clientOf(scope).send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(scope, id, file) }));
  },
});
