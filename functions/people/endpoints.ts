import type { Endpoint } from '../../core/http/types.ts';
import { type ClinicDeps, clinicEndpoints } from './clinic-endpoints.ts';
import { type LinkDeps, linkEndpoints } from './link-endpoints.ts';
import { type OperatorDeps, operatorEndpoints } from './operator-endpoints.ts';
import { type PortalDeps, portalEndpoints } from './portal-endpoints.ts';
import { type SignUpDeps, signUp, slugCheck } from './sign-up.ts';
import { type StaffDeps, staffEndpoints } from './staff-endpoints.ts';

export type DoorDeps = Omit<SignUpDeps & LinkDeps, 'directory'> & {
  readonly directory: SignUpDeps['directory'] & LinkDeps['directory'];
};
export type PeopleDeps = Omit<StaffDeps & ClinicDeps & OperatorDeps & PortalDeps, 'directory'> & {
  readonly directory: StaffDeps['directory'] & ClinicDeps['directory'] & PortalDeps['directory'];
};

/** What people come in by who are not signed in: a function of its own, which may make accounts and end none. */
export const doorEndpoints = (deps: DoorDeps): readonly Endpoint[] => [signUp(deps), slugCheck(deps), ...linkEndpoints(deps)];

/** What administrators and operators do with people: this one may end sessions and makes no account. */
export const peopleEndpoints = (deps: PeopleDeps): readonly Endpoint[] => [
  ...staffEndpoints(deps),
  ...clinicEndpoints(deps),
  ...portalEndpoints(deps),
  ...operatorEndpoints(deps),
];
