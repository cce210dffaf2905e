import { ErrorResponse, User } from 'oidc-client-ts';
import { expect, test } from 'vitest';
import { createTokens } from './tokens.ts';

const user = (token: string, seconds: number): User =>
  new User({
    access_token: token,
    token_type: 'Bearer',
    profile: { sub: 'ada', iss: '', aud: '', exp: 0, iat: 0 },
    expires_at: Date.now() / 1000 + seconds,
  });
const tokensOf = (kept: User | null, renew: () => Promise<User | null>) =>
  createTokens({ getUser: async () => kept, signinSilent: renew });
const unasked = () => Promise.reject(new Error('Nobody asked for this.'));

test('a token that is good for a while is used as it is', async () => {
  expect(await tokensOf(user('good', 60), unasked)()).toBe('good');
});

test('one that is over is renewed, once for all who ask meanwhile', async () => {
  let asked = 0;
  const token = tokensOf(user('old', 5), async () => {
    asked += 1;
    return user('new', 900);
  });
  expect(await Promise.all([token(), token(), token()])).toEqual(['new', 'new', 'new']);
  expect(asked).toBe(1);
});

test('what the issuer refuses is over', async () => {
  const refused = () => Promise.reject(new ErrorResponse({ error: 'invalid_grant' }));
  expect(await tokensOf(user('old', 5), refused)()).toBeUndefined();
});

test('an issuer that is not reached ends nothing: the request fails, and the next one asks again', async () => {
  let line: 'dead' | 'alive' = 'dead';
  const token = tokensOf(user('old', -30), async () => {
    if (line === 'dead') throw new TypeError('Failed to fetch');
    return user('new', 900);
  });
  await expect(token()).rejects.toMatchObject({ status: 0 });
  line = 'alive';
  expect(await token()).toBe('new');
});
