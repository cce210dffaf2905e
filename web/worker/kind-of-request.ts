/** What the service worker has to do with a request. `other`: it does not touch it, and the browser goes on as if there were no worker. */
export type RequestKind = 'screen' | 'part' | 'other';

/**
 * Invariant: an answer of the API, of the sign-in or of a document store is `other`. Kept are parts of the app itself, which carry their
 * content's hash in their name and hold nothing of any patient.
 */
export function kindOfRequest({ method, url, mode }: Pick<Request, 'method' | 'url' | 'mode'>, origin: string): RequestKind {
  const { origin: target, pathname, search } = new URL(url);
  if (method !== 'GET' || target !== origin || pathname.startsWith('/api/')) return 'other';
  if (mode === 'navigate') return 'screen';
  return pathname.startsWith('/assets/') && search === '' ? 'part' : 'other';
}
