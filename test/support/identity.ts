import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentity, type Identity } from '../../local/identity/identity.ts';
import type { PoolSettings } from '../../local/identity/pool.ts';
import type { SignInClient } from '../../local/identity/sign-in.ts';
import { newTotpSecret } from '../../local/identity/totp.ts';

export const PASSWORD = 'Correct-horse-7-battery';

export interface RunningIdentity {
  readonly origin: string;
  readonly identity: Identity;
  readonly staff: SignInClient;
  /** A port to start again on, so that the issuer stays the same. */
  readonly port: number;
  stop(): Promise<void>;
}

export interface IdentitySettings {
  readonly dataDir: string;
  readonly port?: number;
  readonly pool?: Partial<PoolSettings>;
  readonly nowMs?: () => number;
  /** Answers what is below /api/. */
  readonly api?: (req: IncomingMessage, res: ServerResponse, running: Pick<RunningIdentity, 'staff'>) => Promise<void>;
}

/** The identity service alone behind an HTTP server of its own, with one pool "staff". */
export async function startIdentity({
  dataDir,
  port = 0,
  pool = {},
  nowMs = Date.now,
  api,
}: IdentitySettings): Promise<RunningIdentity> {
  let identity: Identity | undefined;
  let staff: SignInClient;
  const server = createServer((req, res) => {
    res.setHeader('connection', 'close'); // a test stops this server and starts it again on the same port
    if (api && req.url?.startsWith('/api/')) return void api(req, res, { staff });
    const handled = req.url?.startsWith('/cognito') ? identity?.cognitoApi(req, res) : identity?.handle(req, res);
    handled?.then((known) => known !== false || res.writeHead(404).end());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const origin = `http://localhost:${bound}`;
  staff = { issuer: `${origin}/oidc/staff`, clientId: 'staff-web', redirectUri: `${origin}/callback` };
  identity = await createIdentity({
    dataDir,
    origin,
    nowMs,
    pools: [
      {
        name: 'staff',
        poolId: 'us-east-1_Staff0001',
        clientId: staff.clientId,
        issuer: staff.issuer,
        redirectUris: [staff.redirectUri],
        postLogoutRedirectUris: [`${origin}/`],
        mfa: 'ON',
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
        },
        ...pool,
      },
    ],
  });
  return {
    origin,
    identity,
    staff,
    port: bound,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Somebody who has signed in before: own password, second factor set up. */
export async function addStaff(identity: Identity, email: string) {
  const users = identity.users('staff');
  const { user } = await users.create({ email, attributes: { name: 'Ada Lovelace' } });
  await users.setPassword(email, PASSWORD, { permanent: true });
  const totpSecret = newTotpSecret();
  await users.setTotp(email, { secret: totpSecret });
  return { email, password: PASSWORD, totpSecret, sub: user.sub };
}
