import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import type { TenancyAccess } from './tenancy-access.ts';

export interface OperatorProps extends FeatureProps {
  readonly tenancy: TenancyAccess;
  readonly firewall: boolean;
}

/** The operators' desk: the list of clinics and their state. A function of its own, so that no other may list clinics. */
export class Operator extends Construct {
  constructor(scope: Construct, id: string, { tenancy, firewall, ...props }: OperatorProps) {
    super(scope, id);
    const environment = { ...props.environment, FIREWALL: firewall ? 'on' : 'off' };
    const desk = new FeatureFunction(this, 'Desk', { ...props, environment, entry: 'functions/operator/lambda.ts' });
    props.directory.grantAssume(desk);
    tenancy.grantAssume(desk);
    // Of a tenant's table it needs no more than to leave the AuditEvent of what was done to the tenant.
    props.tenants.grantAssume(desk, { records: ['PutItem'] });
    addRoutes(this, props.api, desk, [
      [HttpMethod.ANY, '/api/platform/cost'],
      [HttpMethod.ANY, '/api/platform/tenants'],
      [HttpMethod.ANY, '/api/platform/tenants/{proxy+}'],
    ]);
  }
}
