import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, readsUnderKey } from './leased-role.ts';

/** The directory role: which tenants there are and who is a member of which. It reads no tenant's records and writes nothing. */
export class DirectoryAccess extends Construct {
  private readonly role: LeasedRole;

  constructor(scope: Construct, id: string, { table, key }: { readonly table: TableV2; readonly key: IKey }) {
    super(scope, id);
    this.role = new LeasedRole(this, 'DirectoryRole', { description: 'Reads tenants and memberships', requireTenant: false });
    this.role.allow(
      onKeys(['GetItem', 'Query'], [table.tableArn], ['sys#slug#*', 'sys#user#*', 'sys#tenant#*', 'sys#tenants']),
      readsUnderKey(key, 'dynamodb'),
    );
  }

  grantAssume(feature: FeatureFunction): void {
    this.role.lendTo(feature, 'DIRECTORY_ROLE_ARN');
  }
}
