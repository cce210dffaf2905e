import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../outcome.ts';
import type { Endpoint, Headers } from './types.ts';

/** Decoded, in and out. Larger things go by presigned upload. */
export const MAX_BODY_BYTES = 4_000_000;
/** Deeper than any FHIR resource that means something, and shallow enough for every recursive walk behind it. */
const MAX_JSON_DEPTH = 64;
const JSON_TYPES = new Set(['application/fhir+json', 'application/json']);
const FORM_TYPE = 'application/x-www-form-urlencoded';

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'form'; readonly parameters: URLSearchParams };

/** Reads what the endpoint accepts. @throws Problem too-large, wrong-media-type, invalid */
export function readBody(
  event: APIGatewayProxyEventV2,
  headers: Headers,
  endpoint: Pick<Endpoint, 'body' | 'form' | 'raw'>,
): Body {
  if (!event.body || !(endpoint.body || endpoint.form)) return { kind: 'none' };
  const text = utf8(inflated(bytesOf(event.body, event.isBase64Encoded), headers['content-encoding']));
  const media = mediaType(headers['content-type']);
  if (endpoint.raw) return { kind: 'raw', text };
  if (endpoint.form && media === FORM_TYPE) return { kind: 'form', parameters: new URLSearchParams(text) };
  if (endpoint.body && JSON_TYPES.has(media)) return { kind: 'json', value: parseJson(text) };
  throw new Problem('wrong-media-type', `Send the body as ${endpoint.form ? FORM_TYPE : 'application/fhir+json'}, in UTF-8.`);
}

const tooLarge = (): Problem =>
  new Problem('too-large', `A request may hold ${MAX_BODY_BYTES / 1_000_000} MB once unpacked. Send larger files with $import.`);

function bytesOf(body: string, isBase64: boolean): Buffer {
  // Base64 carries 3 bytes in 4 characters: what is too long is refused before it is copied.
  if (body.length > (isBase64 ? Math.ceil(MAX_BODY_BYTES / 3) * 4 : MAX_BODY_BYTES)) throw tooLarge();
  const bytes = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) throw tooLarge();
  return bytes;
}

function inflated(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return bytes;
  if (encoding.toLowerCase() !== 'gzip') throw new Problem('wrong-media-type', 'A packed body is packed with gzip.');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new Problem('invalid', 'The body says it is packed with gzip, and is not.', { cause });
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('invalid', 'The body is not UTF-8.', { cause });
  }
}

/** The bare media type. @throws Problem wrong-media-type for a charset that is not UTF-8 */
function mediaType(header: string | undefined): string {
  const [media = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new Problem('wrong-media-type', 'Send the body in UTF-8.');
  return media;
}

/** @throws Problem invalid for what is not JSON or nests too deeply */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_JSON_DEPTH) throw new Problem('invalid', `JSON may nest ${MAX_JSON_DEPTH} levels deep.`);
  try {
    return JSON.parse(text);
  } catch {
    // Node's message quotes the text around the fault, which may be patient data: it stops here.
    throw new Problem('invalid', [{ text: 'The body is not JSON.', code: 'structure' }]);
  }
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125];

/** Deepest nesting of brackets outside strings: one pass, before a recursive parser or walker sees the text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return deepest;
}
