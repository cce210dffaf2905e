import type { IncomingMessage } from 'node:http';
import type { LocalCredentials, Principal } from './credentials.ts';

/**
 * Who calls, by the access key and session token of a signed request. The signature itself is verified by S3 alone: the other
 * services listen on the loopback address for our own functions.
 */
export function callerOf(request: IncomingMessage, credentials: LocalCredentials): Principal | undefined {
  const [, accessKeyId] = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '') ?? [];
  const token = request.headers['x-amz-security-token'];
  return accessKeyId ? credentials.holderOf(accessKeyId, typeof token === 'string' ? token : undefined) : undefined;
}
