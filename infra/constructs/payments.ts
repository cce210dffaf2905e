import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { PaymentsAccess } from './payments-access.ts';
import type { Timetable } from './timetable.ts';

export interface PaymentsProps extends FeatureProps {
  readonly payments: PaymentsAccess;
  readonly timetable: Timetable;
  readonly appUrl: string;
}

/**
 * What Stripe tells us, and what clinics pay for. One function for the address, for Stripe's events and for what is looked after by the clock:
 * each function more that acts as a clinic is a line more in the tenant role's trust, which holds few.
 */
export class Payments extends Construct {
  constructor(scope: Construct, id: string, { payments, timetable, appUrl, ...props }: PaymentsProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      entry: 'functions/payments/lambda.ts',
      environment: { ...props.environment, APP_URL: appUrl },
      timeout: Duration.seconds(29),
    });
    payments.grant(desk);
    props.directory.grantAssume(desk);
    props.messages.grantSendMail(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      documents: ['GetObject', 'PutObject'],
    });
    timetable.run(desk, { name: 'payments', schedule: Schedule.rate(Duration.minutes(15)), everyMinutes: 15 });
    addRoutes(this, props.api, desk, [
      [HttpMethod.POST, '/api/platform/webhooks/stripe'],
      [HttpMethod.ANY, '/api/{tenant}/plan'],
      [HttpMethod.ANY, '/api/{tenant}/plan/{proxy+}'],
      [HttpMethod.GET, '/api/platform/plans'],
      [HttpMethod.GET, '/api/platform/plans/{slug}'],
      [HttpMethod.GET, '/api/platform/invoices'],
      [HttpMethod.GET, '/api/platform/stripe-events'],
      [HttpMethod.POST, '/api/platform/stripe-events/{id}/again'],
    ]);
  }
}
