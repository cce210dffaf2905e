import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FhirResource } from 'fhir/r4';

const BLOCK_BYTES = 512;

/** The files of a tar archive (POSIX ustar: a header block with name and octal size, then the content in whole blocks). */
function* filesOf(archive: Buffer): Generator<{ name: string; content: Buffer }> {
  for (let at = 0; at + BLOCK_BYTES <= archive.length && archive[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      archive
        .toString('utf8', at + from, at + from + length)
        .replace(/\0.*$/s, '')
        .trim();
    const size = Number.parseInt(text(124, 12), 8);
    const prefix = text(345, 155);
    const start = at + BLOCK_BYTES;
    yield { name: (prefix && `${prefix}/`) + text(0, 100), content: archive.subarray(start, start + size) };
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

export interface FhirPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** What the guide defines: package/*.json, in the order of their names. */
  readonly definitions: readonly FhirResource[];
  /** package/example/*.json */
  readonly examples: readonly { readonly name: string; readonly resource: FhirResource }[];
}

/** Reads a published FHIR package (HL7, "FHIR NPM Packages"). @throws Error when it is none */
export function readPackage(file: string): FhirPackage {
  const files = [...filesOf(gunzipSync(readFileSync(file)))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parse = (content: Buffer) => JSON.parse(content.toString());
  const manifest = files.find(({ name }) => name === 'package/package.json');
  if (!manifest) throw new Error(`${file} is no FHIR package: it has no package/package.json`);
  const { name, version, license } = parse(manifest.content);
  const resources = (pattern: RegExp) =>
    files.flatMap((entry) => {
      const found = pattern.exec(entry.name)?.[1];
      return found === undefined ? [] : [{ name: found, resource: parse(entry.content) as FhirResource }];
    });
  return {
    name,
    version,
    license,
    definitions: resources(/^package\/([A-Z][A-Za-z]+-[^/]+)\.json$/).map(({ resource }) => resource),
    examples: resources(/^package\/example\/([A-Z][A-Za-z]+-[^/]+)\.json$/),
  };
}
