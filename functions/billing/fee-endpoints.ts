import type { BillingDeps } from '../../core/billing/clinic.ts';
import { readFees, setFee } from '../../core/billing/fee-schedule.ts';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { countUnbilled } from '../../core/billing/visits.ts';
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
      'Sets a fee from a day on. The version before ends the day before; `waiting` visits that nobody has billed are priced anew after the answer.',
    body: withoutCardNumbers(SetFee),
    media,
    async run({ scope, body }) {
      await setFee(deps, scope, body);
      const [fees, { visits }] = await Promise.all([readFees(deps, scope), countUnbilled(deps, scope)]);
      return reply(201, { ...fees, waiting: visits });
    },
  }),
];
