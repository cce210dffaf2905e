import type { BillingDeps } from '../../core/billing/clinic.ts';
import { readFees, setFee } from '../../core/billing/fee-schedule.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { rerateCharges } from '../../core/billing/visits.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import { SetFee } from '../../schemas/billing.ts';
import { B } from './paths.ts';

const media = 'application/json';

/** The clinic's fee schedule. */
export const feeEndpoints = (deps: BillingDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: `${B}/fees`,
    access: { kind: 'tenant', type: 'ChargeItemDefinition', interaction: 'search' },
    summary: 'The fee schedule: every version of every fee, with its days, its prices and what it is proposed for.',
    media,
    async run({ scope }) {
      return reply(200, await readFees(deps, scope));
    },
  }),
  endpoint({
    method: 'POST',
    path: `${B}/fees`,
    access: { kind: 'tenant', type: 'ChargeItemDefinition', interaction: 'create' },
    summary:
      'Sets a fee from a day on. The version before ends the day before, and visits that nobody has accepted are priced anew.',
    body: withoutCardNumbers(SetFee),
    media,
    async run({ scope, body }) {
      await setFee(deps, scope, body);
      const repriced = await rerateCharges(deps, scope, 'everybody');
      return reply(201, { ...(await readFees(deps, scope)), repriced });
    },
  }),
];
