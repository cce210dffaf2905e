import { runInNewContext } from 'node:vm';

/** Lower-case names. */
export type ViewerHeaders = Record<string, { value: string }>;
interface ViewerRequest {
  method: string;
  uri: string;
  headers: ViewerHeaders;
}
interface ViewerResponse {
  statusCode: number;
  headers?: ViewerHeaders;
}

/** Runs a CloudFront function of the viewer-request kind: the path and headers it asks the origin with, or the answer it gives itself. */
export async function runViewerFunction(
  code: string,
  request: ViewerRequest,
  viewer: { readonly ip: string },
): Promise<Pick<ViewerRequest, 'uri' | 'headers'> | ViewerResponse> {
  const event = {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer,
    request: { ...request, querystring: {}, cookies: {} },
  };
  return (await handlerOf(code)(event)) as Pick<ViewerRequest, 'uri' | 'headers'> | ViewerResponse;
}

/** Compiled once, as CloudFront does: each API request runs one. */
const handlers = new Map<string, (event: unknown) => unknown>();
function handlerOf(code: string): (event: unknown) => unknown {
  const known = handlers.get(code);
  if (known) return known;
  const handler = runInNewContext(`${code}\nhandler`, {}, { timeout: 1_000 }) as (event: unknown) => unknown;
  handlers.set(code, handler);
  return handler;
}
