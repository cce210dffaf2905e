import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { unchunk } from './aws-chunked.ts';
import type { Draft } from './object-store.ts';
import { S3Error } from './s3-error.ts';

export interface Received {
  readonly bytes: number;
  readonly etag: string;
  /** The checksum headers that were given, and hold. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** One PUT carries at most 5 GB (S3 limits). */
const MOST_BYTES = 5 * 1024 ** 3;

/** Writes a body into the draft and proves every checksum that came with it, in a header, a trailer or the query. @throws S3Error */
export async function receiveBody(
  request: IncomingMessage,
  draft: Draft,
  given: Readonly<Record<string, string | undefined>>,
  payloadSha256: string | undefined,
): Promise<Received> {
  const trailers: Record<string, string> = {};
  const chunked = given['content-encoding']?.includes('aws-chunked') || given['x-amz-content-sha256']?.startsWith('STREAMING-');
  const source = chunked ? Readable.from(unchunk(request, trailers)) : request;
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1');
  let crc = 0;
  let bytes = 0;
  await pipeline(
    source,
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        bytes += part.length;
        if (bytes > MOST_BYTES) throw new S3Error('EntityTooLarge');
        for (const hash of [md5, sha256, sha1]) hash.update(part);
        crc = crc32(part, crc);
        yield part;
      }
    },
    createWriteStream(draft.file, { flush: true }),
  );
  const crcBytes = Buffer.alloc(4);
  crcBytes.writeUInt32BE(crc >>> 0);
  const digests = { md5: md5.digest(), sha256: sha256.digest(), sha1: sha1.digest(), crc32: crcBytes };
  if (payloadSha256 && digests.sha256.toString('hex') !== payloadSha256) throw new S3Error('XAmzContentSHA256Mismatch');
  return { bytes, etag: `"${digests.md5.toString('hex')}"`, checksums: provenChecksums({ ...given, ...trailers }, digests) };
}

function provenChecksums(
  given: Readonly<Record<string, string | undefined>>,
  digests: Readonly<Record<string, Buffer>>,
): Record<string, string> {
  if (given['content-md5'] && given['content-md5'] !== digests.md5?.toString('base64')) throw new S3Error('BadDigest');
  const proven: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const [, algorithm] = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/.exec(name) ?? [];
    if (!algorithm || value === undefined) continue;
    const digest = digests[algorithm];
    if (!digest) throw new S3Error('NotImplemented', `The local S3 does not compute ${algorithm} checksums.`);
    if (digest.toString('base64') !== value) throw new S3Error('BadDigest');
    proven[name] = value;
  }
  return proven;
}
