import { PDFDocument, StandardFonts } from 'pdf-lib';
import { decodePdf } from '../../functions/intake/decode/decode-pdf.ts';
import { type Gray, scaled } from '../../functions/intake/image/gray.ts';
import { turnedBack } from '../../functions/intake/image/straighten.ts';

/** Scans that the project makes by itself, for the demo and the tests: pages are set as a PDF, drawn, and spoilt as feeders and telephone lines spoil them. */

const [LETTER_WIDTH, LETTER_HEIGHT, MARGIN, SIZE, LEADING] = [612, 792, 60, 12, 20];

/** A letter-size PDF with a line of text below another, page by page. */
export async function pdfOf(...pages: readonly (readonly string[])[]): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const lines of pages) {
    const page = document.addPage([LETTER_WIDTH, LETTER_HEIGHT]);
    for (const [at, line] of lines.entries())
      page.drawText(line, { x: MARGIN, y: LETTER_HEIGHT - MARGIN - at * LEADING, size: SIZE, font });
  }
  return Buffer.from(await document.save());
}

/** One page as a clean scanner sees it, 200 dots per inch. */
export async function pageOf(lines: readonly string[]): Promise<Gray> {
  for await (const page of decodePdf(await pdfOf(lines))) return page;
  throw new Error('The PDF has no page.');
}

export interface Spoilt {
  /** Clockwise. */
  readonly degrees?: number;
  /** Of a thousand pixels, how many turn over. */
  readonly noise?: number;
  readonly seed?: number;
}
/** Askew and speckled; the same seed spoils in the same way. */
export function spoilt(page: Gray, { degrees = 0, noise = 0, seed = 1 }: Spoilt): Gray {
  const turned = turnedBack(page, -degrees);
  const pixels = turned.pixels.slice();
  let state = seed;
  for (let at = 0; at < pixels.length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    if ((state >> 8) % 1_000 < noise) pixels[at] = 255 - (pixels[at] ?? 0);
  }
  return { ...turned, pixels };
}

/** Dots per inch of a fax (ITU-T T.4): 204 across, and down 98 ("standard") or 196 ("fine"). */
const FAX = { standard: 98, fine: 196 } as const;

/** A black-and-white TIFF as a fax machine writes it, one directory a page, not packed. */
export function faxOf(pages: readonly Gray[], resolution: keyof typeof FAX): Buffer {
  const strips = pages.map((page) => packed(scaled(page, 204 / 200, FAX[resolution] / 200)));
  const chunks: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  for (const [index, { width, height, bits }] of strips.entries()) {
    const entries: [tag: number, type: number, value: number][] = [
      [256, 4, width],
      [257, 4, height],
      [258, 3, 1], // bits a sample
      [259, 3, 1], // not compressed
      [262, 3, 0], // white is zero
      [277, 3, 1],
      [278, 4, height],
      [279, 4, bits.length],
      [296, 3, 2], // inches
    ];
    const count = entries.length + 3;
    const after = at + 2 + count * 12 + 4;
    const all = [...entries, [273, 4, after + 16], [282, 5, after], [283, 5, after + 8]].sort(
      ([one = 0], [other = 0]) => one - other,
    );
    const directory = Buffer.alloc(2 + count * 12 + 4 + 16);
    directory.writeUInt16LE(count, 0);
    for (const [row, [tag = 0, type = 0, value = 0]] of all.entries()) {
      directory.writeUInt16LE(tag, 2 + row * 12);
      directory.writeUInt16LE(type, 4 + row * 12);
      directory.writeUInt32LE(1, 6 + row * 12);
      directory.writeUInt32LE(value, 10 + row * 12);
    }
    const end = at + directory.length + bits.length;
    directory.writeUInt32LE(index === strips.length - 1 ? 0 : end, 2 + count * 12);
    for (const [slot, dots] of [204, FAX[resolution]].entries()) {
      directory.writeUInt32LE(dots, 6 + count * 12 + slot * 8);
      directory.writeUInt32LE(1, 10 + count * 12 + slot * 8);
    }
    chunks.push(directory, bits);
    at = end;
  }
  return Buffer.concat(chunks);
}

function packed({ width, height, pixels }: Gray): { width: number; height: number; bits: Buffer } {
  const stride = Math.ceil(width / 8);
  const bits = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = y * stride + (x >> 3);
      if ((pixels[y * width + x] ?? 255) < 150) bits[byte] = (bits[byte] ?? 0) | (0x80 >> (x & 7));
    }
  return { width, height, bits };
}
