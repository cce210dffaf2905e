import { useSyncExternalStore } from 'react';
import {
  MAX_FILE_BYTES,
  MAX_FILES,
  UPLOAD_TYPES,
  type UploadAccepted,
  type UploadLink,
  type UploadSource,
  type UploadStatus,
} from '../../schemas/uploads.ts';
import type { Api } from './api.ts';

/** An upload that this tab has in hand. It goes on while another page is shown; after a reload the board asks for the same files again. */
export interface RunningScan {
  readonly tenant: string;
  readonly upload: string;
  readonly file: number;
  readonly files: number;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

let running: RunningScan | undefined;
const listeners = new Set<() => void>();
const change = (next: RunningScan | undefined): void => {
  running = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useRunningScan = (): RunningScan | undefined => useSyncExternalStore(subscribe, () => running);

/** What of the chosen files cannot be uploaded, before anything is sent. */
export type FileFault = { readonly kind: 'tooLarge' | 'wrongType'; readonly name: string } | { readonly kind: 'tooMany' };
export function faultOf(files: readonly File[]): FileFault | undefined {
  if (files.length > MAX_FILES) return { kind: 'tooMany' };
  for (const { name, size, type } of files) {
    if (!(UPLOAD_TYPES as readonly string[]).includes(type)) return { kind: 'wrongType', name };
    if (size > MAX_FILE_BYTES) return { kind: 'tooLarge', name };
  }
  return undefined;
}

/** The upload did not arrive whole. What has arrived is kept, and `sendMissing` goes on with it. */
export class ScanStopped extends Error {
  readonly upload: string;
  constructor(upload: string) {
    super('The upload stopped.');
    this.upload = upload;
  }
}

/** Tries of one file: a connection breaks for a moment oftener than for good. */
const TRIES = 3;
const PAUSE_MS = 800;

/** Uploads files as the pages of one document, in this order. @throws ScanStopped, ApiError */
export async function sendScan(api: Api, files: readonly File[], source: UploadSource, patient?: string): Promise<string> {
  const accepted = await api.post<UploadAccepted>('/uploads', {
    source,
    files: files.map(({ type, size }) => ({ type, bytes: size })),
    ...(patient && { patient }),
  });
  await sendAll(api, accepted, new Map(accepted.links.flatMap((link) => withFile(link, files[link.file]))));
  return accepted.id;
}

/** The files that have not arrived, each the first of these with its size and type; undefined when one is not among them. */
export function filesFor(
  upload: UploadStatus,
  links: readonly UploadLink[],
  files: readonly File[],
): Map<UploadLink, File> | undefined {
  const left = [...files];
  const found = new Map<UploadLink, File>();
  for (const link of links) {
    const wanted = upload.files[link.file];
    const at = left.findIndex(({ size, type }) => size === wanted?.bytes && type === wanted.type);
    const [file] = at < 0 ? [] : left.splice(at, 1);
    if (!file) return undefined;
    found.set(link, file);
  }
  return found;
}

/** Goes on with an upload whose files have not all arrived. Answers false when these are not its files. @throws ScanStopped, ApiError */
export async function sendMissing(api: Api, id: string, files: readonly File[]): Promise<boolean> {
  const accepted = await api.post<UploadAccepted>(`/uploads/${id}/links`, {});
  const found = filesFor(accepted, accepted.links, files);
  if (!found) return false;
  await sendAll(api, accepted, found);
  return true;
}

const withFile = (link: UploadLink, file: File | undefined): [UploadLink, File][] => (file ? [[link, file]] : []);

async function sendAll(api: Api, { id }: UploadStatus, files: ReadonlyMap<UploadLink, File>): Promise<void> {
  const totalBytes = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  try {
    for (const [at, [link, file]] of [...files].entries()) {
      const tell = (sent: number) =>
        change({ tenant: api.tenant, upload: id, file: at + 1, files: files.size, sentBytes: done + sent, totalBytes });
      tell(0);
      for (let attempt = 1; !(await post(link, file, tell)); attempt++) {
        if (attempt === TRIES) throw new ScanStopped(id);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
      }
      done += file.size;
    }
  } finally {
    change(undefined);
  }
}

/** POSTs one file as a form, as its link asks for. fetch tells nothing of an upload's progress. */
function post({ url, fields }: UploadLink, file: File, onSent: (bytes: number) => void): Promise<boolean> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // Under a name of ours: a file's own may name a patient.
  form.append('file', file, 'scan');
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, file.size));
    request.onload = () => resolve(request.status < 300);
    request.onerror = () => resolve(false);
    request.send(form);
  });
}
