import type { ProblemIssue, ProblemKind } from '../../../core/outcome.ts';
import type { UploadType } from '../../../schemas/uploads.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePdf, PDF_DPI } from './decode-pdf.ts';
import { decodePng } from './decode-png.ts';
import { type DecodedPage, decodeTiff } from './decode-tiff.ts';

/** What a thread is begun with, and what it answers whenever it is asked for a page. */
export interface PageThreadStart {
  readonly type: UploadType;
  readonly bytes: Uint8Array;
}
export type FromPageThread =
  | { readonly kind: 'page'; readonly page: DecodedPage }
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly problem: ProblemKind; readonly issues: readonly ProblemIssue[] };

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
