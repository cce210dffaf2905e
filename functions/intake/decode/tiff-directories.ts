import { inflateRawSync } from 'node:zlib';
import { Problem, said } from '../../../core/outcome.ts';
import { MAX_PAGES } from '../../../schemas/uploads.ts';
import { sizeOfJpeg } from './decode-jpeg.ts';
import { damaged, refuseTooLarge } from './limits.ts';
import { lzwSize, unpackBitsSize } from './packed-size.ts';

/*
 * A TIFF names places, counts and sizes, and its decoder believes them all. So they are checked here first (TIFF 6.0, section 2): no directory
 * is its own successor, what is listed lies in the file, and what is packed becomes no larger than its picture.
 */

/** Tags of TIFF 6.0. */
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
} as const;
/** The tags that a picture of paper needs, with the resolutions: all others are made unknown, Exif, makers' notes and raw formats of cameras too. */
const READ = new Set<number>([...Object.values(TAG), 266, 282, 283, 284, 292, 296, 317, 320, 338, 347]);
/** A private tag that no decoder knows. */
const UNKNOWN = 65_000;
/** Bytes of one value, by type; 0: there is no such type. */
const BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** None, fax (Huffman, G3, G4), LZW, JPEG, deflate (two numbers), PackBits. */
const COMPRESSIONS = new Set([1, 2, 3, 4, 5, 7, 8, 32_946, 32_773]);
const DEFLATED = new Set([8, 32_946]);
const [LZW, JPEG, PACK_BITS] = [5, 7, 32_773];
/** Bytes that an honest packer may leave behind the last row. */
const SLACK = 1_024;
/** Bilevel to L*a*b*; numbers above are raw pictures of cameras. */
const MOST_PHOTOMETRIC = 8;
/** Sides of a tile are multiples of this, so that their number has an end. */
const TILE_GRAIN = 16;

type Values = (tag: number) => readonly number[];

/** Checks every directory of the file, and makes unknown what nobody reads: `file` is changed. @throws Problem too-large, rule-broken */
export function checkDirectories(file: Buffer): void {
  walk(file, 'forget');
  // Directories may lie in each other's: what is checked is what the decoder will read, and nothing is changed any more.
  walk(file, 'check');
}

function walk(file: Buffer, to: 'forget' | 'check'): void {
  const little = file.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const long = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const seen = new Set<number>();
  try {
    for (let at = long(4); at !== 0; at = long(at + 2 + short(at) * 12)) {
      if (seen.has(at)) throw damaged();
      seen.add(at);
      if (seen.size > MAX_PAGES) throw new Problem('too-large', said('scan-too-many-pages', { pages: MAX_PAGES }));
      const values = new Map<number, readonly number[]>();
      for (let entry = 0; entry < short(at); entry++) {
        const place = at + 2 + entry * 12;
        const [tag, type, count] = [short(place), short(place + 2), long(place + 4)];
        const bytes = (BYTES[type] ?? 0) * count;
        const where = bytes <= 4 ? place + 8 : long(place + 8);
        const isRead = READ.has(tag) && bytes > 0;
        if (isRead && where + bytes > file.length) throw damaged();
        if (!isRead && to === 'forget') forget(file, place, little);
        else if (!isRead && (tag !== UNKNOWN || type !== 1 || count !== 1)) throw damaged();
        else if (isRead && to === 'check' && (type === 3 || type === 4))
          values.set(
            tag,
            Array.from({ length: count }, (_, index) => (type === 3 ? short(where + 2 * index) : long(where + 4 * index))),
          );
      }
      if (to === 'check') checkPicture(file, (tag) => values.get(tag) ?? []);
    }
  } catch (cause) {
    throw cause instanceof Problem ? cause : damaged(cause); // read beyond the end
  }
}

/** The entry as one byte of a tag that nobody knows. */
function forget(file: Buffer, place: number, little: boolean): void {
  const [short, long] = little ? (['writeUInt16LE', 'writeUInt32LE'] as const) : (['writeUInt16BE', 'writeUInt32BE'] as const);
  file[short](UNKNOWN, place);
  file[short](1, place + 2);
  file[long](1, place + 4);
}

function checkPicture(file: Buffer, values: Values): void {
  const first = (tag: number, otherwise: number): number => values(tag)[0] ?? otherwise;
  const [width, height] = [first(TAG.width, 0), first(TAG.height, 0)];
  if (width === 0 && height === 0) return; // a directory without a picture
  if (!width || !height) throw damaged();
  refuseTooLarge(width, height);
  const [bits, samples, compression] = [first(TAG.bits, 1), first(TAG.samples, 1), first(TAG.compression, 1)];
  if (bits > 16 || samples > 5 || !COMPRESSIONS.has(compression) || first(TAG.photometric, 0) > MOST_PHOTOMETRIC) throw damaged();
  const tiled = values(TAG.tileWidth).length > 0;
  const [across, down] = tiled
    ? [first(TAG.tileWidth, 0), first(TAG.tileHeight, 0)]
    : [width, Math.min(height, first(TAG.rowsPerStrip, height))];
  if (tiled && (across % TILE_GRAIN || down % TILE_GRAIN)) throw damaged();
  if (!across || !down) throw damaged();
  // With what the last ones hold beyond the picture: narrow tiles of any height would be unpacked a thousand times over.
  refuseTooLarge(Math.ceil(width / across) * across, Math.ceil(height / down) * down);
  const offsets = values(tiled || !values(TAG.stripOffsets).length ? TAG.tileOffsets : TAG.stripOffsets);
  const sizes = values(tiled || !values(TAG.stripBytes).length ? TAG.tileBytes : TAG.stripBytes);
  const parts = Math.ceil(height / down) * (tiled ? Math.ceil(width / across) : 1);
  // Together no more than the file: no piece is unpacked again and again.
  if (offsets.length > parts * samples || sizes.reduce((sum, size) => sum + size, 0) > file.length) throw damaged();
  const unpacked = Math.ceil((across * bits * samples) / 8) * down;
  for (const [index, offset] of offsets.entries()) {
    const piece = file.subarray(offset, offset + (sizes[index] ?? 0));
    if (DEFLATED.has(compression)) refuseBomb(piece, unpacked);
    if (compression === LZW && lzwSize(piece, unpacked + SLACK) > unpacked + SLACK) throw damaged();
    if (compression === PACK_BITS && unpackBitsSize(piece) > unpacked + SLACK) throw damaged();
    if (compression === JPEG) {
      const { width: inWidth, height: inHeight } = sizeOfJpeg(piece);
      refuseTooLarge(inWidth, inHeight);
    }
  }
}

/** A deflated piece (RFC 1950: two bytes before, four behind) that becomes larger than what it is a piece of. */
function refuseBomb(piece: Buffer, bytes: number): void {
  try {
    inflateRawSync(piece.subarray(2, Math.max(2, piece.length - 4)), { maxOutputLength: Math.max(bytes, 64) });
  } catch (cause) {
    throw damaged(cause);
  }
}
