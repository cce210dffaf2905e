import * as z from 'zod';

/** A resource's logical id. Its alphabet has no '#' and no '/' (FHIR R4, Data Types, "id"). */
export const FhirId = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,64}$/)
  .brand<'FhirId'>();
export type FhirId = z.infer<typeof FhirId>;

/** The opaque id that a tenant's keys carry: it never changes and is never shown. */
export const TenantId = z
  .string()
  .regex(/^[a-z0-9]{8,20}$/)
  .brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

/** Words a slug may not be: they are, or may become, a part of our own paths. */
const RESERVED_SLUGS = new Set([
  'platform',
  'api',
  'oidc',
  'operator',
  'portal',
  'admin',
  'status',
  'www',
  'assets',
  'static',
  'openapi',
  'login',
  'signin',
  'callback',
  'public',
  'health',
  'local',
  'settings',
  'signup',
  'link',
]);

/** A tenant's name in an address: /api/{slug}/... Never reissued. */
export const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{2,30}$/, '3 to 31 small letters, digits and hyphens, beginning with a letter.')
  .refine((slug) => !RESERVED_SLUGS.has(slug), 'This name is reserved.')
  .brand<'Slug'>();
export type Slug = z.infer<typeof Slug>;
