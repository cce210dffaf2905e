import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

const OPERATIONS = ['$find', '$hold', '$book'] as const;
const CHANGES = ['$move', '$cancel', '$confirm', '$check-in', '$no-show', '$undo'] as const;

/** The calendar's operations. Reading and searching Appointments is the records feature's, as of any type. */
export class Scheduling extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    const calendar = new FeatureFunction(this, 'Calendar', {
      ...props,
      entry: 'functions/scheduling/lambda.ts',
      memoryMiB: 1024,
    });
    props.directory.grantAssume(calendar);
    props.tenants.grantAssume(calendar, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    const base = '/api/{tenant}/fhir/R4/Appointment';
    addRoutes(this, props.api, calendar, [
      ...OPERATIONS.map((name) => [HttpMethod.POST, `${base}/${name}`] as const),
      ...CHANGES.map((name) => [HttpMethod.POST, `${base}/{id}/${name}`] as const),
      [HttpMethod.POST, '/api/{tenant}/portal/visits'],
      [HttpMethod.ANY, '/api/{tenant}/portal/visits/{proxy+}'],
    ]);
  }
}
