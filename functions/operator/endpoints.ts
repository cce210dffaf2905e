import type { Endpoint } from '../../core/http/types.ts';
import { reactivateClinic, type StateDeps, suspendClinic } from './change-state.ts';
import { type CostDeps, installationCost } from './cost.ts';
import { type ListDeps, listClinics } from './list-clinics.ts';

export type OperatorDeps = ListDeps & StateDeps & CostDeps;

/** What whoever runs the platform does: it opens no chart. */
export const operatorEndpoints = (deps: OperatorDeps): readonly Endpoint[] => [
  listClinics(deps),
  suspendClinic(deps),
  reactivateClinic(deps),
  installationCost(deps),
];
