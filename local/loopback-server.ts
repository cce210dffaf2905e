import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { isLoopbackHost } from './loopback-host.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server on a free port of the loopback address. What it answers is said later, when the addresses of all servers are known. */
export class LoopbackServer {
  readonly url: string;
  readonly #server: Server;
  #handle: Handle = async (_, response) => {
    response.writeHead(503).end();
  };

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
    server.on('request', (request, response) => {
      if (!isLoopbackHost(request.headers.host)) {
        response.writeHead(421, { connection: 'close' }).end();
        return;
      }
      this.#handle(request, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
  }

  static async open(): Promise<LoopbackServer> {
    const server = createServer({ requestTimeout: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (!address || typeof address === 'string') throw new Error('A loopback server has no port.');
    return new LoopbackServer(server, `http://127.0.0.1:${address.port}`);
  }

  answerWith(handle: Handle): void {
    this.#handle = handle;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
