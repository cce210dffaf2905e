import { describe, expect, test } from 'vitest';
import type { Role } from '../../schemas/access.ts';
import { addTenants } from './add-tenants.ts';
import type { PreTokenEvent } from './pre-token-event.ts';

const event = (sub: string): PreTokenEvent => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'us-east-1',
  userPoolId: 'us-east-1_Staff0001',
  userName: sub,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
  request: { userAttributes: { sub }, groupConfiguration: {} },
  response: { claimsAndScopeOverrideDetails: null },
});
const memberships = (slugs: readonly string[], roles: readonly Role[] = ['nurse']) => ({
  membershipsOf: async (sub: string) => (sub === 'ada' ? slugs.map((slug) => ({ slug, roles })) : []),
});
const tenantsIn = (answer: PreTokenEvent) => {
  const { accessTokenGeneration, idTokenGeneration } = answer.response.claimsAndScopeOverrideDetails ?? {};
  expect(idTokenGeneration).toEqual(accessTokenGeneration);
  expect(Object.keys(accessTokenGeneration?.claimsToAddOrOverride ?? {})).toEqual(['tenants', 'people']);
  return accessTokenGeneration?.claimsToAddOrOverride?.tenants;
};

describe('addTenants', () => {
  test('both tokens name each tenant with the roles held in it, and nothing else is touched', async () => {
    const answer = await addTenants(event('ada'), memberships(['oak', 'oak-hill'], ['admin', 'physician']));
    expect(tenantsIn(answer)).toEqual({ oak: ['admin', 'physician'], 'oak-hill': ['admin', 'physician'] });
    expect({ ...answer, response: undefined }).toEqual({ ...event('ada'), response: undefined });
  });

  test('the access token says who the person is: their name, and their record in each clinic that has one', async () => {
    const ada = { ...event('ada'), request: { userAttributes: { sub: 'ada', name: 'Ada L.' }, groupConfiguration: {} } };
    const known = {
      membershipsOf: async () => [
        { slug: 'oak', roles: [], fhirUser: 'Practitioner/1' },
        { slug: 'elm', roles: [] },
      ],
    };
    const { accessTokenGeneration, idTokenGeneration } =
      (await addTenants(ada, known)).response.claimsAndScopeOverrideDetails ?? {};
    expect(accessTokenGeneration?.claimsToAddOrOverride).toMatchObject({ name: 'Ada L.', people: { oak: 'Practitioner/1' } });
    // Cognito puts the name into the id token by itself.
    expect(idTokenGeneration?.claimsToAddOrOverride).not.toHaveProperty('name');
  });

  test('somebody without a membership gets an empty claim, not a missing one', async () => {
    expect(tenantsIn(await addTenants(event('bob'), memberships(['oak'])))).toEqual({});
  });

  test('of more than twenty memberships the first twenty by slug count, in whatever order they come', async () => {
    const slugs = Array.from({ length: 25 }, (_, at) => `clinic-${String.fromCharCode(97 + at)}`);
    const tenants = tenantsIn(await addTenants(event('ada'), memberships(slugs.toReversed())));
    expect(Object.keys(tenants as object)).toEqual(slugs.slice(0, 20));
  });

  test('a directory that cannot be read fails the token', async () => {
    const broken = { membershipsOf: () => Promise.reject(new Error('no answer')) };
    await expect(addTenants(event('ada'), broken)).rejects.toThrow('no answer');
  });
});
