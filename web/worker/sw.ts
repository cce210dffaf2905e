import { kindOfRequest } from './kind-of-request.ts';

/**
 * The service worker (ADR 0013). It keeps the parts of the app that a screen is made of, so that Tessera opens without a connection, and
 * nothing else. A screen is asked for at the server first: a new version, or a stricter header, holds from the next load on.
 * The build puts the list of parts in the place of the two names below (web/build/shell-worker.ts).
 */
declare const __SHELL_PARTS__: readonly string[];
/** SHA-256 of index.html, in hex. */
declare const __SHELL_PAGE_HASH__: string;

/** What this worker needs of ServiceWorkerGlobalScope: TypeScript's own library for workers cannot stand beside the one for pages. */
interface WorkerScope {
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = self as unknown as WorkerScope;

const PAGE = '/index.html';
const PARTS = __SHELL_PARTS__;
const PREFIX = 'tessera-shell-';
const SHELL = `${PREFIX}${__SHELL_PAGE_HASH__.slice(0, 16)}`;
/** How long a screen is waited for before the kept page is shown. */
const PATIENCE_MS = 5_000;

worker.addEventListener('install', (event) => event.waitUntil(keepShell()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOlderShells()));
worker.addEventListener('message', ({ data, ports: [answer] }) => {
  if (data === 'take-over') void worker.skipWaiting();
  // A page asks by the name of its main script whether this worker is of its own version.
  else if (typeof data === 'string') answer?.postMessage(PARTS.includes(data));
});
worker.addEventListener('fetch', (event) => {
  const kind = kindOfRequest(event.request, worker.location.origin);
  if (kind === 'screen') event.respondWith(screen(event.request));
  if (kind === 'part') event.respondWith(part(event.request));
});

/** All or nothing: a page and parts of two versions, met in the middle of a deployment, are not kept; the browser tries again later. */
async function keepShell(): Promise<void> {
  const page = await fetch(PAGE, { cache: 'no-cache' });
  const body = await page.clone().arrayBuffer();
  const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', body))].map((byte) => byte.toString(16).padStart(2, '0'));
  if (hash.join('') !== __SHELL_PAGE_HASH__) throw new Error('index.html is of another version than this worker.');
  const shell = await caches.open(SHELL);
  await shell.addAll([...PARTS]);
  await shell.put(PAGE, page);
}

async function dropOlderShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== SHELL).map((name) => caches.delete(name)));
}

async function screen(request: Request): Promise<Response> {
  const kept = async () => (await caches.open(SHELL)).match(PAGE);
  const fresh = fetch(request);
  const slow = new Promise<Response | undefined>((resolve) => setTimeout(() => resolve(kept()), PATIENCE_MS));
  try {
    return (await Promise.race([fresh, slow])) ?? (await fresh);
  } catch (error) {
    const page = await kept();
    if (!page) throw error;
    return page;
  }
}

async function part(request: Request): Promise<Response> {
  return (await (await caches.open(SHELL)).match(request)) ?? fetch(request);
}
