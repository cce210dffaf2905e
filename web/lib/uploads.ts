import { useSyncExternalStore } from 'react';
import type { ImportAccepted, ImportFile } from '../../schemas/imports.ts';
import type { Api } from './api.ts';

/** An upload that this tab has in hand. It goes on while another page is shown, and ends with the tab: the list then asks for the files again. */
export interface RunningUpload {
  readonly tenant: string;
  readonly import: string | undefined;
  readonly name: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

let running: RunningUpload | undefined;
const listeners = new Set<() => void>();
const change = (next: RunningUpload | undefined): void => {
  running = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useRunningUpload = (): RunningUpload | undefined => useSyncExternalStore(subscribe, () => running);

/** Whether a file's name says that it can be imported as FHIR. */
export const isFhirFile = (name: string): boolean => /\.(json|ndjson)(\.gz)?$/i.test(name);
export const isTable = (name: string): boolean => /\.(csv|tsv|txt)$/i.test(name);

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function textOf(file: File): Promise<string> {
  if (!/\.gz$/i.test(file.name)) return file.text();
  return new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

interface Chosen {
  readonly file: File;
  readonly manifest: ImportFile;
  readonly hasPatient: boolean;
}

async function chosenOf(file: File): Promise<Chosen> {
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const text = await textOf(file).catch(() => ''); // a file that cannot be read is refused by the worker, with its reason
  return {
    file,
    manifest: {
      name: file.name.slice(0, 200),
      bytes: file.size,
      sha256,
      format: /\.ndjson(\.gz)?$/i.test(file.name) ? 'ndjson' : 'bundle',
      ...(/\.gz$/i.test(file.name) && { encoding: 'gzip' as const }),
    },
    hasPatient: /"resourceType"\s*:\s*"Patient"/.test(text),
  };
}

/** PUTs a file and says how much has left. fetch tells nothing of an upload's progress. */
function put(url: string, headers: Readonly<Record<string, string>>, file: File, onSent: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => (request.status < 300 ? resolve() : reject(new UploadStopped(file.name)));
    request.onerror = () => reject(new UploadStopped(file.name));
    request.send(file);
  });
}

/** The upload did not arrive. The same files again go on with it. */
export class UploadStopped extends Error {
  readonly file: string;
  constructor(file: string) {
    super('The upload stopped.');
    this.file = file;
  }
}

/**
 * Hands files to the clinic's $import: announces them, uploads what is missing, starts the work. The same files from the same source go on
 * with an unfinished import instead of beginning another. Files of places and people come before the charts that refer to them.
 */
export async function importFiles(api: Api, source: string, files: readonly File[]): Promise<string> {
  const chosen = (await Promise.all(files.map(chosenOf))).sort((a, b) => Number(a.hasPatient) - Number(b.hasPatient));
  try {
    const accepted = await api.post<ImportAccepted>('/fhir/R4/$import', {
      source,
      files: chosen.map(({ manifest }) => manifest),
    });
    const missing = accepted.uploads.flatMap((upload) => {
      const found = chosen[upload.file];
      return found ? [{ ...upload, source: found.file }] : [];
    });
    const totalBytes = missing.reduce((sum, { source: file }) => sum + file.size, 0);
    let done = 0;
    for (const { url, headers, source: file } of missing) {
      const tell = (bytes: number) =>
        change({ tenant: api.tenant, import: accepted.id, name: file.name, sentBytes: done + bytes, totalBytes });
      tell(0);
      await put(url, headers, file, tell);
      done += file.size;
    }
    await api.post(`/imports/${accepted.id}/start`, {});
    return accepted.id;
  } finally {
    change(undefined);
  }
}
