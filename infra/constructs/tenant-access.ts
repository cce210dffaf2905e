import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { FeatureFunction } from './feature-function.ts';
import { LeasedRole, onKeys, writesUnderKey } from './leased-role.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM fills it in from the session.
const TENANT = '${aws:PrincipalTag/tenant}';
/** Invariant: what this names begins with the tenant of the session. The closing '#' keeps `acme` out of `acme2`. */
const OWN_KEYS = `t#${TENANT}#*`;
/** Code systems and drug knowledge: no patient data, read by all, written by the loader only. */
const SHARED_KNOWLEDGE = 'lib#*';
/** Reminders and deadlines: ids and times only. The key guard in core/aws holds the sort key to the tenant. */
const DUE_WORK = 'sys#due#*';
/** One row without content for each piece of failed work, so that the platform can count. The key guard holds the sort key to the tenant. */
const FAILED_WORK = 'sys#failed#*';
/** What the clinic has used: it adds to its own and may ask whether a limit is passed, the platform reads. Nothing follows the tenant, so `acme` is not `acme2`. */
const OWN_LEDGER = `sys#usage#${TENANT}`;

/** The finding on `t/<tenant>/*`, as cdk-nag names it. */
const OWN_FILES =
  'AwsSolutions-IAM5[Resource::TesseraData:ExportsOutputFnGetAttDocuments7E5B2978Arn159F38C5/t/<aws:PrincipalTag/tenant>/*]';

const OWN_UPLOADS = OWN_FILES.replace('/t/', '/in/');

export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
export type DocumentAction = 'GetObject' | 'PutObject' | 'DeleteObject';

export interface TenantAccessProps {
  readonly table: TableV2;
  readonly documents: Bucket;
  readonly key: Key;
}

/**
 * The tenant role: the only way to a tenant's records and files. Whoever assumes it must name one tenant as a session tag, and
 * then reaches that tenant's keys and no other's. No Scan and no PartiQL: they name no leading key, and `ForAllValues` is true
 * of an empty set (hence also the Null condition).
 */
export class TenantAccess extends Construct {
  private readonly tenantRole: LeasedRole;

  constructor(scope: Construct, id: string, { table, documents, key }: TenantAccessProps) {
    super(scope, id);
    this.tenantRole = new LeasedRole(this, 'TenantRole', {
      description: 'One tenant: its records and files, for as long as a lease lasts',
      requireTenant: true,
    });
    const items = [table.tableArn, `${table.tableArn}/index/changed`];
    this.tenantRole.allow(
      onKeys(['GetItem', 'BatchGetItem', 'Query'], items, [OWN_KEYS, SHARED_KNOWLEDGE]),
      onKeys(['PutItem', 'DeleteItem'], [table.tableArn], [OWN_KEYS, DUE_WORK, FAILED_WORK]),
      onKeys(['Query'], [table.tableArn], [OWN_LEDGER]),
      onKeys(['UpdateItem'], [table.tableArn], [OWN_KEYS, OWN_LEDGER]),
      onKeys(['ConditionCheckItem'], [table.tableArn], [OWN_KEYS]),
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [documents.arnForObjects(`t/${TENANT}/*`)],
      }),
      // What comes from outside is put here, and read by nobody but the intake (constructs/scans.ts) until it is checked.
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [documents.arnForObjects(`in/${TENANT}/*`)] }),
      writesUnderKey(key, 'dynamodb', 's3'),
    );
    this.tenantRole.acknowledge({
      [OWN_FILES]:
        'Every file below the prefix of the tenant in the session, whose names the tenant chooses: the prefix is the fence.',
      [OWN_UPLOADS]: 'Every upload of the tenant in the session, to put and not to read: the prefix is the fence.',
    });
  }

  /**
   * Lets the function lease a tenant's credentials for these actions and no more: it names them in the session policy of every
   * lease, which it reads from TENANT_ACTIONS.
   */
  grantAssume(
    feature: FeatureFunction,
    actions: { readonly records: readonly TableAction[]; readonly documents?: readonly DocumentAction[] },
  ): void {
    const names = [
      ...actions.records.map((action) => `dynamodb:${action}`),
      ...(actions.documents ?? []).map((action) => `s3:${action}`),
    ];
    feature.function.addEnvironment('TENANT_ACTIONS', names.join(','));
    this.tenantRole.lendTo(feature, 'TENANT_ROLE_ARN');
  }
}
