import type { Behaviour } from '../template/distribution.ts';
import { type HttpAnswer, refusal } from './gateway-answer.ts';
import type { WireRequest } from './gateway-event.ts';
import { REFUSALS } from './limits.ts';
import { serveFile } from './site.ts';
import { runViewerFunction } from './viewer-function.ts';
import { fitsWildcard } from './wildcard.ts';

export type ServeApi = (request: WireRequest, originHeaders: Readonly<Record<string, string>>) => Promise<HttpAnswer>;

/** The distribution: chooses the behaviour by path, asks its origin and puts the policy's headers on the answer. */
export const createDistribution =
  (behaviours: readonly Behaviour[], serveApi: ServeApi) =>
  async (request: WireRequest): Promise<HttpAnswer> => {
    const path = request.target.split('?')[0] ?? '/';
    const behaviour = behaviours.find(({ pattern }) =>
      fitsWildcard(pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`, path),
    );
    if (!behaviour) return refusal(REFUSALS.notFound);
    const answer = await askOrigin(behaviour, request, path, serveApi);
    const headers = { ...answer.headers, ...behaviour.setHeaders };
    for (const name of behaviour.removeHeaders) delete headers[name];
    return { ...answer, headers };
  };

async function askOrigin(
  { origin, viewerRequest }: Behaviour,
  request: WireRequest,
  path: string,
  serveApi: ServeApi,
): Promise<HttpAnswer> {
  const rewritten = viewerRequest ? await runViewerFunction(viewerRequest, { method: request.method, uri: path }) : { uri: path };
  if ('statusCode' in rewritten) {
    const headers = Object.fromEntries(Object.entries(rewritten.headers ?? {}).map(([name, { value }]) => [name, value]));
    return { status: rewritten.statusCode, headers, body: Buffer.alloc(0) };
  }
  if (origin.kind === 'api')
    return serveApi({ ...request, target: rewritten.uri + request.target.slice(path.length) }, origin.headers);
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 403, headers: {}, body: Buffer.alloc(0) };
  const uri = rewritten.uri === '/' && origin.rootObject ? `/${origin.rootObject}` : rewritten.uri;
  return serveFile(origin.uploads, uri, headerOf(request, 'if-none-match'));
}

function headerOf({ rawHeaders }: WireRequest, wanted: string): string | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === wanted);
  return at < 0 ? undefined : rawHeaders[at + 1];
}
