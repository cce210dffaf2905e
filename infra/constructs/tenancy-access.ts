import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

/**
 * The tenancy role: lists the tenants and changes their state. It counts who works in each and reads what each has used, sees no membership
 * and nothing inside a tenant, and can make and delete none.
 */
export class TenancyAccess extends Construct {
  private readonly role: LeasedRole;

  constructor(scope: Construct, id: string, { table, key }: { readonly table: TableV2; readonly key: IKey }) {
    super(scope, id);
    this.role = new LeasedRole(this, 'TenancyRole', { description: 'Lists tenants and suspends them', requireTenant: false });
    this.role.allow(
      onKeys(['Query'], [table.tableArn], ['sys#tenants', 'sys#usage#*']),
      this.countsOf(table, 'sys#members#*'),
      onKeys(['GetItem', 'UpdateItem'], [table.tableArn], ['sys#tenants', 'sys#slug#*', 'sys#tenant#*']),
      writesUnderKey(key, 'dynamodb'),
    );
  }

  /** A Query that answers how many there are, and none of them. */
  private countsOf(table: TableV2, keys: string): PolicyStatement {
    const statement = onKeys(['Query'], [table.tableArn], [keys]);
    statement.addCondition('StringEquals', { 'dynamodb:Select': 'COUNT' });
    return statement;
  }

  grantAssume(feature: FeatureFunction): void {
    this.role.lendTo(feature, 'TENANCY_ROLE_ARN');
  }
}
