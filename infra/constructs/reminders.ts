import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** The pages of reminders' links, and what a patient wants. What sends them is in constructs/notices.ts. */
export class Reminders extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', { ...props, entry: 'functions/reminders/lambda.ts' });
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'UpdateItem'],
      documents: ['GetObject', 'PutObject'],
    });
    addRoutes(this, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/visit-links/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/reminders'],
      [HttpMethod.ANY, '/api/{tenant}/patients/{id}/reminders'],
    ]);
  }
}
