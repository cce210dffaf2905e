import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultProvider } from './lambda-credentials.ts';
import { unusedSchemas } from './unused-schemas.ts';

/** A bundle of a program that gets one object from S3. */
const bundled = async (plugins: Parameters<typeof build>[0]['plugins'] = []): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: "export { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';", resolveDir: '.' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    write: false,
    plugins,
  });
  return outputFiles[0]?.text ?? '';
};

test('shapes of operations that are called stay in a bundle, those of others go', async () => {
  const [whole, slim] = await Promise.all([bundled(), bundled([unusedSchemas])]);
  for (const shape of ['GetObjectRequest', 'GetObjectOutput', 'NoSuchKey']) expect(slim).toContain(`"${shape}"`);
  for (const shape of ['CompleteMultipartUploadRequest', 'InventoryConfiguration']) {
    expect(whole).toContain(`"${shape}"`);
    expect(slim).not.toContain(`"${shape}"`);
  }
  expect(whole.length - slim.length).toBeGreaterThan(50_000);
});

describe('credentials on Lambda', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('are those of the environment, the session included', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
    expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
  });

  test('are missed in words', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(defaultProvider()()).rejects.toThrow('there are none');
  });
});
