import type { Endpoint } from '../../core/http/types.ts';
import { config, type PublicConfig } from './config.ts';
import { type MeDeps, me, meInTenant } from './me.ts';
import { openApi } from './openapi.ts';
import { type StatusDeps, status } from './status.ts';
import { type StatusDetailsDeps, statusDetails } from './status-details.ts';

export type PlatformDeps = MeDeps &
  StatusDeps & { readonly config: PublicConfig; readonly document: () => unknown; readonly details: StatusDetailsDeps };

/** What belongs to no tenant and to no FHIR type. */
export const platformEndpoints = (deps: PlatformDeps): readonly Endpoint[] => [
  config(deps.config),
  status(deps),
  statusDetails(deps.details),
  openApi(deps.document),
  me(deps),
  meInTenant(deps),
];
