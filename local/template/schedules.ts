import { functionBehind } from './functions.ts';
import type { Located, Resolver } from './resolver.ts';

/** Something that the template starts by the clock. */
export interface Schedule {
  readonly name: string;
  /** rate(…), cron(…) or at(…) */
  readonly expression: string;
  /** An IANA name. Events rules know UTC only. */
  readonly timeZone: string;
  /** A function or a queue. */
  readonly target: Located;
  /** What it is given. Undefined: the event that EventBridge makes. */
  readonly input: string | undefined;
}

/** Every enabled schedule of EventBridge Scheduler, and every scheduled rule of EventBridge. */
export function readSchedules(resolver: Resolver): Schedule[] {
  return [...schedulerSchedules(resolver), ...scheduledRules(resolver)];
}

function schedulerSchedules(resolver: Resolver): Schedule[] {
  return resolver.all('AWS::Scheduler::Schedule').flatMap((located) => {
    if (resolver.property(located, 'State') === 'DISABLED') return [];
    const raw = located.resource.Properties.Target as { Arn?: unknown; Input?: unknown };
    return [
      {
        name: `${located.stack.name}-${located.id}`,
        expression: resolver.text(located.stack, located.resource.Properties.ScheduleExpression),
        timeZone: resolver.property<string>(located, 'ScheduleExpressionTimezone') ?? 'UTC',
        target: targetOf(located, raw.Arn, resolver),
        input: resolver.resolve(located.stack, raw.Input) as string | undefined,
      },
    ];
  });
}

function scheduledRules(resolver: Resolver): Schedule[] {
  return resolver.all('AWS::Events::Rule').flatMap((rule) => {
    const expression = resolver.property<string>(rule, 'ScheduleExpression');
    if (!expression || resolver.property(rule, 'State') === 'DISABLED') return [];
    const targets = (rule.resource.Properties.Targets ?? []) as { Arn?: unknown; Input?: unknown }[];
    return targets.map(({ Arn, Input }, index) => ({
      name: `${rule.stack.name}-${rule.id}-${index}`,
      expression,
      timeZone: 'UTC',
      target: targetOf(rule, Arn, resolver),
      input: resolver.resolve(rule.stack, Input) as string | undefined,
    }));
  });
}

function targetOf({ stack, id }: Located, value: unknown, resolver: Resolver): Located {
  const direct = resolver.target(stack, value);
  const target = direct?.resource.Type === 'AWS::SQS::Queue' ? direct : functionBehind({ stack, value, resolver });
  if (!target) throw new Error(`The schedule ${id} has no target that the local runtime knows.`);
  return target;
}
