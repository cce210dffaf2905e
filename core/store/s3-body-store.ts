import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { TenantId } from '../../schemas/ids.ts';
import type { BodyStore } from './body-store.ts';
import { orUnavailable } from './table.ts';

/** Long bodies in the document bucket, with the tenant's own credentials. */
export const s3BodyStore = (bucket: string, clientOf: (tenant: TenantId) => S3Client): BodyStore => ({
  async put(tenant, key, body) {
    await clientOf(tenant).send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/octet-stream' }),
    );
  },
  async get(tenant, key) {
    const { Body } = await orUnavailable(clientOf(tenant).send(new GetObjectCommand({ Bucket: bucket, Key: key })));
    if (!Body) throw new Error('The bucket answered without a body.');
    return Body.transformToByteArray();
  },
});
