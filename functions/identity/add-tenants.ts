import type { Role } from '../../schemas/access.ts';
import type { PreTokenEvent } from './pre-token-event.ts';

/** A token names no more tenants than this, so that a request's headers stay within the front door's 10,240 bytes. */
const MOST_TENANTS = 20;

export interface Memberships {
  membershipsOf(
    sub: string,
  ): Promise<readonly { readonly slug: string; readonly roles: readonly Role[]; readonly fhirUser?: string }[]>;
}

/**
 * Adds the person's tenants and the roles in each, `{slug: [roles]}`, to the access and the id token, and who they are in the records of
 * each, `{slug: Practitioner/123}`. The access token says the person's name too, for the audit trail. Of somebody with more memberships
 * than a token names, the first twenty by slug count.
 */
export async function addTenants(event: PreTokenEvent, memberships: Memberships): Promise<PreTokenEvent> {
  const all = await memberships.membershipsOf(event.request.userAttributes.sub ?? event.userName);
  const named = all.toSorted((a, b) => (a.slug < b.slug ? -1 : 1)).slice(0, MOST_TENANTS);
  const tenants = Object.fromEntries(named.map(({ slug, roles }) => [slug, [...roles]]));
  const people = Object.fromEntries(named.flatMap(({ slug, fhirUser }) => (fhirUser ? [[slug, fhirUser]] : [])));
  const { name } = event.request.userAttributes;
  const id = { claimsToAddOrOverride: { tenants, people } };
  const access = { claimsToAddOrOverride: { tenants, people, ...(name && { name }) } };
  return { ...event, response: { claimsAndScopeOverrideDetails: { idTokenGeneration: id, accessTokenGeneration: access } } };
}
