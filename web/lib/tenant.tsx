import { useQuery } from '@tanstack/react-query';
import type { Reference } from 'fhir/r4';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';

import { type Interaction, mayDo, type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { ClinicZone } from '../i18n/index.ts';
import { type Api, ApiError, createApi } from './api.ts';
import type { Owner } from './remembered.ts';
import { useSession } from './session.tsx';

/** GET /api/{tenant}/me */
interface Membership {
  readonly user: { readonly id: string; readonly name?: string; readonly email?: string };
  /** `timeZone`: IANA name of the clock on the clinic's wall. */
  readonly tenant: { readonly slug: string; readonly name: string; readonly timeZone: string };
  readonly roles: readonly string[];
  /** The person's own record in this clinic ("Practitioner/..."), written as performer and recorder. */
  readonly fhirUser?: string;
}

/** GET /api/platform/me */
export interface Person {
  readonly user: { readonly id: string; readonly name?: string; readonly email?: string };
  readonly operator: boolean;
  readonly tenants: readonly { readonly slug: string; readonly name: string; readonly roles: readonly string[] }[];
  /** Clinics of theirs that an operator has suspended; why, for their administrators. */
  readonly suspended: readonly { readonly slug: string; readonly name: string; readonly reason?: string }[];
}

/** The clinic one works in: its API, who one is there and what one may do. */
export interface Tenant {
  readonly slug: string;
  readonly name: string;
  readonly api: Api;
  readonly owner: Owner;
  readonly personName: string;
  /** The person as performer or recorder of what they write; undefined without a record of their own here. */
  readonly me: Reference | undefined;
  readonly roles: readonly Role[];
  readonly may: (type: string, interaction: Interaction) => boolean;
}

const TenantContext = createContext<Tenant | undefined>(undefined);

export function useTenant(): Tenant {
  const tenant = useContext(TenantContext);
  if (!tenant) throw new Error('useTenant needs a TenantProvider above it.');
  return tenant;
}

const isRefusal = (error: Error): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;

const isRole = (role: string): role is Role => (TENANT_ROLES as readonly string[]).includes(role);

/** Who is signed in and which clinics they belong to. */
export function usePerson() {
  const session = useSession();
  return useQuery({
    queryKey: ['platform', 'me', session.userId],
    enabled: session.state === 'signed-in',
    staleTime: 300_000, // ms: memberships change rarely, and a refused request says so at once
    queryFn: async (): Promise<Person> => {
      const response = await fetch('/api/platform/me', {
        headers: { accept: 'application/json', authorization: `Bearer ${(await session.token()) ?? ''}` },
      }).catch((cause: unknown) => {
        throw new ApiError(0, [], { cause });
      });
      if (response.status === 401) await session.end('expired');
      if (!response.ok) throw new ApiError(response.status, []);
      return (await response.json()) as Person;
    },
  });
}

export function TenantProvider({
  slug,
  children,
  early,
  waiting,
  failed,
}: {
  slug: string;
  children: ReactNode;
  /** What may be read while the membership still is: the server judges each request by itself. */
  early?: (api: Api) => void;
  waiting: ReactNode;
  failed: (error: Error, retry: () => void) => ReactNode;
}) {
  const session = useSession();
  const { token, end } = session;
  const api = useMemo(
    () => createApi(slug, { token, onSignedOut: (because) => void end(because), fetch: (input, init) => fetch(input, init) }),
    [slug, token, end],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each clinic that is entered, whatever the address becomes
  useEffect(() => early?.(api), [api]);
  const membership = useQuery({
    queryKey: [slug, 'me', session.userId],
    queryFn: ({ signal }) => api.get<Membership>('/me', signal),
    staleTime: 300_000,
  });
  const tenant = useMemo((): Tenant | undefined => {
    if (!membership.data) return undefined;
    const { user, tenant: clinic, roles, fhirUser } = membership.data;
    const known = roles.filter(isRole);
    return {
      slug,
      name: clinic.name,
      api,
      owner: { user: user.id, tenant: slug },
      personName: user.name ?? session.name,
      me: fhirUser ? { reference: fhirUser, ...(user.name && { display: user.name }) } : undefined,
      roles: known,
      may: (type, interaction) => mayDo(known, type, interaction),
    };
  }, [membership.data, api, slug, session.name]);
  // What is open stays open when the server cannot be asked again, unless its answer is that the person has no business here.
  if (membership.isError && (!tenant || isRefusal(membership.error)))
    return failed(membership.error, () => void membership.refetch());
  if (!tenant) return waiting;
  return (
    <TenantContext value={tenant}>
      <ClinicZone value={membership.data?.tenant.timeZone}>{children}</ClinicZone>
    </TenantContext>
  );
}
