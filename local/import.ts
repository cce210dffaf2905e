/**
 * npm run -s import -- --tenant <slug> [--source <uri>] [--url <address> --token <access token>] <file...>
 *
 * Hands files (json, json.gz, ndjson, ndjson.gz) to a tenant's $import and shows how far it is. Without --url and --token it goes to the
 * stack that runs on this machine, as the demo tenant's admin. May be interrupted: the same line again goes on where it was,
 * and the same files again change nothing.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Counts, FileProgress, ImportAccepted, ImportFile, ImportStatus, StartImport } from '../schemas/imports.ts';
import { type DemoFile, readDemo, signIn } from './identity/sign-in.ts';

/** A sentence for the person at the keyboard; anything else is a bug and keeps its stack. */
class Complaint extends Error {}

interface Upload {
  readonly path: string;
  readonly bytes: Buffer;
  readonly manifest: ImportFile;
  /** Files of places and people come before the charts that refer to them. */
  readonly hasPatient: boolean;
}

function readUpload(path: string): Upload {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new Complaint(`${path} cannot be read.`);
  }
  const gzip = path.endsWith('.gz');
  const format = /\.ndjson(\.gz)?$/.test(path) ? 'ndjson' : 'bundle';
  if (!gzip && !/\.(json|ndjson)$/.test(path))
    throw new Complaint(`${path}: only .json, .ndjson and the same with .gz can be imported.`);
  const text = gzip ? gunzipSync(bytes) : bytes;
  return {
    path,
    bytes,
    manifest: {
      name: basename(path),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format,
      ...(gzip && { encoding: 'gzip' as const }),
    },
    hasPatient: /"resourceType"\s*:\s*"Patient"/.test(text.toString('utf8')),
  };
}

/** Calls the API as one person, signing in anew when the token has run out. */
class Api {
  readonly #base: string;
  readonly #token: () => Promise<string>;
  #current: string | undefined;
  constructor(base: string, token: () => Promise<string>) {
    this.#base = base;
    this.#token = token;
  }
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.#current ??= await this.#token();
      const answer = await fetch(`${this.#base}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#current}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (answer.ok) return (await answer.json()) as T;
      if (answer.status === 401 && attempt === 1) this.#current = undefined;
      else if (answer.status < 500 || attempt > 3)
        throw new Complaint(`The import was refused (${answer.status}): ${await reasonOf(answer)}`);
      else await wait(1_000 * attempt);
    }
  }
}

async function reasonOf(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const outcome = JSON.parse(text) as { issue?: { details?: { text?: string } }[] };
    return outcome.issue?.map((issue) => issue.details?.text ?? '').join(' ') || text;
  } catch {
    return text.slice(0, 300);
  }
}

const FILES_PER_IMPORT = 100;

async function run(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      source: { type: 'string', default: 'urn:tessera:import' },
      url: { type: 'string' },
      token: { type: 'string' },
    },
  });
  const { tenant, source } = values;
  if (!tenant || positionals.length === 0) throw new Complaint('Usage: npm run -s import -- --tenant <slug> <file...>');

  const uploads = positionals.map(readUpload).sort((a, b) => Number(a.hasPatient) - Number(b.hasPatient));
  const api =
    values.url && values.token ? new Api(values.url.replace(/\/$/, ''), async () => values.token as string) : localApi(tenant);
  const files: FileProgress[] = [];
  for (let first = 0; first < uploads.length; first += FILES_PER_IMPORT) {
    files.push(...(await importTogether(api, tenant, source, uploads.slice(first, first + FILES_PER_IMPORT))));
  }
  return report(files);
}

function localApi(tenant: string): Api {
  let demo: DemoFile;
  try {
    demo = readDemo(process.env.TESSERA_DATA ?? '.local');
  } catch {
    throw new Complaint(
      `No running stack was found in ${join(process.env.TESSERA_DATA ?? '.local', 'demo.json')}: run npm start first, or name --url and --token.`,
    );
  }
  const admin = demo.tenants.find(({ slug }) => slug === tenant)?.users.find(({ role }) => role === 'admin');
  if (!admin)
    throw new Complaint(`There is no tenant "${tenant}" here: choose one of ${demo.tenants.map(({ slug }) => slug).join(', ')}.`);
  return new Api(demo.url, async () => (await signIn({ url: demo.url, user: admin })).accessToken);
}

async function importTogether(api: Api, tenant: string, source: string, uploads: readonly Upload[]): Promise<FileProgress[]> {
  const request: StartImport = { source, files: uploads.map(({ manifest }) => manifest) };
  const accepted = await api.call<ImportAccepted>('POST', `/api/${tenant}/fhir/R4/$import`, request);
  for (const [index, target] of accepted.uploads.entries()) {
    const upload = uploads[target.file];
    if (!upload) throw new Complaint(`The server asked for file ${target.file}, which was not offered.`);
    progressLine(`Uploading ${index + 1} of ${accepted.uploads.length}: ${upload.manifest.name}`);
    const answer = await fetch(target.url, { method: 'PUT', headers: target.headers, body: new Uint8Array(upload.bytes) });
    if (!answer.ok)
      throw new Complaint(
        `${upload.manifest.name} could not be uploaded (${answer.status}). Run the same line again: it goes on from here.`,
      );
  }
  await api.call('POST', `/api/${tenant}/imports/${accepted.id}/start`, {});
  for (;;) {
    const status = await api.call<ImportStatus>('GET', `/api/${tenant}/imports/${accepted.id}`);
    progressLine(describe(status));
    if (status.state === 'done' || status.state === 'failed') return status.files;
    await wait(700);
  }
}

function describe({ files }: ImportStatus): string {
  const current = files.find(({ done }) => !done);
  const finished = files.filter(({ done }) => done).length;
  if (!current) return `${finished} of ${files.length} files`;
  const counted = current.created + current.present + current.refused;
  return `${finished} of ${files.length} files, ${current.name}: ${counted} of ${current.entries ?? '?'} entries`;
}

/** On a terminal one line that changes; in a log nothing but the result. */
function progressLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

function report(files: readonly FileProgress[]): boolean {
  progressLine('');
  for (const file of files) {
    const missing = (file.entries ?? 0) - file.created - file.present - file.refused;
    console.log(
      `${file.name}: ${file.entries ?? 0} entries = ${sum(file)}${missing ? `, ${missing} NOT COUNTED` : ''}${file.failure ? `. ${file.failure}` : ''}`,
    );
    for (const [type, counts] of Object.entries(file.byType).sort(([a], [b]) => a.localeCompare(b)))
      console.log(`    ${type}: ${sum(counts)}`);
    if (file.unresolved) console.log(`    ${file.unresolved} references matched no record here and were kept as identifiers`);
    if (file.unmetClaims) console.log(`    ${file.unmetClaims} profiles were claimed and are not met: the claims stand as tags`);
    for (const { entry, type, issues } of file.refusals)
      console.log(
        `    refused entry ${entry} (${type}): ${issues.map(({ text, expression }) => `${expression ? `${expression}: ` : ''}${text}`).join(' ')}`,
      );
  }
  const total = files.reduce<Counts>(
    (all, { created, present, refused }) => ({
      created: all.created + created,
      present: all.present + present,
      refused: all.refused + refused,
    }),
    { created: 0, present: 0, refused: 0 },
  );
  console.log(`${files.length} files: ${sum(total)}`);
  return files.every(({ done, failure, refused }) => done && !failure && refused === 0);
}

const sum = ({ created, present, refused }: Counts): string =>
  `${created} created + ${present} already present + ${refused} refused`;

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Complaint ? error.message : error);
  process.exitCode = 2;
}
