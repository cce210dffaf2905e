import { S3Error } from './s3-error.ts';

/**
 * Takes the framing of `content-encoding: aws-chunked` off a body: chunks as `<hex size>[;extensions]\r\n<bytes>\r\n`, a last one of
 * size 0, then trailers such as `x-amz-checksum-crc32: …`, which are put into `trailers`.
 */
export async function* unchunk(body: AsyncIterable<Buffer>, trailers: Record<string, string>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let left = 0; // bytes of the current chunk that are still to come
  let ended = false;
  for await (const part of body) {
    held = held.length === 0 ? part : Buffer.concat([held, part]);
    while (!ended && held.length > 0) {
      if (left > 0) {
        const bytes = held.subarray(0, left);
        held = held.subarray(bytes.length);
        left -= bytes.length;
        yield bytes;
        continue;
      }
      const start = held[0] === 0x0d ? 2 : 0; // the line end behind the chunk before
      const end = held.indexOf('\r\n', start);
      if (end < 0) break;
      left = Number.parseInt(held.subarray(start, end).toString('latin1'), 16);
      if (!Number.isInteger(left)) throw new S3Error('InvalidArgument', 'The chunked body cannot be read.');
      held = held.subarray(end + 2);
      ended = left === 0;
    }
  }
  if (!ended) throw new S3Error('InvalidArgument', 'The chunked body ended too early.');
  for (const line of held.toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}
