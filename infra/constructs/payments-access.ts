import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { STRIPE_PARAMETER } from '../../core/stripe/parameter.ts';
import type { FeatureFunction } from './feature-function.ts';

/**
 * Lets the function read Stripe's keys: the SecureString that the operator has put there under the account's own key for parameters, whose
 * policy lets everybody decrypt who may read the parameter. Only functions that take or give money are given this.
 */
export function grantStripe(feature: FeatureFunction): void {
  const arn = Stack.of(feature).formatArn({ service: 'ssm', resource: 'parameter', resourceName: STRIPE_PARAMETER.slice(1) });
  feature.allow(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [arn] }));
  feature.function.addEnvironment('STRIPE_PARAMETER', STRIPE_PARAMETER);
}
