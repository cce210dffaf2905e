import { type CostLine, type CostReport, VISITS } from '../../schemas/cost.ts';
import { idleBill, type Templates } from './idle.ts';
import { PRICES_AS_OF, PRICES_REGION } from './prices.ts';
import { unitsOf, VISIT, visitsBill } from './visits.ts';

/** Without the last digits of floating-point sums, so that the written report changes when a price or a quantity does. */
const rounded = (lines: readonly CostLine[]): CostLine[] =>
  lines.map((line) => ({ ...line, quantity: to6(line.quantity), free: to6(line.free), dollars: to6(line.dollars) }));
const to6 = (value: number): number => Math.round(value * 1e6) / 1e6;

/** @param performancePage text of docs/performance.md */
export const costReport = (templates: Templates, performancePage: string): CostReport => ({
  asOf: PRICES_AS_OF,
  region: PRICES_REGION,
  idle: rounded(idleBill(templates)),
  visits: rounded(visitsBill(VISITS, unitsOf(performancePage))),
  visit: VISIT,
});
