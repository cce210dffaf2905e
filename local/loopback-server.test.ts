import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LoopbackServer } from './loopback-server.ts';

let server: LoopbackServer;
beforeAll(async () => {
  server = await LoopbackServer.open();
  server.answerWith(async (_, response) => void response.end('ours'));
});
afterAll(() => server.close());

const statusFor = async (host: string): Promise<number | undefined> => {
  const call = request(server.url, { headers: { host } }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
};

test.each([
  { host: '127.0.0.1:8000', status: 200, because: 'as the SDKs call it' },
  { host: 'localhost:8000', status: 200, because: 'as a person may' },
  { host: 'rebound.example:8000', status: 421, because: 'a page whose name was made to point here' },
  { host: '127.0.0.1.rebound.example', status: 421, because: 'a name that only begins like the address' },
])('$host: $status, $because', async ({ host, status }) => expect(await statusFor(host)).toBe(status));
