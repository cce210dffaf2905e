import { Problem, said } from '../../core/outcome.ts';
import type { IncomingFiles, KeptFiles } from '../../core/scans/scan-files.ts';
import type { Upload } from '../../core/scans/upload.ts';
import type { Scope } from '../../core/scope.ts';
import { MAX_PAGES, type UploadType } from '../../schemas/uploads.ts';
import type { DecodedPage } from './decode/decode-tiff.ts';
import { trueType } from './decode/kind.ts';
import { toPng } from './image/png.ts';
import { readyToRead } from './image/ready-to-read.ts';
import type { ReadText } from './read-text.ts';

export interface ReadingDeps {
  readonly incoming: Pick<IncomingFiles, 'read'>;
  readonly kept: KeptFiles;
  readonly readText: ReadText;
  /** The pages of a file, one at a time. */
  readonly pagesOf: (type: UploadType, bytes: Uint8Array) => AsyncIterable<DecodedPage>;
}
export type ReadPages = Required<Pick<Upload, 'pages' | 'originals' | 'text'>>;

/**
 * Opens every file of an upload, keeps its pages as pictures and the file as it came, and reads the text. The same again writes the same.
 * @throws Problem when a file is not what may be uploaded: the upload is refused with it
 */
export async function readUpload(
  { incoming, kept, readText, pagesOf }: ReadingDeps,
  { tenant }: Scope,
  { id, files }: Upload,
  { withText, renew }: { readonly withText: boolean; readonly renew: () => Promise<void> },
): Promise<ReadPages> {
  const pages: { width: number; height: number }[] = [];
  const originals: UploadType[] = [];
  const text: string[] = [];
  for (const [file, { etag = '' }] of files.entries()) {
    const bytes = await incoming.read(tenant, id, file, etag);
    if (!bytes) throw new Problem('rule-broken', said('scan-lost'));
    const type = trueType(bytes);
    for await (const { page, dpi } of pagesOf(type, bytes)) {
      if (pages.length === MAX_PAGES) throw new Problem('too-large', said('scan-too-many-pages', { pages: MAX_PAGES }));
      const { shown, read } = readyToRead(page, dpi);
      await kept.keepPage(tenant, id, pages.length, toPng(shown));
      text.push(withText ? (await readText(toPng(read))).join('\n') : '');
      await renew();
      pages.push({ width: shown.width, height: shown.height });
    }
    await kept.keepOriginal(tenant, id, file, type, bytes);
    originals.push(type);
  }
  return { pages, originals, text };
}
