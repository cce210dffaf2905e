import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Upload } from '../template/distribution.ts';
import type { HttpAnswer } from './gateway-answer.ts';
import { fitsWildcard } from './wildcard.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** As it lies in the bucket, and what it is answered with. */
interface Kept {
  readonly headers: { readonly etag: string } & Readonly<Record<string, string>>;
  readonly body: Buffer;
}
/** What was asked for once: the template that runs is a copy that nobody writes to, and a page fetches half a hundred files. */
const keptOf = new WeakMap<readonly Upload[], Map<string, Kept>>();

/** A file of the web bucket, as CloudFront would answer it. What is not there is 403, as a private bucket says without the right to list. */
export async function serveFile(uploads: readonly Upload[], path: string, ifNoneMatch: string | undefined): Promise<HttpAnswer> {
  const kept = keptOf.get(uploads) ?? new Map<string, Kept>();
  keptOf.set(uploads, kept);
  const found = kept.get(path) ?? (await findFile(uploads, path));
  if (!found)
    return {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: Buffer.from('This file is not part of the web app.'),
    };
  kept.set(path, found);
  const { headers, body } = found;
  return ifNoneMatch === headers.etag ? { status: 304, headers, body: Buffer.alloc(0) } : { status: 200, headers, body };
}

async function findFile(uploads: readonly Upload[], path: string): Promise<Kept | undefined> {
  const name = decoded(path)?.replace(/^\/+/, '');
  for (const { directory, include, exclude, cacheControl } of name ? [...uploads].reverse() : []) {
    if (
      !name ||
      (exclude.some((pattern) => fitsWildcard(pattern, name)) && !include.some((pattern) => fitsWildcard(pattern, name)))
    )
      continue;
    const file = normalize(join(directory, name));
    if (!file.startsWith(directory + sep) || !(await isFile(file))) continue;
    const body = await readFile(file);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const headers = {
      etag,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': cacheControl ?? 'no-cache',
    };
    return { headers, body };
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
