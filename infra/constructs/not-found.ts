import { HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** Whatever no route matches: 404 as an OperationOutcome instead of the gateway's bare message. */
export class NotFound extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const answer = new FeatureFunction(this, 'Answer', { ...props, entry: 'functions/not-found/lambda.ts' });
    new HttpRoute(this, 'Default', {
      httpApi: props.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', answer.function),
    });
  }
}
