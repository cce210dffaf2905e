import { describe, expect, test } from 'vitest';
import { PATIENTS, STAFF, type TokenSpec, tokenFor, verifyTestToken } from '../../test/support/api.ts';
import { createTokenVerifier } from './tokens.ts';

const OAK = { oak: ['physician'] } as const;

describe('a token', () => {
  test('of the staff pool opens its tenants with the roles that exist', async () => {
    const caller = await verifyTestToken(
      tokenFor({ sub: 'ada', tenants: { oak: ['physician', 'emperor', 'patient'] }, groups: ['operator'] }),
    );
    expect(caller).toMatchObject({ id: 'ada', pool: 'staff', operator: true });
    expect([...caller.tenants]).toEqual([['oak', ['physician']]]);
  });

  test('of the patients pool makes nobody staff and nobody an operator, whatever it says', async () => {
    const caller = await verifyTestToken(
      tokenFor({ issuer: PATIENTS, tenants: { oak: ['admin', 'patient'] }, groups: ['operator'] }),
    );
    expect(caller.operator).toBe(false);
    expect([...caller.tenants]).toEqual([['oak', ['patient']]]);
  });

  test('within the clock tolerance is good', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expect(verifyTestToken(tokenFor({ claims: { exp: now - 10 } }))).resolves.toMatchObject({ id: 'user-1' });
  });

  const refused: { title: string; spec: TokenSpec }[] = [
    { title: 'signed by somebody else', spec: { forged: true } },
    { title: 'of another issuer', spec: { claims: { iss: 'https://evil.test' } } },
    { title: 'of the other pool’s client', spec: { issuer: { ...STAFF, clientId: PATIENTS.clientId } } },
    { title: 'that is an id token', spec: { claims: { token_use: 'id' } } },
    { title: 'that has expired', spec: { claims: { exp: Math.floor(Date.now() / 1000) - 60 } } },
    { title: 'that never expires', spec: { claims: { exp: undefined } } },
    { title: 'that is not good yet', spec: { claims: { nbf: Math.floor(Date.now() / 1000) + 600 } } },
    { title: 'without a subject', spec: { claims: { sub: '' } } },
    { title: 'whose tenants are nonsense', spec: { claims: { tenants: 'oak' } } },
  ];
  test.each(refused)('$title is refused', async ({ spec }) => {
    await expect(verifyTestToken(tokenFor({ tenants: OAK, ...spec }))).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  test.each([
    '',
    'a.b.c',
    'not a token',
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"iss":"${STAFF.issuer}"}`).toString('base64url')}.`,
  ])('made of %j is refused', async (token) => {
    await expect(verifyTestToken(token)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  test('cannot be checked while the keys cannot be fetched, which is not the caller’s fault', async () => {
    const verify = createTokenVerifier([{ ...STAFF, issuer: 'http://127.0.0.1:9/pool' }]);
    await expect(verify(tokenFor({ claims: { iss: 'http://127.0.0.1:9/pool' } }))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('is never checked with keys fetched by http from another machine', async () => {
    const verify = createTokenVerifier([{ ...STAFF, issuer: 'http://keys.test/pool' }]);
    await expect(verify(tokenFor({ claims: { iss: 'http://keys.test/pool' } }))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
