import { type HttpApi, type HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { DirectoryAccess } from './directory-access.ts';
import type { FeatureFunction } from './feature-function.ts';
import type { Messages } from './messages.ts';
import type { TenantAccess } from './tenant-access.ts';

/** What every feature's construct is given. */
export interface FeatureProps {
  readonly api: HttpApi;
  readonly tenants: TenantAccess;
  readonly directory: DirectoryAccess;
  /** Mail and text messages: `messages.grantSendMail(feature)`. */
  readonly messages: Messages;
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
    const route = new HttpRoute(scope, `${method} ${path.replaceAll('/', ' ').trim()}`, {
      httpApi: api,
      routeKey: HttpRouteKey.with(path, method),
      integration,
    });
    acknowledge(route, { 'AwsSolutions-APIG4': NO_AUTHORIZER });
  }
}

/** Whatever no route matches. */
export function addDefaultRoute(scope: Construct, api: HttpApi, feature: FeatureFunction): void {
  const route = new HttpRoute(scope, 'Default', {
    httpApi: api,
    routeKey: HttpRouteKey.DEFAULT,
    integration: new HttpLambdaIntegration('Integration', feature.function),
  });
  acknowledge(route, { 'AwsSolutions-APIG4': NO_AUTHORIZER });
}

const NO_AUTHORIZER =
  "The functions verify tokens themselves (core/http): a gateway authorizer knows one issuer a route, we have two, and it answers without an OperationOutcome. A test sends every endpoint no token, a bad one and another tenant's.";
