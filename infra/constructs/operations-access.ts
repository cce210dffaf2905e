import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

/** The operations role: how schedules ran, how much work waits, what clinics have used, what is due. It sees nothing that is in a clinic. */
export class OperationsAccess extends Construct {
  private readonly role: LeasedRole;

  constructor(scope: Construct, id: string, { table, key }: { readonly table: TableV2; readonly key: IKey }) {
    super(scope, id);
    this.role = new LeasedRole(this, 'OperationsRole', { description: 'Keeps account of what runs', requireTenant: false });
    this.role.allow(
      onKeys(['GetItem', 'PutItem'], [table.tableArn], ['sys#run#*']),
      onKeys(['GetItem', 'Query'], [table.tableArn], ['sys#failed#*', 'sys#usage#*']),
      onKeys(['Query', 'DeleteItem'], [table.tableArn], ['sys#due#*']),
      writesUnderKey(key, 'dynamodb'),
    );
  }

  grantAssume(feature: FeatureFunction): void {
    this.role.lendTo(feature, 'OPERATIONS_ROLE_ARN');
  }
}
