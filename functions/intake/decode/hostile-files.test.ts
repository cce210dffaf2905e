import { Worker } from 'node:worker_threads';
import { crc32, deflateSync } from 'node:zlib';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import jpeg from 'jpeg-js';
import { describe, expect, test, vi } from 'vitest';
import { Problem } from '../../../core/outcome.ts';
import type { UploadType } from '../../../schemas/uploads.ts';
import { pagesInThread } from './pages-in-thread.ts';
import { pagesOf } from './pages-of.ts';

/** [tag, type, count, value or offset] of TIFF 6.0: type 3 is a short, 4 a long. */
type Entry = readonly [tag: number, type: 3 | 4, count: number, value: number];
const HEAD = 8;
/** A directory of this many entries ends here, and the data begins. */
const dataAt = (entries: number): number => HEAD + 2 + entries * 12 + 4;

function tiff(entries: readonly Entry[], data: Buffer, next = 0): Buffer {
  const head = Buffer.alloc(dataAt(entries.length));
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(HEAD, 4);
  head.writeUInt16LE(entries.length, HEAD);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = HEAD + 2 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    if (type === 3 && count === 1) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(value, at + 8);
  }
  head.writeUInt32LE(next, head.length - 4);
  return Buffer.concat([head, data]);
}

interface Paper {
  readonly width?: number;
  readonly height?: number;
  readonly compression?: number;
  readonly bits?: number;
  readonly samples?: number;
  readonly photometric?: number;
  /** How many bytes the piece is said to have. */
  readonly says?: number;
}
const paper = (
  data: Buffer,
  {
    width = 16,
    height = 16,
    compression = 1,
    bits = 8,
    samples = 1,
    photometric = samples === 3 ? 2 : 1,
    says = data.length,
  }: Paper = {},
  more: readonly Entry[] = [],
): Entry[] => [
  [256, 3, 1, width],
  [257, 3, 1, height],
  [258, 3, 1, bits],
  [259, 3, 1, compression],
  [262, 3, 1, photometric],
  [273, 4, 1, dataAt(9 + more.length)],
  [277, 3, 1, samples],
  [278, 3, 1, height],
  [279, 4, 1, says],
  ...more,
];

const GREY = Buffer.alloc(16 * 16, 200);
/** A second directory, of one entry of a tag and a type that nobody reads; the first one's height is said to stand in that entry. */
function heightInTheNext(): Buffer {
  const next = dataAt(10) + GREY.length;
  const entry = Buffer.alloc(2 + 12 + 4);
  entry.writeUInt16LE(1, 0);
  entry.writeUInt16LE(16, 2);
  const data = Buffer.concat([GREY, entry]);
  return whole(data, { width: 1_000, says: GREY.length }, [[257, 4, 2, next + 2]], next);
}
const whole = (data: Buffer, of?: Paper, more?: readonly Entry[], next?: number): Buffer =>
  tiff(paper(data, of, more), data, next);

async function opened(type: UploadType, bytes: Uint8Array): Promise<{ width: number; height: number; light: number }[]> {
  const pages = [];
  for await (const { page } of pagesOf(type, bytes))
    pages.push({ width: page.width, height: page.height, light: page.pixels[0] ?? -1 });
  return pages;
}
const refusal = async (type: UploadType, bytes: Uint8Array): Promise<Problem> => {
  const problem = await opened(type, bytes).catch((error: unknown) => error);
  if (!(problem instanceof Problem)) throw new Error('It was opened, or failed in another way.', { cause: problem });
  return problem;
};

type Code = readonly [code: number, bits: number];
/** Numbers of so many bits each, the first bit first. */
function bitsOf(codes: readonly Code[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(codes.reduce((sum, [, bits]) => sum + bits, 0) / 8) + 2);
  let at = 0;
  for (const [code, bits] of codes)
    for (let bit = bits - 1; bit >= 0; bit--, at++) bytes[at >>> 3]! |= ((code >>> bit) & 1) << (7 - (at & 7));
  return bytes;
}
const times = (count: number, code: Code): Code[] => Array.from({ length: count }, () => code);
/** LZW of one grey: each code is the one before and a sign more, as often as the table lasts, and then the longest one again and again. */
function lzwOf(longest: number): Buffer {
  const codes: Code[] = [
    [256, 9],
    [200, 9],
  ];
  for (let next = 258, bits = 9; next < 4_096; next++) {
    if (next + 1 === 1 << bits && bits < 12) bits += 1;
    codes.push([next, bits]);
  }
  return bitsOf([...codes, ...times(longest, [4_095, 12])]);
}

describe('a TIFF', () => {
  const BOMB = deflateSync(Buffer.alloc(16_000_000), { level: 9 });
  const page = [{ width: 16, height: 16, light: 200 }];

  test.each([
    { title: 'plain', file: whole(GREY) },
    { title: 'deflated', file: whole(deflateSync(GREY), { compression: 8 }) },
    {
      title: 'packed with LZW',
      file: whole(bitsOf([[256, 9], ...times(200, [200, 9]), [256, 9], ...times(56, [200, 9]), [257, 9]]), { compression: 5 }),
    },
    { title: 'packed with PackBits', file: whole(Buffer.from([129, 200, 129, 200]), { compression: 32_773 }) },
    { title: 'with what a camera adds', file: whole(GREY, {}, [[34_665, 4, 1, 4_000_000_000]]) },
    { title: 'with an unknown tag that says it is endless', file: whole(GREY, {}, [[40_000, 3, 4_000_000_000, 8]]) },
    { title: 'with directories in it that hold each other', file: whole(GREY, {}, [[330, 4, 1, HEAD]]) },
  ])('$title is opened', async ({ file }) => {
    expect(await opened('image/tiff', file)).toEqual(page);
  });

  test('of JPEG inside is opened', async () => {
    const { data } = jpeg.encode({ width: 16, height: 16, data: Buffer.alloc(16 * 16 * 4, 200) }, 90);
    const [one] = await opened('image/tiff', whole(data, { compression: 7, samples: 3 }));
    expect([one?.width, one?.height]).toEqual([16, 16]);
  });

  test.each([
    { title: 'whose directory follows itself', file: whole(GREY, {}, [], HEAD) },
    { title: 'that lists more places than it has bytes', file: whole(GREY, {}, [[273, 4, 4_000_000_000, 8]]) },
    { title: 'whose piece is longer than the file', file: whole(GREY, { says: 4_000_000_000 }) },
    { title: 'that unpacks to more than its picture', file: whole(BOMB, { compression: 8 }) },
    { title: 'that LZW unpacks to four thousand times its size', file: whole(lzwOf(40_000), { compression: 5 }) },
    {
      title: 'of LZW codes that name nothing',
      file: whole(
        bitsOf([
          [256, 9],
          [200, 9],
          [400, 9],
        ]),
        { compression: 5 },
      ),
    },
    {
      title: 'that PackBits unpacks to sixty times its size',
      file: whole(Buffer.alloc(1_000_000, Buffer.from([129, 0])), { compression: 32_773 }),
    },
    // 001, white runs of 1,792 points (00000001000), and none (00110101).
    {
      title: 'that is a fax (G4) of one endless line',
      file: whole(bitsOf([[1, 3], ...times(200_000, [8, 11]), [53, 8]]), {
        compression: 4,
        bits: 1,
      }),
    },
    { title: 'that is a fax (G4) without a code', file: whole(Buffer.alloc(400_000), { compression: 4, bits: 1 }) },
    { title: 'that is a fax (G3) without a code', file: whole(Buffer.alloc(400_000), { compression: 3, bits: 1 }) },
    { title: 'that is a fax (Huffman) without a code', file: whole(Buffer.alloc(400_000), { compression: 2, bits: 1 }) },
    { title: 'of samples without end', file: whole(GREY, { samples: 60_000 }) },
    { title: 'of bits without end', file: whole(GREY, { bits: 60_000 }) },
    { title: 'of a camera’s raw picture', file: whole(GREY, { photometric: 32_803 }) },
    { title: 'of a compression that no scanner writes', file: whole(GREY, { compression: 34_713 }) },
    {
      title: 'of forty million tiles',
      file: whole(GREY, {}, [
        [322, 3, 1, 1],
        [323, 3, 1, 1],
        [324, 4, 1, 8],
        [325, 4, 1, 8],
      ]),
    },
    { title: 'cut short', file: whole(GREY).subarray(0, 60) },
  ])('$title is refused in a moment', async ({ file }) => {
    const beganMs = performance.now();
    expect((await refusal('image/tiff', file)).kind).toBe('rule-broken');
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });

  test('whose height changes when the next directory is made unknown is measured after that', async () => {
    expect((await refusal('image/tiff', heightInTheNext())).kind).toBe('too-large');
  });

  test('of tiles that hold far more than the picture is refused', async () => {
    const tiles = whole(GREY, { width: 60_000 }, [
      [322, 3, 1, 16],
      [323, 4, 1, 2_400_000],
      [324, 4, 1, 8],
      [325, 4, 1, 8],
    ]);
    expect((await refusal('image/tiff', tiles)).kind).toBe('too-large');
  });

  test('with a JPEG inside that is larger than any page is refused before it is unpacked', async () => {
    const { data } = jpeg.encode({ width: 16, height: 16, data: Buffer.alloc(16 * 16 * 4, 200) }, 90);
    const frame = data.indexOf(Buffer.from([0xff, 0xc0]));
    data.writeUInt16BE(60_000, frame + 5);
    data.writeUInt16BE(60_000, frame + 7);
    expect((await refusal('image/tiff', whole(data, { compression: 7, samples: 3 }))).kind).toBe('too-large');
  });
});

/** A picture of one grey, whose packed rows are these. */
function png(rows: Buffer, interlaced: boolean): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, interlaced ? 1 : 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

describe('a PNG', () => {
  test('that is interlaced is opened', async () => {
    // Adam7 of 8 x 8: 15 rows in seven passes, each with a byte that names its filter.
    const rows = Buffer.concat(
      [1, 1, 2, 2, 2, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8].map((width) => Buffer.concat([Buffer.from([0]), Buffer.alloc(width, 77)])),
    );
    expect(await opened('image/png', png(rows, true))).toEqual([{ width: 8, height: 8, light: 77 }]);
  });

  test('that is interlaced and unpacks to more than its picture is given up there', async () => {
    const { kind, cause } = await refusal('image/png', png(Buffer.alloc(8_000_000), true));
    expect([kind, (cause as NodeJS.ErrnoException).code]).toEqual(['rule-broken', 'ERR_BUFFER_TOO_LARGE']);
  });
});

const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]>>endobj\ntrailer<</Root 1 0 R>>',
);
describe('a PDF that brings its library down', () => {
  test('is refused; another that is open meanwhile goes on, and the next one is opened', async () => {
    const meanwhile = pagesOf('application/pdf', PDF);
    expect((await meanwhile.next()).value).toMatchObject({ page: { width: 200, height: 100 } });
    const dead = { loadDocument: () => Promise.reject(new WebAssembly.RuntimeError('unreachable')) };
    const made = vi.spyOn(PDFiumLibrary, 'init').mockResolvedValueOnce(dead as never);
    expect((await refusal('application/pdf', PDF)).kind).toBe('rule-broken');
    made.mockRestore();
    expect((await meanwhile.next()).done).toBe(true);
    expect(await opened('application/pdf', PDF)).toMatchObject([{ width: 200, height: 100 }]);
  });
});

describe('opened in a thread of its own', () => {
  const all = async (pages: AsyncIterable<unknown>) => {
    const list = [];
    for await (const page of pages) list.push(page);
    return list;
  };
  test('a page comes as it is, and what is refused is refused with its reason', async () => {
    expect(await all(pagesInThread('application/pdf', PDF))).toMatchObject([{ page: { width: 200, height: 100 }, dpi: 200 }]);
    const big = whole(GREY, { width: 60_000, height: 60_000 });
    await expect(all(pagesInThread('image/tiff', big))).rejects.toMatchObject({
      kind: 'too-large',
      issues: [{ name: 'scan-picture-too-large', values: { megapixels: 40 } }],
    });
  });
  test('what takes too long is given up, and said to be no fault of the file; what fills the memory is one', async () => {
    const slow = all(pagesInThread('application/pdf', PDF, { pageMs: 1, heapMb: 512 }));
    await expect(slow).rejects.toThrow('A page took too long.');
    const full = all(pagesInThread('application/pdf', PDF, { pageMs: 30_000, heapMb: 8 }));
    await expect(full).rejects.toMatchObject({ name: 'Problem', kind: 'rule-broken' });
  });
  test('a thread that fills its memory while it is ended for having taken too long brings nobody else down', async () => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate').mockImplementationOnce(function (this: Worker) {
      this.emit('error', new Error('Worker terminated due to reaching memory limit'));
      return this.terminate();
    });
    await expect(all(pagesInThread('application/pdf', PDF, { pageMs: 1, heapMb: 512 }))).rejects.toThrow('A page took too long.');
    expect(terminate).toHaveBeenCalledTimes(2);
    terminate.mockRestore();
  });
});
