import { Duration } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import { LeasedRole, writesUnderKey } from './leased-role.ts';
import type { Timetable } from './timetable.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM fills it in from the session.
const TENANT = '${aws:PrincipalTag/tenant}';

export interface AuditTrailProps extends FeatureProps {
  readonly audit: Bucket;
  readonly key: IKey;
  readonly timetable: Timetable;
}

/** Every hour the days that are over are indexed and sealed: once a day there is work, and a run that failed is caught up within the hour. */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { audit, key, timetable, ...props }: AuditTrailProps) {
    super(scope, id);
    const keeper = new FeatureFunction(this, 'Keeper', {
      ...props,
      entry: 'functions/audit/lambda.ts',
      handler: 'keeper',
      environment: { ...props.environment, AUDIT_BUCKET: audit.bucketName },
      timeout: Duration.minutes(15),
      memoryMiB: 1024, // a day's rows of one clinic are held in memory
    });
    props.directory.grantAssume(keeper);
    props.tenants.grantAssume(keeper, { records: ['GetItem', 'Query', 'PutItem'] });

    const seals = new LeasedRole(this, 'SealRole', {
      description: "Puts one tenant's audit seals, and reads and deletes none",
      requireTenant: true,
    });
    seals.allow(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [audit.arnForObjects(`t/${TENANT}/*`)] }),
      writesUnderKey(key, 's3'),
    );
    seals.acknowledge({ [OWN_SEALS]: 'The seals of the tenant in the session, one a day: the prefix is the fence.' });
    seals.lendTo(keeper, 'SEAL_ROLE_ARN');

    timetable.run(keeper, { name: 'audit-trail', schedule: Schedule.rate(Duration.hours(1)), everyMinutes: 60 });
  }
}

/** The finding on `t/<tenant>/*`, as cdk-nag names it. */
const OWN_SEALS =
  'AwsSolutions-IAM5[Resource::TesseraData:ExportsOutputFnGetAttAudit3D8ADE0AArn5960E565/t/<aws:PrincipalTag/tenant>/*]';
