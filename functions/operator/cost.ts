import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { CostReport, InstallationCost } from '../../schemas/cost.ts';

export interface CostDeps {
  /** What the template costs, counted when it was last changed (`npm run cost -- --write`). */
  readonly cost: CostReport;
  readonly firewall: boolean;
}

/** GET /api/platform/cost: list prices and no bill. What AWS really charged is in its own console. */
export const installationCost = ({ cost, firewall }: CostDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/cost',
    access: { kind: 'operator' },
    summary: "What this installation costs by AWS's list prices: a month in which nobody works, and 1,000 visits.",
    media: 'application/json',
    async run() {
      const answer: InstallationCost = { ...cost, firewall };
      return reply(200, answer);
    },
  });
