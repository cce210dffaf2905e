import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

/** Reports of broken screens. The role that it leases reaches the reports and nothing else: no tenant, no membership. */
export class Reports extends Construct {
  constructor(scope: Construct, id: string, { data, ...props }: FeatureProps & { readonly data: { table: TableV2; key: IKey } }) {
    super(scope, id);
    const role = new LeasedRole(this, 'ReportsRole', {
      description: 'Counts and lists reports of broken screens',
      requireTenant: false,
    });
    role.allow(
      onKeys(['Query', 'UpdateItem'], [data.table.tableArn], ['sys#reports', 'sys#reports#*']),
      writesUnderKey(data.key, 'dynamodb'),
    );
    const desk = new FeatureFunction(this, 'Desk', { ...props, entry: 'functions/reports/lambda.ts' });
    props.directory.grantAssume(desk);
    role.lendTo(desk, 'REPORTS_ROLE_ARN');
    addRoutes(this, props.api, desk, [[HttpMethod.ANY, '/api/platform/reports']]);
  }
}
