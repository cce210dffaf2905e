import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isLoopbackHost } from '../loopback-host.ts';
import { type HttpAnswer, refusal } from './gateway-answer.ts';
import type { WireRequest } from './gateway-event.ts';
import { MOST_GATEWAY_BODY_BYTES, REFUSALS } from './limits.ts';

/** Takes the request when it is its own; answers whether it did. */
export type OwnPages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface FrontDoorOptions {
  readonly port: number;
  readonly serve: (request: WireRequest) => Promise<HttpAnswer>;
  /** What is not the distribution's: the sign-in pages and the pages of the local runtime itself. */
  readonly own: readonly OwnPages[];
}

/** Larger than what API Gateway takes, so that its refusal is ours to word. */
const MOST_HEAD_BYTES = 64 * 1024;
/** How long an idle connection is kept, ms: longer than CloudFront keeps its own. */
const KEEP_ALIVE_MS = 65_000;

/** The one HTTP server that a browser meets, on the loopback address. Resolves when it listens. */
export async function openFrontDoor({ port, serve, own }: FrontDoorOptions): Promise<Server> {
  const server = createServer({ maxHeaderSize: MOST_HEAD_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(request, response, serve, own).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) send(response, refusal(REFUSALS.functionFailed), request.method);
      else response.destroy();
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  serve: FrontDoorOptions['serve'],
  own: readonly OwnPages[],
): Promise<void> {
  if (!isLoopbackHost(request.headers.host))
    return send(response, { status: 421, headers: {}, body: Buffer.from('This server answers to localhost only.') });
  for (const pages of own) if (await pages(request, response)) return;
  const body = await readBody(request);
  if (!body) {
    response.setHeader('connection', 'close');
    return send(response, refusal(REFUSALS.bodyTooLarge), request.method);
  }
  const { method = 'GET', url: target = '/', rawHeaders } = request;
  send(
    response,
    await serve({
      method,
      target,
      rawHeaders,
      body,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      port: request.socket.localPort ?? 0,
    }),
    method,
  );
}

/** The whole body, or undefined when it is larger than the gateway takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MOST_GATEWAY_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  return bytes <= MOST_GATEWAY_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, method = 'GET'): void {
  response.writeHead(status, { ...headers, ...(status !== 204 && status !== 304 && { 'content-length': body.length }) });
  response.end(method === 'HEAD' ? undefined : body);
}
