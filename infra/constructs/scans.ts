import { Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnMalwareProtectionPlan } from 'aws-cdk-lib/aws-guardduty';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SCAN_RESULT, TOLD_AGAIN } from '../../core/scans/tell-again.ts';
import { acknowledge } from './acknowledge.ts';
import { type DeadLetters, keepWhatFails } from './dead-letters.ts';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';
import { LeasedRole, writesUnderKey } from './leased-role.ts';

export interface ScansProps extends FeatureProps {
  readonly deadLetters: DeadLetters;
  readonly documents: Bucket;
  readonly key: IKey;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM fills it in from the session.
const TENANT = '${aws:PrincipalTag/tenant}';
/** What was uploaded and is not checked yet: the desk may put there, the intake alone may read. */
const INCOMING = 'in/';

/**
 * Scanned documents: the desk takes uploads and files them; GuardDuty checks what arrives, and its result is the event that starts the intake.
 * No queue: Lambda keeps an asynchronous event, tries it three times, and then hands it to the queue of failures.
 */
export class Scans extends Construct {
  constructor(scope: Construct, id: string, props: ScansProps) {
    super(scope, id);
    this.desk(props);
    this.intake(props);
    this.malwareCheck(props);
  }

  private desk(props: ScansProps): void {
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      entry: 'functions/scans/lambda.ts',
      memoryMiB: 1024,
      timeout: Duration.seconds(29),
    });
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      // PutObject: what it signs, an upload under `in/`; a body over 350 KB.
      documents: ['GetObject', 'PutObject'],
    });
    addRoutes(this, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/uploads'],
      [HttpMethod.ANY, '/api/{tenant}/uploads/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/documents/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/charts/{id}/documents'],
    ]);
  }

  private intake({ documents, key, deadLetters, ...props }: ScansProps): void {
    const intake = new FeatureFunction(this, 'Intake', {
      ...props,
      entry: 'functions/intake/lambda.ts',
      timeout: Duration.minutes(10), // sixty pages
      memoryMiB: 3008, // pages are pictures of up to 40 megapixels
    });
    props.tenants.grantAssume(intake, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    intake.allowAnywhere(
      'textract:DetectDocumentText',
      'Textract has no resources to name: it is handed one page and keeps none.',
    );
    keepWhatFails(intake, deadLetters.failures);
    grantTellAgain(intake); // the next in line

    const incoming = new LeasedRole(this, 'IncomingRole', {
      description: "Reads and takes away one tenant's uploads that are not filed",
      requireTenant: true,
    });
    incoming.allow(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:DeleteObject'],
        resources: [documents.arnForObjects(`${INCOMING}${TENANT}/*`)],
      }),
      writesUnderKey(key, 's3'),
    );
    incoming.acknowledge({ [OWN_UPLOADS]: 'Every upload of the tenant in the session: the prefix is the fence.' });
    incoming.lendTo(intake, 'INCOMING_ROLE_ARN');

    new Rule(this, 'Checked', {
      // On the account's own bus, where GuardDuty tells its results.
      eventPattern: {
        // Ours: a result that is told again (core/scans/tell-again.ts). AWS lets nobody speak in GuardDuty's name.
        source: ['aws.guardduty', TOLD_AGAIN],
        detailType: [SCAN_RESULT],
        detail: { s3ObjectDetails: { bucketName: [documents.bucketName], objectKey: [{ prefix: INCOMING }] } },
      },
      targets: [new LambdaFunction(intake.function, { deadLetterQueue: deadLetters.failures })],
    });
  }

  /** What GuardDuty needs to check each new object (GuardDuty User Guide, "IAM role policy for Malware Protection for S3"). */
  private malwareCheck({ documents, key }: ScansProps): void {
    const { account, region, partition } = Stack.of(this);
    const role = new Role(this, 'CheckRole', {
      assumedBy: new ServicePrincipal('malware-protection-plan.guardduty.amazonaws.com'),
    });
    const managedRule = `arn:${partition}:events:${region}:${account}:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*`;
    const rights = new ManagedPolicy(this, 'CheckRights', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['events:PutRule', 'events:DeleteRule', 'events:PutTargets', 'events:RemoveTargets'],
          resources: [managedRule],
          conditions: { StringLike: { 'events:ManagedBy': 'malware-protection-plan.guardduty.amazonaws.com' } },
        }),
        new PolicyStatement({ actions: ['events:DescribeRule', 'events:ListTargetsByRule'], resources: [managedRule] }),
        new PolicyStatement({
          actions: ['s3:PutBucketNotification', 's3:GetBucketNotification', 's3:ListBucket'],
          resources: [documents.bucketArn],
        }),
        new PolicyStatement({
          actions: [
            's3:GetObject',
            's3:GetObjectVersion',
            's3:PutObjectTagging',
            's3:GetObjectTagging',
            's3:PutObjectVersionTagging',
            's3:GetObjectVersionTagging',
          ],
          resources: [documents.arnForObjects(`${INCOMING}*`)],
        }),
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [documents.arnForObjects('malware-protection-resource-validation-object')],
        }),
        writesUnderKey(key, 's3'),
      ],
    });
    acknowledge(rights, {
      [`AwsSolutions-IAM5[Resource::${managedRule.replace(partition, 'aws')}]`]: CHECKS,
      [ALL_UPLOADS]: CHECKS,
    });
    const plan = new CfnMalwareProtectionPlan(this, 'Check', {
      role: role.roleArn,
      protectedResource: { s3Bucket: { bucketName: documents.bucketName, objectPrefixes: [INCOMING] } },
      actions: { tagging: { status: 'ENABLED' } },
    });
    plan.node.addDependency(rights);
  }
}

/** Lets the function tell the result of a malware check once more, on the account's own bus. */
export function grantTellAgain(feature: FeatureFunction): void {
  const { account, region, partition } = Stack.of(feature);
  feature.allow(
    new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [`arn:${partition}:events:${region}:${account}:event-bus/default`],
      conditions: { StringEquals: { 'events:source': TOLD_AGAIN } },
    }),
  );
}

const CHECKS = "GuardDuty checks every clinic's uploads before anybody else may open them, and names its own rule.";
const BUCKET = 'TesseraData:ExportsOutputFnGetAttDocuments7E5B2978Arn159F38C5';
/** The findings, as cdk-nag names them. */
const OWN_UPLOADS = `AwsSolutions-IAM5[Resource::${BUCKET}/in/<aws:PrincipalTag/tenant>/*]`;
const ALL_UPLOADS = `AwsSolutions-IAM5[Resource::${BUCKET}/in/*]`;
