import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../core/http/body.ts';
import { Problem } from '../../core/outcome.ts';
import type { ImportFile } from '../../schemas/imports.ts';

/** One thing to be imported: where it stood, what it is, and what the source called it. */
export interface SourceEntry {
  readonly position: number;
  readonly fullUrl?: string;
  /** From `request.ifNoneExist`: a search that, when it matches, means the record is here already. */
  readonly ifNoneExist?: string;
  /** Not yet validated: anything that was JSON. */
  readonly resource: unknown;
  /** Why this line is no JSON. */
  readonly unreadable?: string;
}

/** A file that cannot be read at all. Its text is shown to the person who imports. */
export class UnreadableFile extends Error {}

/** 256 MiB: a file that unpacks to more is refused instead of filling the function's memory. */
const INFLATED_LIMIT_BYTES = 256 * 1024 * 1024;

/** The entries of a file, in its order. @throws UnreadableFile */
export function entriesOf(bytes: Buffer, file: Pick<ImportFile, 'format' | 'encoding'>): SourceEntry[] {
  const text = inflate(bytes, file.encoding)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  return file.format === 'bundle' ? bundleEntries(text) : lineEntries(text);
}

function inflate(bytes: Buffer, encoding: ImportFile['encoding']): Buffer {
  if (encoding !== 'gzip') return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: INFLATED_LIMIT_BYTES });
  } catch (error) {
    throw new UnreadableFile('The file is not valid gzip, or unpacks to more than 256 MiB.', { cause: error });
  }
}

function bundleEntries(text: string): SourceEntry[] {
  let bundle: unknown;
  try {
    bundle = parseJson(text);
  } catch (error) {
    throw new UnreadableFile(whyNot(error, 'file'), { cause: error });
  }
  if (!isObject(bundle) || typeof bundle.resourceType !== 'string') throw new UnreadableFile('The file holds no FHIR resource.');
  if (bundle.resourceType !== 'Bundle') return [{ position: 0, resource: bundle }];
  if (!Array.isArray(bundle.entry)) return [];
  return bundle.entry.map((entry: unknown, position): SourceEntry => {
    if (!isObject(entry)) return { position, resource: entry };
    const request = isObject(entry.request) ? entry.request : {};
    return {
      position,
      resource: entry.resource,
      ...(typeof entry.fullUrl === 'string' && { fullUrl: entry.fullUrl }),
      ...(typeof request.ifNoneExist === 'string' && { ifNoneExist: request.ifNoneExist }),
    };
  });
}

const lineEntries = (text: string): SourceEntry[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line, position) => {
      try {
        return { position, ...lineEntry(parseJson(line)) };
      } catch (error) {
        return { position, resource: undefined, unreadable: whyNot(error, 'line') };
      }
    });

/** A line is a resource, or an entry of a Bundle: so the file of refused entries can be imported as it is. */
function lineEntry(line: unknown): Omit<SourceEntry, 'position'> {
  if (!isObject(line) || line.resourceType !== undefined || line.resource === undefined) return { resource: line };
  const request = isObject(line.request) ? line.request : {};
  return {
    resource: line.resource,
    ...(typeof line.fullUrl === 'string' && { fullUrl: line.fullUrl }),
    ...(typeof request.ifNoneExist === 'string' && { ifNoneExist: request.ifNoneExist }),
  };
}

/** Broken, or nested so deeply that walking it would end the worker, which would then try again. */
const whyNot = (error: unknown, what: 'file' | 'line'): string =>
  error instanceof Problem
    ? error.issues.map(({ text }) => text.replace('The body', `This ${what}`)).join(' ')
    : `This ${what} is not JSON.`;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
