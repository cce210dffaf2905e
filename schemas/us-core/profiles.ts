/** US Core: which profiles a resource claims, and whether it keeps to them. */
import type { FhirResource } from 'fhir/r4';
import type { ValidationIssue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/walk.ts';
import { checkProfile } from './check-profile.ts';
import { US_CORE_VERSION } from './generated/table.ts';
import { profileRow } from './profile-element.ts';
import { ProfileWalk } from './profile-walk.ts';
import { usCore } from './table.ts';

export { US_CORE_VERSION };

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';

export const profileUrl = (name: string): string => US_CORE + name;

/** The canonical urls of the profiles of a type. */
export const profilesOf = (type: string): readonly string[] =>
  usCore()
    .profiles.filter((profile) => profile.type === type)
    .map(({ name }) => profileUrl(name));

/** What a canonical url in `meta.profile` is to us. */
export type Claim =
  /** One of ours, checked. */
  | { readonly kind: 'known'; readonly name: string }
  /** US Core's, of another version or of none that we know: not checked. */
  | { readonly kind: 'unknown' }
  /** Somebody else's: not checked. */
  | { readonly kind: 'foreign' };

const OUR_VERSION = `|${US_CORE_VERSION}`;
export function claimOf(canonical: string): Claim {
  if (!canonical.startsWith(US_CORE)) return { kind: 'foreign' };
  const rest = canonical.slice(US_CORE.length);
  const name = rest.endsWith(OUR_VERSION) ? rest.slice(0, -OUR_VERSION.length) : rest;
  return profileRow(name) ? { kind: 'known', name } : { kind: 'unknown' };
}

export interface ProfileFindings {
  readonly errors: readonly ValidationIssue[];
  readonly warnings: readonly ValidationIssue[];
}

/** Checks sound R4 against one profile of ours, by its name. */
export function findingsFor(name: string, resource: FhirResource): ProfileFindings {
  const { resourceType } = resource;
  const object = resource as unknown as JsonObject;
  const walk = new ProfileWalk(resourceType, object);
  const type = profileRow(name)?.type;
  if (type !== resourceType) {
    walk.enter({ key: 'meta', expression: 'meta' });
    walk.add('value', `Claim a profile of ${resourceType}: ${name} is one of ${type}.`, 'profile');
    walk.leave();
  } else checkProfile(name, object, walk);
  return { errors: walk.issues.map(located), warnings: walk.warnings.map(located) };
}
const located = ({ code, text, expression }: ValidationIssue): ValidationIssue => ({ code, text, expression });

/** The canonical urls that a resource claims. */
export const claimsOf = ({ meta }: FhirResource): readonly string[] => meta?.profile ?? [];

/** What the profiles that a resource claims say against it. Nothing when it claims none of ours: that costs next to nothing. */
export function profileFaults(resource: FhirResource): readonly ValidationIssue[] {
  const claims = claimsOf(resource);
  if (claims.length === 0) return [];
  const names = new Set(claims.map(claimOf).flatMap((claim) => (claim.kind === 'known' ? [claim.name] : [])));
  return [...names].flatMap((name) => findingsFor(name, resource).errors);
}
