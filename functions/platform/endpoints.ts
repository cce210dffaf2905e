import type { Endpoint } from '../../core/http/types.ts';
import { config, type PublicConfig } from './config.ts';
import { type MeDeps, me, meInTenant } from './me.ts';
import { openApi } from './openapi.ts';
import { type StatusDeps, status } from './status.ts';

export type PlatformDeps = MeDeps & StatusDeps & { readonly config: PublicConfig; readonly document: () => unknown };

/** What belongs to no tenant and to no FHIR type. */
export const platformEndpoints = (deps: PlatformDeps): readonly Endpoint[] => [
  config(deps.config),
  status(deps),
  openApi(deps.document),
  me(deps),
  meInTenant(deps),
];
