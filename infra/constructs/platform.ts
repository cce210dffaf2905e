import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** What stands above the clinics: configuration, who am I, status, the OpenAPI document. */
export class Platform extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const platform = new FeatureFunction(this, 'Answer', { ...props, entry: 'functions/platform/lambda.ts' });
    props.directory.grantAssume(platform);
    // Of a tenant's table it needs no more than to leave the AuditEvent of a refusal.
    props.tenants.grantAssume(platform, { records: ['PutItem'] });
    addRoutes(this, props.api, platform, [
      [HttpMethod.ANY, '/api/platform/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/me'],
      [HttpMethod.ANY, '/api/openapi.json'],
    ]);
  }
}
