import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** The billing desk: charges, invoices, the ledger. Charges are proposed by whoever counts finished visits (constructs/events.ts). */
export class Billing extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      entry: 'functions/billing/lambda.ts',
      memoryMiB: 1024,
      timeout: Duration.seconds(29), // new fees price every open charge anew
    });
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    addRoutes(this, props.api, desk, [[HttpMethod.ANY, '/api/{tenant}/billing/{proxy+}']]);
  }
}
