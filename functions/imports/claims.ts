import type { FhirResource } from 'fhir/r4';
import { claimOf, claimsOf, findingsFor } from '../../schemas/us-core/profiles.ts';

/** The `meta.tag` of a profile that the source claimed for a record and that the record does not keep to. */
export const UNMET_CLAIM = 'urn:tessera:unmet-profile-claim';

/**
 * A record as it is kept when it comes from elsewhere: a US Core profile that it claims and does not meet becomes a tag.
 * So nothing is lost, every claim in our store is true, and whoever corrects the record later is not refused for another's claim
 * (FHIR R4, Meta.profile: a server may verify and update these claims). ADR 0010 has the figures.
 */
export function claimsSettled<R extends FhirResource>(resource: R): { readonly resource: R; readonly unmet: number } {
  // Each profile is asked about once, however often a hostile file claims it.
  const breaks = new Map<string, boolean>();
  const unmet = [...new Set(claimsOf(resource))].filter((canonical) => {
    const claim = claimOf(canonical);
    if (claim.kind !== 'known') return false;
    const known = breaks.get(claim.name) ?? findingsFor(claim.name, resource).errors.length > 0;
    breaks.set(claim.name, known);
    return known;
  });
  if (unmet.length === 0) return { resource, unmet: 0 };
  const { profile = [], tag = [], ...meta } = resource.meta ?? {};
  const met = profile.filter((canonical) => !unmet.includes(canonical));
  const tags = unmet.map((code) => ({ system: UNMET_CLAIM, code }));
  return {
    resource: { ...resource, meta: { ...meta, ...(met.length > 0 && { profile: met }), tag: [...tag, ...tags] } },
    unmet: unmet.length,
  };
}
