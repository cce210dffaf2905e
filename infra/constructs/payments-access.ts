import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PAYMENTS_ACTIONS } from '../../core/aws/key-guard.ts';
import { STRIPE_PARAMETER } from '../../core/stripe/parameter.ts';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

/**
 * The payments role: what Stripe has told, which clinic its accounts are, what clinics pay for; and to count, who works in a clinic and what
 * it has used, and that a plan has fallen. It sees nothing that is in a clinic.
 */
export class PaymentsAccess extends Construct {
  private readonly role: LeasedRole;

  constructor(scope: Construct, id: string, { table, key }: { readonly table: TableV2; readonly key: IKey }) {
    super(scope, id);
    this.role = new LeasedRole(this, 'PaymentsRole', { description: 'Keeps account of payments', requireTenant: false });
    this.role.allow(
      onKeys(PAYMENTS_ACTIONS, [table.tableArn], ['sys#stripe#*']),
      onKeys(['Query'], [table.tableArn], ['sys#members#*', 'sys#usage#*']),
      onKeys(['UpdateItem'], [table.tableArn], ['sys#seats#*']),
      writesUnderKey(key, 'dynamodb'),
    );
  }

  /** Lets the function keep the book, and speak to Stripe. */
  grant(feature: FeatureFunction): void {
    this.role.lendTo(feature, 'PAYMENTS_ROLE_ARN');
    grantStripe(feature);
  }
}

/**
 * Lets the function read Stripe's keys: the SecureString that the operator has put there under the account's own key for parameters, whose
 * policy lets everybody decrypt who may read the parameter. Only functions that take or give money are given this.
 */
export function grantStripe(feature: FeatureFunction): void {
  const arn = Stack.of(feature).formatArn({ service: 'ssm', resource: 'parameter', resourceName: STRIPE_PARAMETER.slice(1) });
  feature.allow(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [arn] }));
  feature.function.addEnvironment('STRIPE_PARAMETER', STRIPE_PARAMETER);
}
