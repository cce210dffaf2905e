import { type CostLine, METERS, type Meter } from '../../schemas/cost.ts';
import { PRICES } from './prices.ts';

/** How much of what is metered. */
export type Quantities = Partial<Readonly<Record<Meter, number>>>;

/** Adds up quantities of many sources, meter by meter. */
export function together(all: readonly Quantities[]): Quantities {
  const sum: Partial<Record<Meter, number>> = {};
  for (const quantities of all) {
    for (const meter of METERS) if (quantities[meter]) sum[meter] = (sum[meter] ?? 0) + quantities[meter];
  }
  return sum;
}

/** The lines of the bill, in the order of METERS. Free allowances are of the whole account, so all that is metered comes in at once. */
export function billOf(quantities: Quantities, { withFree }: { readonly withFree: boolean }): CostLine[] {
  return METERS.flatMap((meter) => {
    const quantity = quantities[meter] ?? 0;
    if (quantity === 0) return [];
    const { dollars, per, free: allowance } = PRICES[meter];
    const free = withFree ? Math.min(quantity, allowance) : 0;
    return [{ meter, quantity, free, dollars: ((quantity - free) / per) * dollars }];
  });
}
