import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { WRITER_DELETES, WRITER_PREFIXES } from '../../core/store/keys.ts';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

/**
 * The directory writer role: tenants, memberships, invitations, sign-ups, links and attempts. It reaches no tenant's records, and what
 * must never go away (a tenant, its slug, a sign-up, a used link) it cannot delete. Lent to the two functions that people join through.
 */
export class DirectoryWriting extends Construct {
  private readonly role: LeasedRole;

  constructor(scope: Construct, id: string, { table, key }: { readonly table: TableV2; readonly key: IKey }) {
    super(scope, id);
    this.role = new LeasedRole(this, 'WriterRole', { description: 'Makes tenants and memberships', requireTenant: false });
    this.role.allow(
      onKeys(
        ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
        [table.tableArn],
        WRITER_PREFIXES.map(asPattern),
      ),
      onKeys(['DeleteItem'], [table.tableArn], WRITER_DELETES.map(asPattern)),
      writesUnderKey(key, 'dynamodb'),
    );
  }

  grantAssume(feature: FeatureFunction): void {
    this.role.lendTo(feature, 'DIRECTORY_WRITER_ROLE_ARN');
  }
}

/** A prefix that ends with '#' begins many keys; any other is a whole one. */
const asPattern = (prefix: string): string => (prefix.endsWith('#') ? `${prefix}*` : prefix);
