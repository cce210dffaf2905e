import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn } from '../../local/identity/sign-in.ts';
import { addStaff, PASSWORD, type RunningIdentity, startIdentity } from '../support/identity.ts';
import { type Shown, Visitor } from '../support/visitor.ts';

/** The service's clock, moved by tests in steps of its own: codes and locks do not wait for the real one. */
let aheadMs = 0;
const nowMs = (): number => Date.now() + aheadMs;
const dataDir = mkdtempSync(join(tmpdir(), 'tessera-identity-'));
const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: nowMs() });
const nextCode = (secret: string): string => {
  aheadMs += 30_000;
  return codeOf(secret);
};

let running: RunningIdentity;
beforeAll(async () => {
  running = await startIdentity({
    dataDir,
    nowMs,
    pool: {
      preToken: async (event) => {
        const change = { claimsToAddOrOverride: { tenants: { oak: ['physician'] }, sub: 'somebody-else' } };
        const asked = { claimsToAddOrOverride: { ...change.claimsToAddOrOverride, seen: event.triggerSource } };
        return {
          ...event,
          response: { claimsAndScopeOverrideDetails: { idTokenGeneration: change, accessTokenGeneration: asked } },
        };
      },
    },
  });
});
afterAll(() => running.stop());

const users = () => running.identity.users('staff');
const add = (name: string) => addStaff(running.identity, `${name}@oak.example`);
const verified = async (token: string | undefined) =>
  jwtVerify(token ?? '', createRemoteJWKSet(new URL(`${running.staff.issuer}/.well-known/jwks.json`)), {
    issuer: running.staff.issuer,
    algorithms: ['RS256'],
  });

async function atCode(email: string): Promise<{ visitor: Visitor; page: Shown }> {
  const visitor = new Visitor(running.staff);
  await visitor.authorize();
  return { visitor, page: await visitor.send({ email, password: PASSWORD }) };
}
async function signedIn(user: { email: string; totpSecret: string }) {
  const { visitor } = await atCode(user.email);
  const callback = await visitor.send({ code: nextCode(user.totpSecret) });
  return { visitor, callback, tokens: await visitor.exchange(callback.url) };
}

describe('tokens', () => {
  test('an access token carries what Cognito’s does, the tenants from the trigger, and fifteen minutes', async () => {
    const ada = await add('ada');
    await users().addToGroup(ada.email, 'operator');
    const { tokens, callback } = await signedIn(ada);
    expect(new URL(callback.url).searchParams.get('state')).toBe('the-state');
    const { payload } = await verified(tokens.access_token);
    expect(payload).toMatchObject({
      sub: ada.sub,
      username: ada.sub,
      client_id: 'staff-web',
      token_use: 'access',
      scope: 'openid email profile',
      'cognito:groups': ['operator'],
      tenants: { oak: ['physician'] },
      seen: 'TokenGeneration_HostedAuth',
    });
    expect(payload).not.toHaveProperty('aud');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    expect(tokens.expires_in).toBe(900);
  });

  test('an id token is for the client and names the person and the tenants', async () => {
    const ida = await add('ida');
    const { tokens } = await signedIn(ida);
    const { payload } = await verified(tokens.id_token);
    expect(payload).toMatchObject({
      aud: 'staff-web',
      sub: ida.sub,
      token_use: 'id',
      email: ida.email,
      name: 'Ada Lovelace',
      tenants: { oak: ['physician'] },
    });
  });

  test('a refresh token comes without asking, is good once, and its second use ends the sign-in', async () => {
    const { visitor, tokens } = await signedIn(await add('rosa'));
    const first = await visitor.refresh(tokens.refresh_token ?? '');
    expect(first.status).toBe(200);
    expect(first.refresh_token).not.toBe(tokens.refresh_token);
    expect((await verified(first.access_token)).payload.seen).toBe('TokenGeneration_RefreshTokens');
    expect(await visitor.refresh(tokens.refresh_token ?? '')).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await visitor.refresh(first.refresh_token ?? '')).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('a code is good once', async () => {
    const { visitor, callback } = await signedIn(await add('cora'));
    expect(await visitor.exchange(callback.url)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('whoever is signed in already gets a code without a page, and after signing out does not', async () => {
    const { visitor, tokens } = await signedIn(await add('sam'));
    expect((await visitor.authorize()).url).toContain('code=');
    const leave = new URLSearchParams({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${running.origin}/` });
    const page = await visitor.open(`${running.staff.issuer}/logout?${leave}`);
    expect(page.text).toContain('submit.js');
    const [, action = '', xsrf = ''] = /action="([^"]+)"><input type="hidden" name="xsrf" value="([^"]+)"/.exec(page.text) ?? [];
    await visitor.open(action, new URLSearchParams({ xsrf, logout: 'yes' }));
    expect((await visitor.authorize()).heading).toBe('Sign in');
    expect(await visitor.refresh(tokens.refresh_token ?? '')).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('requests that are refused', () => {
  test.each([
    {
      change: { code_challenge: undefined, code_challenge_method: undefined },
      error: 'invalid_request',
      because: 'there is no PKCE',
    },
    {
      change: { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
      error: 'invalid_request',
      because: 'PKCE is plain',
    },
    { change: { code_challenge_method: undefined }, error: 'invalid_request', because: 'without a method PKCE means plain' },
    { change: { response_type: 'token' }, error: 'unsupported_response_type', because: 'the implicit flow is off' },
    { change: { scope: 'openid offline_access' }, error: 'invalid_scope', because: 'Cognito knows no such scope' },
  ])('$because → $error', async ({ change, error }) => {
    const answer = await new Visitor(running.staff).authorize(change);
    expect(`${answer.url} ${answer.text}`).toContain(error);
    expect(answer.url).not.toContain('code=');
  });

  test('an address that is not registered is never sent anything', async () => {
    const answer = await new Visitor(running.staff).authorize({ redirect_uri: 'http://localhost:1/callback' });
    expect(answer).toMatchObject({ status: 400, heading: 'This sign-in cannot go on' });
  });

  test.each([
    { verifier: undefined, because: 'the verifier is missing' },
    { verifier: 'x'.repeat(43), because: 'the verifier is another one' },
  ])('no tokens when $because', async ({ verifier }) => {
    const vera = await add(`vera-${verifier?.length ?? 0}`);
    const { visitor } = await atCode(vera.email);
    const callback = await visitor.send({ code: nextCode(vera.totpSecret) });
    expect(await visitor.exchange(callback.url, { code_verifier: verifier })).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
  });

  test('a page of another browser cannot go on with this one’s sign-in', async () => {
    const visitor = new Visitor(running.staff);
    const { url } = await visitor.authorize();
    expect(await new Visitor(running.staff).open(url)).toMatchObject({ status: 400, heading: 'This sign-in cannot go on' });
  });
});

describe('password', () => {
  test('a wrong password and an unknown e-mail are told in the same words', async () => {
    await add('paul');
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    const wrong = await visitor.send({ email: 'paul@oak.example', password: 'Wrong-horse-7-battery' });
    const unknown = await visitor.send({ email: 'nobody@oak.example', password: PASSWORD });
    expect(wrong).toMatchObject({ status: 422, alert: unknown.alert });
  });

  test('after five wrong ones even the right one has to wait, twice as long each time', async () => {
    const { email } = await add('lou');
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    for (let guess = 0; guess < 5; guess += 1) await visitor.send({ email, password: `Wrong-horse-${guess}-battery` });
    expect((await visitor.send({ email, password: PASSWORD })).alert).toMatch(/^Too many attempts/);
    aheadMs += 1_001;
    await visitor.send({ email, password: 'Wrong-horse-6-battery' });
    aheadMs += 1_001;
    expect((await visitor.send({ email, password: PASSWORD })).alert).toMatch(/^Too many attempts/);
    aheadMs += 1_001;
    expect((await visitor.send({ email, password: PASSWORD })).heading).toBe('Enter your code');
  });

  test('guesses that arrive together count as many guesses', async () => {
    const { email } = await add('mia');
    const visitors = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const visitor = new Visitor(running.staff);
        await visitor.authorize();
        return visitor;
      }),
    );
    const answers = await Promise.all(
      visitors.map((visitor, at) => visitor.send({ email, password: `Wrong-horse-${at}-battery` })),
    );
    expect(answers.filter(({ alert }) => alert?.startsWith('The e-mail'))).toHaveLength(5);
  });

  test('a temporary password opens nothing until a new one is chosen by the rules', async () => {
    await users().create({ email: 'temp@oak.example', temporaryPassword: 'Temporary-7-horse' });
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: 'temp@oak.example', password: 'Temporary-7-horse' })).heading).toBe(
      'Choose a new password',
    );
    expect((await visitor.send({ password: 'short', repeat: 'short' })).text).toContain('at least 12 characters');
    expect((await visitor.send({ password: PASSWORD, repeat: 'Another-horse-7-battery' })).alert).toBe(
      'The two passwords are not the same.',
    );
    expect((await visitor.send({ password: 'Temporary-7-horse', repeat: 'Temporary-7-horse' })).alert).toMatch(
      /differs from the temporary one/,
    );
    expect((await visitor.send({ password: PASSWORD, repeat: PASSWORD })).heading).toBe('Set up your authenticator app');
  });

  test('a disabled user is told so only after the right password, and an enabled one signs in again', async () => {
    const dora = await add('dora');
    await users().setEnabled(dora.email, false);
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: dora.email, password: 'Wrong-horse-7-battery' })).alert).toMatch(/not right/);
    expect((await visitor.send({ email: dora.email, password: PASSWORD })).alert).toMatch(/switched off/);
    await users().setEnabled(dora.email, true);
    expect((await signedIn(dora)).tokens.status).toBe(200);
  });

  test('a user who has to reset the password does not get in with the old one', async () => {
    const { email } = await add('rita');
    await users().requireReset(email);
    const { page } = await atCode(email);
    expect(page.alert).toMatch(/set anew/);
  });
});

describe('second factor', () => {
  test('the same code does not open a second session', async () => {
    const { email, totpSecret } = await add('toni');
    const code = nextCode(totpSecret);
    const one = await atCode(email);
    const two = await atCode(email);
    expect((await one.visitor.send({ code })).url).toContain('code=');
    expect((await two.visitor.send({ code })).alert).toMatch(/used already/);
  });

  test.each([
    { offSteps: -2, right: false },
    { offSteps: -1, right: true },
    { offSteps: 1, right: true },
    { offSteps: 2, right: false },
  ])('a phone that is $offSteps steps off: $right', async ({ offSteps, right }) => {
    const { email, totpSecret } = await add(`off${offSteps}`);
    const { visitor } = await atCode(email);
    const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: nowMs() + offSteps * 30_000 });
    expect((await visitor.send({ code })).url.includes('code=')).toBe(right);
  });

  test('wrong codes lock the account as wrong passwords do', async () => {
    const { email, totpSecret } = await add('gus');
    const { visitor } = await atCode(email);
    const wrong = String((Number(codeOf(totpSecret)) + 500_000) % 1_000_000).padStart(6, '0');
    for (let guess = 0; guess < 5; guess += 1) await visitor.send({ code: wrong });
    expect((await visitor.send({ code: codeOf(totpSecret) })).alert).toMatch(/^Too many attempts/);
  });

  test('whoever has none sets one up before the first token, and it is asked for from then on', async () => {
    const { user } = await users().create({ email: 'new@oak.example' });
    await users().setPassword(user.sub, PASSWORD, { permanent: true });
    const { visitor, page } = await atCode('new@oak.example');
    expect(page.heading).toBe('Set up your authenticator app');
    expect(page.text).toContain('data:image/svg+xml;base64,');
    const secret = (/id="secret">([^<]+)/.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
    expect((await visitor.send({ code: '000000' })).alert).toMatch(/not right/);
    const callback = await visitor.send({ code: nextCode(secret) });
    expect((await visitor.exchange(callback.url)).status).toBe(200);
    expect((await atCode('new@oak.example')).page.heading).toBe('Enter your code');
  });
});

describe('ending sign-ins', () => {
  test('global sign-out ends the session and every refresh token', async () => {
    const gil = await add('gil');
    const one = await signedIn(gil);
    const two = await signedIn(gil);
    await users().signOutEverywhere(gil.email);
    for (const { visitor, tokens } of [one, two]) {
      expect(await visitor.refresh(tokens.refresh_token ?? '')).toMatchObject({ error: 'invalid_grant' });
      expect((await visitor.authorize()).heading).toBe('Sign in');
    }
  });

  test('a user disabled in the middle of a session gets no further token', async () => {
    const max = await add('max');
    const { visitor, tokens } = await signedIn(max);
    await users().setEnabled(max.email, false);
    expect(await visitor.refresh(tokens.refresh_token ?? '')).toMatchObject({ error: 'invalid_grant' });
  });
});

test('users, keys, sessions and used codes outlive a restart', async () => {
  const dan = await add('dan');
  const { visitor, tokens } = await signedIn(dan);
  const used = codeOf(dan.totpSecret);
  await running.stop();
  running = await startIdentity({ dataDir, port: running.port, nowMs });
  await verified(tokens.access_token);
  expect((await visitor.authorize()).url).toContain('code=');
  expect((await visitor.refresh(tokens.refresh_token ?? '')).status).toBe(200);
  const again = await atCode(dan.email);
  expect((await again.visitor.send({ code: used })).alert).toMatch(/used already/);
});

test('nothing on disk gives a password away', async () => {
  const eve = await add('eve');
  await running.identity.close();
  const folder = join(dataDir, 'identity');
  const everything = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  expect(everything).toContain(eve.email);
  expect(everything).not.toContain(PASSWORD);
});

test('the sign-in that commands use goes through the same pages, even twice within one code', async () => {
  aheadMs = 0;
  const kim = await add('kim');
  for (let round = 0; round < 2; round += 1) {
    const { accessToken } = await signIn({ url: running.origin, user: kim, client: running.staff });
    expect((await verified(accessToken)).payload.sub).toBe(kim.sub);
  }
  const wrong = signIn({ url: running.origin, user: { ...kim, password: 'Wrong-horse-7-battery' }, client: running.staff });
  await expect(wrong).rejects.toThrow(/not right/);
});
