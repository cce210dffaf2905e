import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';
import { Problem, said } from '../../../core/outcome.ts';
import { MAX_PAGES } from '../../../schemas/uploads.ts';
import type { Gray } from '../image/gray.ts';
import { damaged, MAX_PIXELS } from './limits.ts';

/** A PDF's points, and what a page is drawn at. */
const POINTS_PER_INCH = 72;
export const PDF_DPI = 200;

/** A library for each file: what brings it down, or is left in its memory, is nobody else's. It lies beside the bundle in a function, in the package elsewhere. */
function pdfium(): Promise<PDFiumLibrary> {
  const beside = new URL('./pdfium.wasm', import.meta.url);
  const file = existsSync(beside) ? beside : createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm');
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return PDFiumLibrary.init({ wasmBinary: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
}

/** Every page drawn in shades of grey, one at a time. Scripts and links in the file do nothing. @throws Problem too-large, rule-broken */
export async function* decodePdf(bytes: Uint8Array): AsyncGenerator<Gray> {
  try {
    const loaded = await (await pdfium()).loadDocument(bytes);
    const count = loaded.getPageCount();
    if (count === 0) throw damaged();
    if (count > MAX_PAGES) throw new Problem('too-large', said('scan-too-many-pages', { pages: MAX_PAGES }));
    for (let index = 0; index < count; index++) yield await drawn(loaded.getPage(index));
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw /password|security/i.test(cause instanceof Error ? cause.message : '')
      ? new Problem('rule-broken', said('scan-encrypted'), { cause })
      : damaged(cause);
  }
}

async function drawn(page: PDFiumPage): Promise<Gray> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const inches = (originalWidth / POINTS_PER_INCH) * (originalHeight / POINTS_PER_INCH);
  // A plan or a poster is drawn smaller, so that it fits.
  const dpi = Math.min(PDF_DPI, Math.sqrt(MAX_PIXELS / 4 / Math.max(inches, 1)));
  const { width, height, data } = await page.render({
    scale: dpi / POINTS_PER_INCH,
    colorSpace: 'Gray',
    render: async ({ data: pixels }) => pixels.slice(),
    renderFormFields: true,
  });
  return { width, height, pixels: data.subarray(0, width * height) };
}
