import { runInNewContext } from 'node:vm';

interface ViewerRequest {
  method: string;
  uri: string;
}
interface ViewerResponse {
  statusCode: number;
  headers?: Record<string, { value: string }>;
}

/** Runs a CloudFront function of the viewer-request kind: the path it asks the origin for, or the answer it gives itself. */
export async function runViewerFunction(code: string, request: ViewerRequest): Promise<{ uri: string } | ViewerResponse> {
  const event = {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    request: { ...request, querystring: {}, headers: {}, cookies: {} },
  };
  return (await handlerOf(code)(event)) as { uri: string } | ViewerResponse;
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
