import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalCredentials, Principal } from '../aws/credentials.ts';
import { isAllowed } from '../aws/policy.ts';
import type { Bucket } from '../template/buckets.ts';
import type { Role } from '../template/roles.ts';
import type { ObjectStore } from './object-store.ts';
import { S3Error } from './s3-error.ts';

export interface S3Options {
  readonly buckets: readonly Bucket[];
  readonly roles: readonly Role[];
  readonly store: ObjectStore;
  readonly credentials: LocalCredentials;
  /** Told of every new object, once it is on disk. */
  readonly created?: (object: { bucket: string; key: string; etag: string; bytes: number }) => void;
}

/** One request, its signature verified. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: Bucket;
  /** Decoded; empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Lower-case names; x-amz-… may also come in a link's query. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly principal: Principal;
  readonly payloadSha256: string | undefined;
}

/** @throws S3Error AccessDenied when the caller's role in the template does not allow it. The runtime itself may do everything. */
export function permit({ principal, bucket, query }: Call, roles: readonly Role[], action: string, key: string): void {
  if (principal.role === 'root') return;
  const rights = roles.find(({ arn }) => arn === principal.role)?.rights ?? [];
  const resource = key === '' ? bucket.arn : `${bucket.arn}/${key}`;
  const context: Record<string, string[]> = key === '' ? { 's3:prefix': [query.get('prefix') ?? ''] } : {};
  if (!isAllowed(rights, principal, { action, resource, context })) throw new S3Error('AccessDenied');
}

/** Who may not list is not told that an object is missing. */
export function mayList(call: Call, roles: readonly Role[]): boolean {
  if (call.principal.role === 'root') return true;
  const rights = roles.find(({ arn }) => arn === call.principal.role)?.rights ?? [];
  return isAllowed(rights, call.principal, {
    action: 's3:ListBucket',
    resource: call.bucket.arn,
    context: { 's3:prefix': [call.key] },
  });
}

/** The same for an upload by a form, whose policy says who signed it. */
export function permitWrite(principal: Principal, bucket: Bucket, roles: readonly Role[], key: string): void {
  if (principal.role === 'root') return;
  const rights = roles.find(({ arn }) => arn === principal.role)?.rights ?? [];
  if (!isAllowed(rights, principal, { action: 's3:PutObject', resource: `${bucket.arn}/${key}`, context: {} }))
    throw new S3Error('AccessDenied');
}
