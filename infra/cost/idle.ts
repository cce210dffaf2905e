import type { CostLine } from '../../schemas/cost.ts';
import { billOf, type Quantities, together } from './bill.ts';
import { IDLE, type Neighbours, RESOURCE_TYPES, type TemplateResource } from './resource-types.ts';

/** The stacks of one synthesis, by name. */
export type Templates = Readonly<Record<string, { readonly Resources: Neighbours }>>;

/** The bill of a month in which nobody works, read from the templates. @throws Error that names every resource without a price */
export function idleBill(templates: Templates): CostLine[] {
  const unpriced: string[] = [];
  const quantities = Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, resource]) => {
      try {
        return quantitiesOf(resource, Resources);
      } catch (error) {
        unpriced.push(`${stack}/${id} (${resource.Type}): ${(error as Error).message}`);
        return {};
      }
    }),
  );
  if (unpriced.length > 0)
    throw new Error(`What do these cost when nobody works? Say it in infra/cost/resource-types.ts.\n${unpriced.join('\n')}`);
  return billOf(together([...quantities, { 'log-gb': IDLE.logGb, 'log-kept-gb': IDLE.logKeptGb }]), { withFree: true });
}

function quantitiesOf({ Type, Properties = {} }: TemplateResource, neighbours: Neighbours): Quantities {
  const rule = RESOURCE_TYPES[Type];
  if (!rule) throw new Error('this type has no price and is not among those that cost nothing.');
  if ('meters' in rule) return rule.meters(Properties, neighbours);
  const costly = rule.unless?.(Properties);
  if (costly) throw new Error(`${costly} costs by being there.`);
  return {};
}
