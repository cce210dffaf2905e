import type { Located, Resolver } from './resolver.ts';

/** A bus of the template by its name. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly rules: readonly BusRule[];
}
/** What a rule lets through goes to each of its targets. */
export interface BusRule {
  readonly arn: string;
  readonly pattern: unknown;
  readonly targets: readonly BusTarget[];
}
export interface BusTarget extends Located {
  /** What the target is handed instead of the event: a text with `<name>` where a part of the event goes. */
  readonly transformer?: InputTransformer;
}
export interface InputTransformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** The account's own bus, on which AWS's services tell their events. */
export const DEFAULT_BUS = 'default';

/** Every event bus of the template and the account's own, with the enabled rules that look at its events. */
export function readBuses(resolver: Resolver): Bus[] {
  const rules = resolver.all('AWS::Events::Rule').filter((rule) => resolver.property(rule, 'State') !== 'DISABLED');
  const own = rules.flatMap((rule) => {
    const pattern = resolver.property<unknown>(rule, 'EventPattern');
    if (pattern === undefined || rule.resource.Properties.EventBusName !== undefined) return [];
    return [{ arn: String(resolver.attribute(rule, 'Arn')), pattern, targets: targetsOf(rule, resolver) }];
  });
  const [{ region, account } = { region: '', account: '' }] = resolver.assembly.stacks;
  const defaultBus = { name: DEFAULT_BUS, arn: `arn:aws:events:${region}:${account}:event-bus/${DEFAULT_BUS}`, rules: own };
  return [
    defaultBus,
    ...resolver.all('AWS::Events::EventBus').map((bus) => ({
      name: String(resolver.attribute(bus)),
      arn: String(resolver.attribute(bus, 'Arn')),
      rules: rules.flatMap((rule) => {
        const pattern = resolver.property<unknown>(rule, 'EventPattern');
        const on = resolver.target(rule.stack, rule.resource.Properties.EventBusName);
        if (pattern === undefined || on?.id !== bus.id || on.stack !== bus.stack) return [];
        return [{ arn: String(resolver.attribute(rule, 'Arn')), pattern, targets: targetsOf(rule, resolver) }];
      }),
    })),
  ];
}

/** @throws when a target is something that the local runtime does not deliver to */
function targetsOf(rule: Located, resolver: Resolver): BusTarget[] {
  const targets = (rule.resource.Properties.Targets ?? []) as {
    Arn?: unknown;
    Input?: unknown;
    InputTransformer?: InputTransformer;
  }[];
  return targets.map(({ Arn, Input, InputTransformer }) => {
    const target = resolver.target(rule.stack, Arn);
    if (!target || !['AWS::SQS::Queue', 'AWS::Lambda::Function'].includes(target.resource.Type) || Input !== undefined)
      throw new Error(`The rule ${rule.id} has a target that the local runtime does not know.`);
    return { ...target, ...(InputTransformer && { transformer: InputTransformer }) };
  });
}
