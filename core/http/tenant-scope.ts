import type { Interaction } from '../../schemas/access.ts';
import { FhirId, Slug, type TenantId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Log } from './log.ts';
import type { Caller } from './tokens.ts';

interface NamedTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly status: string;
  /** Why an operator has suspended it. */
  readonly reason?: string;
  /** IANA. */
  readonly timeZone?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

/** What `endpoint` needs of the tenant directory. */
export interface TenantNames {
  findTenant(slug: string): Promise<NamedTenant | undefined>;
}

/** And of the rows that open a patient's chart to an account. Strongly consistent. */
export interface PatientDoors {
  membershipsOf(sub: string): Promise<readonly { readonly slug: string; readonly fhirUser?: string }[]>;
}

/** One row of the audit trail that is not part of a write's own transaction. */
export interface AuditEntry {
  readonly interaction: Interaction;
  readonly type: string;
  readonly id?: FhirId;
  /** Whose chart it was. */
  readonly patient?: FhirId;
  readonly outcome: 'success' | 'refused';
  /** What was asked, for a search: it stays inside the tenant. */
  readonly query?: string;
}
export interface AuditTrail {
  /** Resolves when the row is stored. */
  record(scope: Scope, entry: AuditEntry): Promise<void>;
}

export interface ScopeDeps {
  readonly directory: TenantNames & PatientDoors;
  readonly audit: AuditTrail;
  readonly log: Log;
}
export interface Wanted {
  readonly slug: string;
  readonly type: string;
  readonly interaction: Interaction;
  readonly requestId: string;
  readonly origin: string;
}

const nothingHere = (): Problem => new Problem('not-found', said('nothing-here'));

/**
 * Opens the tenant that the path names for a caller whose token lists it.
 * Anybody else is told exactly what they would be told of a tenant that does not exist, before any look-up of it; their own
 * tenant keeps an AuditEvent, and the platform an alert without patient data.
 * @throws Problem not-found, forbidden
 */
export async function openScope(caller: Caller, wanted: Wanted, deps: ScopeDeps): Promise<Scope> {
  const slug = Slug.safeParse(wanted.slug);
  if (!slug.success || !caller.tenants.get(slug.data)?.length) {
    await reportStranger(caller, wanted, deps);
    throw nothingHere();
  }
  const [scope, isStillOpen] = await Promise.all([
    scopeOf(caller, slug.data, wanted, deps),
    caller.pool === 'patients' ? opensStill(caller, slug.data, deps) : true,
  ]);
  if (!scope) throw nothingHere();
  if (isStillOpen) return scope;
  await deps.audit.record(scope, { interaction: wanted.interaction, type: wanted.type, outcome: 'refused' });
  throw new Problem('forbidden', said('portal-ended'));
}

/** A patient's token outlives the access that the clinic has ended: of patients the membership itself is asked, at each request. */
async function opensStill({ id, people }: Caller, slug: Slug, { directory }: ScopeDeps): Promise<boolean> {
  const memberships = await directory.membershipsOf(id);
  return memberships.some((one) => one.slug === slug && one.fhirUser === people.get(slug));
}

async function scopeOf(
  caller: Caller,
  slug: Slug,
  { requestId, origin }: Wanted,
  { directory }: ScopeDeps,
): Promise<Scope | undefined> {
  const tenant = await directory.findTenant(slug);
  if (!tenant) return undefined;
  if (tenant.status !== 'active') throw new Problem('forbidden', [{ ...said('suspended'), code: 'suppressed' }]);
  const fhirUser = caller.people.get(slug);
  const confinedTo = caller.pool === 'patients' ? patientIn(fhirUser) : undefined;
  // Invariant: a scope of the patients' pool is confined. One whose membership names no patient is none.
  if (caller.pool === 'patients' && confinedTo === undefined) return undefined;
  return {
    tenant: tenant.id,
    slug,
    user: { id: caller.id, ...(fhirUser && { fhirUser }), ...(caller.name && { name: caller.name }) },
    roles: caller.tenants.get(slug) ?? [],
    ...(confinedTo !== undefined && { confinedTo }),
    requestId,
    fhirBase: `${origin}/api/${slug}/fhir/R4`,
  };
}

const patientIn = (reference: string | undefined): FhirId | undefined =>
  reference?.startsWith('Patient/') ? FhirId.safeParse(reference.slice('Patient/'.length)).data : undefined;

async function reportStranger(caller: Caller, wanted: Wanted, deps: ScopeDeps): Promise<void> {
  const { requestId, interaction, type } = wanted;
  deps.log({ level: 'warn', alert: 'another-tenant-was-asked-for', requestId, user: caller.id, interaction, type });
  for (const own of caller.tenants.keys()) {
    const slug = Slug.safeParse(own);
    const scope = slug.success ? await scopeOf(caller, slug.data, wanted, deps) : undefined;
    if (!scope) continue;
    return deps.audit.record(scope, { interaction, type, outcome: 'refused', query: `tenant=${wanted.slug.slice(0, 40)}` });
  }
}
