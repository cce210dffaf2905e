import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** The chart as a screen needs it: one request for its first paint. */
export class Charts extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const charts = new FeatureFunction(this, 'Read', {
      ...props,
      entry: 'functions/charts/lambda.ts',
      memoryMiB: 1024,
      timeout: Duration.seconds(15),
    });
    props.directory.grantAssume(charts);
    // PutItem: the AuditEvent of the reading. A body over 350 KB lies in the bucket.
    props.tenants.grantAssume(charts, { records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], documents: ['GetObject'] });
    addRoutes(this, props.api, charts, [[HttpMethod.ANY, '/api/{tenant}/charts/{proxy+}']]);
  }
}
