import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { PaymentsAccess } from './payments-access.ts';
import type { Timetable } from './timetable.ts';

export interface BillingProps extends FeatureProps {
  readonly payments: PaymentsAccess;
  readonly timetable: Timetable;
}

/**
 * The billing desk: charges, invoices, the ledger, and at night the look at what is missing or differs. Charges are proposed by whoever counts
 * finished visits (constructs/events.ts).
 */
export class Billing extends Construct {
  constructor(scope: Construct, id: string, { payments, timetable, ...props }: BillingProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      entry: 'functions/billing/lambda.ts',
      memoryMiB: 1024,
      timeout: Duration.seconds(29), // a payment may wait for its processor three times
    });
    payments.grant(desk);
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    // Six times a night: the first that finds time does the work, the others go on with it or find it done.
    timetable.run(desk, { name: 'billing', schedule: Schedule.cron({ minute: '40', hour: '2-7' }), everyMinutes: 24 * 60 });
    addRoutes(this, props.api, desk, [[HttpMethod.ANY, '/api/{tenant}/billing/{proxy+}']]);
  }
}
