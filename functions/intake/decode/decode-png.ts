import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { type Gray, grayOf } from '../image/gray.ts';
import { damaged, refuseTooLarge } from './limits.ts';

/** @throws Problem too-large, rule-broken */
export function decodePng(bytes: Uint8Array): Gray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 33) throw damaged();
  const [wide, high] = [file.readUInt32BE(16), file.readUInt32BE(20)]; // IHDR stands first
  refuseTooLarge(wide, high);
  try {
    if (file[INTERLACED] !== 0) refuseBomb(file, wide * high);
    const { width, height, data } = PNG.sync.read(file);
    return grayOf(width, height, data);
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Where IHDR says that the picture is interlaced. */
const INTERLACED = 28;
/** Bytes of the dearest pixel: four samples of 16 bits. Every row of each of the seven passes has a byte more. */
const MOST_BYTES = 8;

/** The decoder limits what it unpacks of a plain picture, and not of an interlaced one. @throws RangeError */
function refuseBomb(file: Buffer, pixels: number): void {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  inflateSync(Buffer.concat(parts), { maxOutputLength: (MOST_BYTES + 7) * pixels + 1_024 });
}
