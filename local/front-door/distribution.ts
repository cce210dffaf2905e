import type { Behaviour } from '../template/distribution.ts';
import { type HttpAnswer, refusal } from './gateway-answer.ts';
import type { WireRequest } from './gateway-event.ts';
import { REFUSALS } from './limits.ts';
import { serveFile } from './site.ts';
import { runViewerFunction, type ViewerHeaders } from './viewer-function.ts';
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
  const seen = viewerHeaders(request.rawHeaders);
  const rewritten = viewerRequest
    ? await runViewerFunction(
        viewerRequest,
        { method: request.method, uri: path, headers: structuredClone(seen) },
        { ip: request.sourceIp },
      )
    : { uri: path, headers: seen };
  if ('statusCode' in rewritten) {
    const headers = Object.fromEntries(Object.entries(rewritten.headers ?? {}).map(([name, { value }]) => [name, value]));
    return { status: rewritten.statusCode, headers, body: Buffer.alloc(0) };
  }
  if (origin.kind === 'api')
    return serveApi(
      {
        ...request,
        target: rewritten.uri + request.target.slice(path.length),
        rawHeaders: changedHeaders(request.rawHeaders, seen, rewritten.headers),
      },
      origin.headers,
    );
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 403, headers: {}, body: Buffer.alloc(0) };
  const uri = rewritten.uri === '/' && origin.rootObject ? `/${origin.rootObject}` : rewritten.uri;
  return serveFile(origin.uploads, uri, headerOf(request, 'if-none-match'));
}

/** What a viewer function is shown: of a header that is there several times, the first. */
function viewerHeaders(rawHeaders: readonly string[]): ViewerHeaders {
  const headers: ViewerHeaders = {};
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2)
    headers[(rawHeaders[at] ?? '').toLowerCase()] = { value: rawHeaders[at + 1] ?? '' };
  return headers;
}

/** The request's headers, but for those that the function took away, changed or added. */
function changedHeaders(rawHeaders: readonly string[], before: ViewerHeaders, after: ViewerHeaders): string[] {
  const isSame = (name: string): boolean => before[name]?.value === after[name]?.value;
  const kept = rawHeaders.filter((_, at) => isSame((rawHeaders[at - (at % 2)] ?? '').toLowerCase()));
  return [...kept, ...Object.entries(after).flatMap(([name, { value }]) => (isSame(name) ? [] : [name, value]))];
}

function headerOf({ rawHeaders }: WireRequest, wanted: string): string | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === wanted);
  return at < 0 ? undefined : rawHeaders[at + 1];
}
