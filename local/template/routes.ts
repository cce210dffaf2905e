import { functionBehind } from './functions.ts';
import type { Located, Resolver } from './resolver.ts';

/** A route of the HTTP API with the function behind it. */
export interface Route {
  /** As the event carries it: `ANY /api/{tenant}/{proxy+}` or `$default`. */
  readonly key: string;
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly function: Located;
  readonly integrationTimeoutMs: number;
}
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'greedy'; readonly name: string };

/** HTTP APIs wait this long for an integration, and no longer (API Gateway quotas). */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** Every route of every HTTP API in the template. */
export function readRoutes(resolver: Resolver): Route[] {
  return resolver.all('AWS::ApiGatewayV2::Route').map((route) => {
    const key = resolver.text(route.stack, route.resource.Properties.RouteKey);
    const integration = resolver.target(route.stack, route.resource.Properties.Target);
    const behind =
      integration &&
      functionBehind({ stack: integration.stack, value: integration.resource.Properties.IntegrationUri, resolver });
    if (!integration || !behind) throw new Error(`The route ${key} leads to no function.`);
    const timeoutMs = Number(resolver.property(integration, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS);
    return { ...parseRouteKey(key), function: behind, integrationTimeoutMs: Math.min(timeoutMs, INTEGRATION_TIMEOUT_MS) };
  });
}

/** `GET /pets/{id}` in its parts. `$default` has no segments and any method. */
export function parseRouteKey(key: string): Pick<Route, 'key' | 'method' | 'segments'> {
  if (key === '$default') return { key, method: 'ANY', segments: [] };
  const [method = 'ANY', path = '/'] = key.split(' ');
  return { key, method, segments: path.split('/').slice(1).map(toSegment) };
}

function toSegment(text: string): Segment {
  const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (!name) return { kind: 'literal', text };
  return { kind: greedy ? 'greedy' : 'parameter', name };
}
