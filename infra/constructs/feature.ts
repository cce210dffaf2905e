import { type HttpApi, type HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { DirectoryAccess } from './directory-access.ts';
import type { FeatureFunction } from './feature-function.ts';
import type { TenantAccess } from './tenant-access.ts';

/** What every feature's construct is given. */
export interface FeatureProps {
  readonly api: HttpApi;
  readonly tenants: TenantAccess;
  readonly directory: DirectoryAccess;
  readonly functionsDir: string;
  readonly logKey: IKey;
  /** The environment variables that all features share. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One greedy route per prefix: an HTTP API holds 300. */
export function addRoutes(
  scope: Construct,
  api: HttpApi,
  feature: FeatureFunction,
  routes: readonly (readonly [HttpMethod, path: string])[],
): void {
  const integration = new HttpLambdaIntegration('Integration', feature.function);
  for (const [method, path] of routes) {
    new HttpRoute(scope, `${method} ${path.replaceAll('/', ' ').trim()}`, {
      httpApi: api,
      routeKey: HttpRouteKey.with(path, method),
      integration,
    });
  }
}
