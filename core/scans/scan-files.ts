import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { TenantId } from '../../schemas/ids.ts';
import type { PageLinks, UploadLink, UploadType } from '../../schemas/uploads.ts';
import type { Upload, UploadedFile } from './upload.ts';

/**
 * Where the files of scanned documents lie. What was uploaded and not checked lies under `in/`, where the desk may put and nobody but the
 * intake may read; what was found infected stays there until it expires. Pages and originals of what was checked lie under the tenant's
 * own prefix. Invariant: no name of a file or a patient stands in a key.
 */
export const incomingKey = (tenant: TenantId, upload: string, file: number): string => `in/${tenant}/${upload}/${file}`;
export const pageKey = (tenant: TenantId, upload: string, page: number): string => `t/${tenant}/scans/${upload}/p${page}.png`;
export const originalKey = (tenant: TenantId, upload: string, file: number): string => `t/${tenant}/scans/${upload}/o${file}`;

/** What an incoming key says; undefined for any other key. */
export function parseIncomingKey(key: string): { tenant: TenantId; upload: string; file: number } | undefined {
  const [, tenant, upload, file] = /^in\/([a-z0-9]+)\/([0-9a-z]{25})\/(\d{1,2})$/.exec(key) ?? [];
  const parsed = TenantId.safeParse(tenant);
  return parsed.success && upload && file ? { tenant: parsed.data, upload, file: Number(file) } : undefined;
}

/** No longer than the tenant's credentials are sure to last. */
const UPLOAD_SECONDS = 900;
const READ_SECONDS = 300;

type ClientOf = (tenant: TenantId) => S3Client;

/** Where a browser puts one file: S3 refuses another size, another type and whatever comes too late. */
export async function uploadLink(
  bucket: string,
  clientOf: ClientOf,
  tenant: TenantId,
  upload: string,
  file: number,
  { type, bytes }: UploadedFile,
): Promise<UploadLink> {
  const { url, fields } = await createPresignedPost(clientOf(tenant), {
    Bucket: bucket,
    Key: incomingKey(tenant, upload, file),
    Fields: { 'Content-Type': type },
    Conditions: [
      ['eq', '$Content-Type', type],
      ['content-length-range', bytes, bytes],
    ],
    Expires: UPLOAD_SECONDS,
  });
  return { file, url, fields };
}

/** Where pages and originals are fetched. An original is downloaded and never shown by the browser, whatever is in it. */
export async function pageLinks(
  bucket: string,
  clientOf: ClientOf,
  tenant: TenantId,
  { id, pages = [], originals = [] }: Pick<Upload, 'id' | 'pages' | 'originals'>,
): Promise<PageLinks> {
  const client = clientOf(tenant);
  const link = (Key: string, ResponseContentType: string, disposition: string): Promise<string> =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        Bucket: bucket,
        Key,
        ResponseContentType,
        ResponseContentDisposition: disposition,
        ResponseCacheControl: 'no-store',
      }),
      { expiresIn: READ_SECONDS },
    );
  return {
    pages: await Promise.all(
      pages.map(async (size, page) => ({ ...size, url: await link(pageKey(tenant, id, page), 'image/png', 'inline') })),
    ),
    originals: await Promise.all(
      originals.map(async (type, file) => ({
        type,
        url: await link(originalKey(tenant, id, file), type, `attachment; filename="scan-${file + 1}.${ENDINGS[type]}"`),
      })),
    ),
  };
}
const ENDINGS: Readonly<Record<UploadType, string>> = {
  'application/pdf': 'pdf',
  'image/tiff': 'tiff',
  'image/png': 'png',
  'image/jpeg': 'jpg',
};

/** The intake's side: it alone reads what came in. */
export interface IncomingFiles {
  /** Exactly the content that was checked. Undefined when it is no longer there, or is another. */
  read(tenant: TenantId, upload: string, file: number, etag: string): Promise<Uint8Array | undefined>;
  remove(tenant: TenantId, upload: string, file: number): Promise<void>;
}
export const incomingFiles = (bucket: string, clientOf: ClientOf): IncomingFiles => ({
  async read(tenant, upload, file, etag) {
    try {
      const { Body } = await clientOf(tenant).send(
        new GetObjectCommand({ Bucket: bucket, Key: incomingKey(tenant, upload, file), IfMatch: `"${etag}"` }),
      );
      return Body?.transformToByteArray();
    } catch (error) {
      const { httpStatusCode = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      // 403 is also S3's word for what is not there, but a right of ours that is missing says the same: that is tried again.
      if (httpStatusCode === 404 || httpStatusCode === 412) return undefined;
      throw error;
    }
  },
  async remove(tenant, upload, file) {
    await clientOf(tenant).send(new DeleteObjectCommand({ Bucket: bucket, Key: incomingKey(tenant, upload, file) }));
  },
});

/** Keeps what was checked, under the tenant's own prefix. The same again writes the same. */
export interface KeptFiles {
  keepPage(tenant: TenantId, upload: string, page: number, png: Uint8Array): Promise<void>;
  keepOriginal(tenant: TenantId, upload: string, file: number, type: UploadType, bytes: Uint8Array): Promise<void>;
}
export const keptFiles = (bucket: string, clientOf: ClientOf): KeptFiles => ({
  async keepPage(tenant, upload, page, Body) {
    await clientOf(tenant).send(
      new PutObjectCommand({ Bucket: bucket, Key: pageKey(tenant, upload, page), Body, ContentType: 'image/png' }),
    );
  },
  async keepOriginal(tenant, upload, file, ContentType, Body) {
    await clientOf(tenant).send(
      new PutObjectCommand({ Bucket: bucket, Key: originalKey(tenant, upload, file), Body, ContentType }),
    );
  },
});
