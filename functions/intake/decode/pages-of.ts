import { Problem, said } from '../../../core/outcome.ts';
import type { UploadType } from '../../../schemas/uploads.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePdf, PDF_DPI } from './decode-pdf.ts';
import { decodePng } from './decode-png.ts';
import { type DecodedPage, decodeTiff } from './decode-tiff.ts';
import { typeOfContent } from './kind.ts';

/** The type of a file by its content. @throws Problem wrong-media-type, rule-broken */
export function trueType(bytes: Uint8Array): UploadType {
  if (bytes.length === 0) throw new Problem('rule-broken', said('scan-empty'));
  const type = typeOfContent(bytes);
  if (!type) throw new Problem('wrong-media-type', said('scan-type'));
  return type;
}

/** The pages of a file, one at a time. @throws Problem when it cannot be opened, or is more than we open */
export async function* pagesOf(type: UploadType, bytes: Uint8Array): AsyncGenerator<DecodedPage> {
  switch (type) {
    case 'image/png':
      yield { page: decodePng(bytes) };
      return;
    case 'image/jpeg':
      yield { page: decodeJpeg(bytes) };
      return;
    case 'image/tiff':
      yield* decodeTiff(bytes);
      return;
    case 'application/pdf':
      for await (const page of decodePdf(bytes)) yield { page, dpi: PDF_DPI };
  }
}
