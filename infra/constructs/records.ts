import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** FHIR REST for every type that no other feature owns. */
export class Records extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const records = new FeatureFunction(this, 'Rest', {
      ...props,
      entry: 'functions/records/lambda.ts',
      timeout: Duration.seconds(29), // a second less than the gateway's: an answer of ours rather than its bare 503
      memoryMiB: 1024, // twice the processor: a Bundle is validated resource by resource
    });
    props.directory.grantAssume(records);
    props.tenants.grantAssume(records, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    addRoutes(this, props.api, records, [
      [HttpMethod.ANY, '/api/{tenant}/fhir/R4'],
      [HttpMethod.ANY, '/api/{tenant}/fhir/R4/{proxy+}'],
    ]);
  }
}
