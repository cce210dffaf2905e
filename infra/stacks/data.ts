import { CfnOutput, CfnParameter, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';

/** Six years: how long HIPAA asks for the record of who did what (45 CFR 164.316(b)(2)(i)). */
const AUDIT_YEARS = 6;

/** What must survive everything else: records, documents, the seals of the audit, and the key that all of it is under. */
export class DataStack extends Stack {
  readonly key: Key;
  /** Signs notes. Kept for good: a signature is worth what its public key is. */
  readonly signingKey: Key;
  readonly table: TableV2;
  readonly documents: Bucket;
  readonly audit: Bucket;
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // The distribution is created after this stack: `npm run deploy` reads its address and passes it here.
    const appOrigin = new CfnParameter(this, 'AppOrigin', {
      default: 'https://app.invalid',
      allowedPattern: 'https?://[^/*]+',
      description: 'Where the web app is served from: the one origin that may use upload and download links.',
    });
    this.key = this.dataKey();
    this.signingKey = new Key(this, 'SigningKey', {
      description: 'Tessera: signatures of notes',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = this.recordsTable();
    this.accessLogs = this.accessLogBucket();
    this.documents = this.documentBucket(appOrigin.valueAsString);
    this.audit = this.auditBucket();
    new CfnOutput(this, 'UploadOrigin', { value: appOrigin.valueAsString });
    new CfnOutput(this, 'RecordsTable', { value: this.table.tableName });
    new CfnOutput(this, 'AuditBucket', { value: this.audit.bucketName });
  }

  private dataKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Tessera: records, documents and logs',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // CloudWatch Logs encrypts our log groups with it, and no other account's or service's.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*`,
          },
        },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        // Alarms, and text messages that people answer with: both are put on topics under this key.
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('sms-voice.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return key;
  }

  private recordsTable(): TableV2 {
    return new TableV2(this, 'Records', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expires', // epoch seconds
      globalSecondaryIndexes: [
        {
          indexName: 'changed', // exports, reports, `_lastUpdated`: never a clinical read
          partitionKey: { name: 'cpk', type: AttributeType.STRING },
          sortKey: { name: 'csk', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
  }

  private documentBucket(appOrigin: string): Bucket {
    const bucket = new Bucket(this, 'Documents', {
      ...this.closedBucket('documents/'),
      versioned: true,
      cors: [
        {
          allowedOrigins: [appOrigin],
          allowedMethods: [HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT, HttpMethods.POST],
          allowedHeaders: ['content-type', 'content-length', 'content-md5', 'x-amz-*'],
          exposedHeaders: ['etag', 'x-amz-checksum-sha256'],
          maxAge: Duration.hours(1).toSeconds(),
        },
      ],
      lifecycleRules: [
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        // What was found infected, or never filed, is not kept; pages and originals of what was read lie elsewhere.
        {
          id: 'uploads',
          prefix: 'in/',
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: 'rarely-opened',
          transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
        },
      ],
    });
    acknowledge(bucket, { 'HIPAA.Security-S3BucketReplicationEnabled': REPLICATION });
    return bucket;
  }

  /** Seals cannot be changed or deleted by anybody, the account's owner included, before their time. */
  private auditBucket(): Bucket {
    const bucket = new Bucket(this, 'Audit', {
      ...this.closedBucket('audit/'),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(Math.ceil(AUDIT_YEARS * 365.25))),
    });
    acknowledge(bucket, { 'HIPAA.Security-S3BucketReplicationEnabled': REPLICATION });
    return bucket;
  }

  private accessLogBucket(): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'a-year', expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(1) },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    acknowledge(bucket, {
      'HIPAA.Security-S3BucketReplicationEnabled':
        'Access logs help in an investigation but are no record; the audit trail in the table is, and it is kept apart.',
      'HIPAA.Security-S3BucketLoggingEnabled': 'This bucket receives the access logs: logging itself would feed on itself.',
      'HIPAA.Security-S3DefaultEncryptionKMS':
        'S3 delivers server access logs only to buckets under S3-managed encryption. Keys in them carry opaque ids, no patient data.',
      'AwsSolutions-S1': 'This bucket receives the access logs: logging itself would feed on itself.',
    });
    return bucket;
  }

  private closedBucket(logPrefix: string) {
    return {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: logPrefix,
    };
  }
}

const REPLICATION =
  'A second region doubles the storage bill and is sold apart (docs/operations.md). Versions and, for seals, Object Lock guard against deletion; the loss of a whole region is the accepted risk.';
