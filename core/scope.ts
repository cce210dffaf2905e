import type { Interaction, Role } from '../schemas/access.ts';
import { mayDo } from '../schemas/access.ts';
import type { FhirId, Slug, TenantId } from '../schemas/ids.ts';

/** Tenant, user and permissions of one request. Made by `endpoint` alone; every store method takes it first. */
export interface Scope {
  readonly tenant: TenantId;
  readonly slug: Slug;
  readonly user: ScopeUser;
  readonly roles: readonly Role[];
  /**
   * The one patient whose chart this scope sees, of a caller of the patients' pool: the record store answers nothing else and writes
   * nothing (core/access). Absent for staff.
   */
  readonly confinedTo?: FhirId;
  /** Correlation id of the request: on every log line, audit row and answer. */
  readonly requestId: string;
  /** Absolute, without a closing slash: https://host/api/{tenant}/fhir/R4 */
  readonly fhirBase: string;
}
export interface ScopeUser {
  /** The `sub` of the token. */
  readonly id: string;
  /** A reference like Practitioner/123 where the membership names one. */
  readonly fhirUser?: string;
  /** As the token says it. */
  readonly name?: string;
}

/** For work that no person asked for at that moment: the audit trail names the system. */
export const systemScope = (tenant: TenantId, requestId: string, slug = '' as Slug): Scope => ({
  tenant,
  slug,
  user: { id: 'system' },
  roles: [],
  requestId,
  fhirBase: '',
});

/** Whether the person behind this scope may do the interaction on the type. */
export const may = (scope: Pick<Scope, 'roles'>, type: string, interaction: Interaction): boolean =>
  mayDo(scope.roles, type, interaction);

/**
 * The same person acting through the clinic's own machinery, which has to see more than they may: whether somebody else has the hour they
 * ask for. Only for a kernel that answers nothing of what it saw, and only after the endpoint has held what was asked to `confinedTo`.
 */
export function throughClinic({ confinedTo: _, ...scope }: Scope): Scope {
  return scope;
}
