import { createServer } from 'node:net';
import { StartRefused } from './refusal.ts';

const DEFAULT_PORT = 3000;

/** The port of the front door from PORT. @throws StartRefused when it is no port, or taken. */
export async function requirePort(text: string | undefined): Promise<number> {
  const port = text === undefined || text === '' ? DEFAULT_PORT : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartRefused(`PORT is "${text}", and a port is a number from 1 to 65535.`);
  const problem = await problemWith(port);
  if (problem === 'EADDRINUSE')
    throw new StartRefused(
      `Port ${port} is taken by another program: stop it, or choose another port with "PORT=${port === 65_535 ? 3_001 : port + 1} npm start".`,
    );
  if (problem) throw new StartRefused(`Port ${port} cannot be used (${problem}): choose another with "PORT=3001 npm start".`);
  return port;
}

/** Undefined when the port of the loopback address is free, else the system's error code. */
function problemWith(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
}
