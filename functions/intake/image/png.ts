import { crc32, deflateSync } from 'node:zlib';
import { type Gray, isBilevel } from './gray.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Level of deflate: higher ones take three times as long for a tenth less. */
const LEVEL = 4;

/** The page as a PNG of greys; of one bit a pixel where it is black and white (W3C PNG, third edition). */
export function toPng(page: Gray): Buffer {
  const bits = isBilevel(page) ? 1 : 8;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(page.width, 0);
  header.writeUInt32BE(page.height, 4);
  header[8] = bits; // colour type 0 (grey), compression, filter and interlace 0 follow
  const rows = bits === 1 ? packedRows(page) : subtractedRows(page);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function packedRows({ width, height, pixels }: Gray): Buffer {
  const stride = Math.ceil(width / 8) + 1;
  const rows = Buffer.alloc(stride * height); // each row begins with filter 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (pixels[y * width + x]! >= 128) rows[y * stride + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
  return rows;
}

/** Filter 2, "Up": each pixel less the one above it. */
function subtractedRows({ width, height, pixels }: Gray): Buffer {
  const stride = width + 1;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    rows[y * stride] = 2;
    for (let x = 0; x < width; x++)
      rows[y * stride + 1 + x] = pixels[y * width + x]! - (y > 0 ? pixels[(y - 1) * width + x]! : 0);
  }
  return rows;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
