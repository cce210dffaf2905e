import { said } from '../../../core/outcome.ts';
import type { DeleteRule } from '../../../core/rules.ts';

/** A Patient stands as long as anything stands in the chart: to leave a chart without its owner would lose both. */
export const patientWithChart: DeleteRule = async (id, { scope, records }) => {
  // The Patient is in its own chart, so a second record is one too many. Bills are a chart of their own.
  const [clinical, admin] = await Promise.all([
    records.chart(scope, id, { count: 2 }),
    records.chart(scope, id, { count: 1, compartment: 'admin' }),
  ]);
  const others = [...clinical.items, ...admin.items].filter(({ resourceType }) => resourceType !== 'Patient');
  if (others.length === 0) return [];
  return [{ ...said('chart-not-empty') }];
};
