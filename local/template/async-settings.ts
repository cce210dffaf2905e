import type { Located, Resolver } from './resolver.ts';

/** What becomes of a function's asynchronous events. */
export interface AsyncSettings {
  readonly functionArn: string;
  /** Tries after the first. */
  readonly retries: number;
  readonly maxAgeMs: number;
  /** Where an event goes that was given up. */
  readonly onFailure: Located | undefined;
}

/** Lambda's own values where the template says nothing. */
const DEFAULTS = { retries: 2, maxAgeSeconds: 6 * 3_600 };

export function readAsyncSettings(lambda: Located, resolver: Resolver): AsyncSettings {
  const config = resolver.all('AWS::Lambda::EventInvokeConfig').find((one) => {
    const target = resolver.target(one.stack, one.resource.Properties.FunctionName);
    return target?.id === lambda.id && target.stack === lambda.stack;
  });
  const destinations = config?.resource.Properties.DestinationConfig as { OnFailure?: { Destination?: unknown } } | undefined;
  const seconds = config && resolver.property<number>(config, 'MaximumEventAgeInSeconds');
  return {
    functionArn: String(resolver.attribute(lambda, 'Arn')),
    retries: Number((config && resolver.property<number>(config, 'MaximumRetryAttempts')) ?? DEFAULTS.retries),
    maxAgeMs: Number(seconds ?? DEFAULTS.maxAgeSeconds) * 1_000,
    onFailure: config && resolver.target(config.stack, destinations?.OnFailure?.Destination),
  };
}
