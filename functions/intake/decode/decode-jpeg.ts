import { decode } from 'jpeg-js';
import { type Gray, grayOf, quarterTurned } from '../image/gray.ts';
import { damaged, MAX_PIXELS, refuseTooLarge } from './limits.ts';

/** Megabytes that the decoder may use: three planes of the largest page and its result. */
const MOST_MEGABYTES = 900;

/** Upright as the camera was held. @throws Problem too-large, rule-broken */
export function decodeJpeg(bytes: Uint8Array): Gray {
  const { width, height, orientation } = headOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  refuseTooLarge(width, height);
  try {
    const picture = decode(bytes, {
      useTArray: true,
      maxResolutionInMP: MAX_PIXELS / 1_000_000,
      maxMemoryUsageInMB: MOST_MEGABYTES,
      tolerantDecoding: false,
    });
    return quarterTurned(grayOf(picture.width, picture.height, picture.data), QUARTERS[orientation] ?? 0);
  } catch (cause) {
    throw damaged(cause);
  }
}

/** @throws Problem rule-broken */
export const sizeOfJpeg = (file: Buffer): { readonly width: number; readonly height: number } => headOf(file);

/** Quarter turns clockwise for Exif's orientations; mirrored ones are written by no camera. */
const QUARTERS: Readonly<Record<number, number>> = { 3: 2, 6: 1, 8: 3 };

/** The size from the frame's header, the orientation from Exif. @throws Problem rule-broken */
function headOf(file: Buffer): { width: number; height: number; orientation: number } {
  let orientation = 1;
  for (let at = 2; at + 9 < file.length; ) {
    if (file[at] !== 0xff) break;
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = file.readUInt16BE(at + 2);
    if (marker === 0xe1) orientation = orientationIn(file.subarray(at + 4, at + 2 + length)) ?? orientation;
    // Start of frame; C4, C8 and CC are tables.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7), orientation };
    at += 2 + length;
  }
  throw damaged();
}

/** Exif 2.32, tag 0x0112 of the first directory. */
function orientationIn(segment: Buffer): number | undefined {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0' || segment.length < 16) return undefined;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return undefined;
    if (short(at) === 0x0112) return short(at + 8);
  }
  return undefined;
}
