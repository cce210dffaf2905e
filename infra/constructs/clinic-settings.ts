import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** What a clinic configures. */
export class ClinicSettings extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', { ...props, entry: 'functions/settings/lambda.ts' });
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    addRoutes(this, props.api, desk, [[HttpMethod.ANY, '/api/{tenant}/settings/{name}']]);
  }
}
