import { describe, expect, test } from 'vitest';
import { type Found, Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const table = synthesis.one('AWS::DynamoDB::GlobalTable');
const buckets = synthesis.all('AWS::S3::Bucket');
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

describe('the records table', () => {
  test('survives a mistake: kept when its stack goes, protected, restorable to any second of 35 days', () => {
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
          SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [synthesis.one('AWS::KMS::Key', 'Key').logicalId, 'Arn'] } },
        },
      ],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('has the keys, the stream, the expiry and the one index that the store stands on', () => {
    expect(table.Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'changed',
          KeySchema: [
            { AttributeName: 'cpk', KeyType: 'HASH' },
            { AttributeName: 'csk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });
});

test('the key turns every year and is kept when its stack goes', () => {
  const key = synthesis.one('AWS::KMS::Key', 'Key');
  expect(key.Properties.EnableKeyRotation).toBe(true);
  expect(key.DeletionPolicy).toBe('Retain');
});

test('the key that signs can do nothing else, and is kept for good: a signature is worth what its public key is', () => {
  const key = synthesis.one('AWS::KMS::Key', 'SigningKey');
  expect(key.Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  expect(key.DeletionPolicy).toBe('Retain');
});

describe.each(buckets.map((bucket) => [bucket.logicalId, bucket] as const))('bucket %s', (_, bucket) => {
  test('is closed to the public, kept, and versioned', () => {
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  test('answers over TLS only', () => {
    const policy = synthesis
      .all('AWS::S3::BucketPolicy')
      .find(({ stack, Properties }) => stack === bucket.stack && (Properties.Bucket as { Ref: string }).Ref === bucket.logicalId);
    const { Statement } = (policy as Found).Properties.PolicyDocument as {
      Statement: { Effect: string; Action: string | string[]; Condition?: unknown; Principal: unknown }[];
    };
    const refused = Statement.filter(({ Effect, Action }) => Effect === 'Deny' && list(Action).includes('s3:*'));
    expect(refused).toContainEqual(
      expect.objectContaining({ Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});

test('what holds patient data is under our key; the web app and the access logs are not patient data', () => {
  const underOurKey = buckets
    .filter(({ Properties }) => JSON.stringify(Properties.BucketEncryption).includes('aws:kms'))
    .map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, ''));
  expect(underOurKey.sort()).toEqual(['Audit', 'Documents']);
});

test('seals of the audit cannot be deleted for six years', () => {
  expect(synthesis.one('AWS::S3::Bucket', 'Audit').Properties).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2192 } } },
  });
});

test('the document bucket takes uploads from the one origin of the app', () => {
  const { CorsRules } = synthesis.one('AWS::S3::Bucket', 'Documents').Properties.CorsConfiguration as {
    CorsRules: { AllowedOrigins: unknown }[];
  };
  expect(CorsRules.map(({ AllowedOrigins }) => AllowedOrigins)).toEqual([[{ Ref: 'AppOrigin' }]]);
});

describe('queues', () => {
  const queues = synthesis.all('AWS::SQS::Queue');
  const failures = queues.filter(({ logicalId }) => logicalId.includes('Failures'));

  test('each one has a dead-letter queue, which an alarm looks at', () => {
    const others = queues.filter((queue) => !failures.includes(queue));
    expect(others).not.toHaveLength(0);
    for (const queue of others) {
      const { deadLetterTargetArn } = queue.Properties.RedrivePolicy as { deadLetterTargetArn: { 'Fn::GetAtt': [string] } };
      const target = deadLetterTargetArn['Fn::GetAtt'][0];
      expect(failures.map(({ logicalId }) => logicalId)).toContain(target);
      expect(JSON.stringify(synthesis.all('AWS::CloudWatch::Alarm'))).toContain(target);
    }
  });

  test('a message stays hidden for longer than its worker may work', () => {
    const ofQueues = synthesis
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ Properties }) => !('StartingPosition' in Properties));
    expect(ofQueues.length).toBeLessThanOrEqual(3); // each is polled day and night
    for (const mapping of ofQueues) {
      const resources = synthesis.templates[mapping.stack]?.Resources;
      const worker = resources?.[(mapping.Properties.FunctionName as { Ref: string }).Ref];
      const queue = resources?.[(mapping.Properties.EventSourceArn as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]];
      expect(queue?.Properties.VisibilityTimeout).toBeGreaterThan(worker?.Properties.Timeout as number);
    }
  });

  test('they are encrypted', () => {
    for (const queue of queues) expect(queue.Properties.SqsManagedSseEnabled).toBe(true);
  });
});

test('ten alarms at most, each of which somebody is told of', () => {
  const alarms = synthesis.all('AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThan(0);
  expect(alarms.length).toBeLessThanOrEqual(10);
  for (const alarm of alarms) expect(alarm.Properties.AlarmActions).toHaveLength(1);
});

test('CloudWatch may write to the topic of the alarms, and use its key', () => {
  const allowing = (found: Found, property: string) =>
    (
      found.Properties[property] as { Statement: { Effect: string; Principal: unknown; Action: string | string[] }[] }
    ).Statement.filter(
      ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('cloudwatch.amazonaws.com'),
    ).flatMap(({ Action }) => Action);
  expect(allowing(synthesis.one('AWS::SNS::TopicPolicy', 'Alarms'), 'PolicyDocument')).toEqual(['sns:Publish']);
  expect(allowing(synthesis.one('AWS::KMS::Key', 'Key'), 'KeyPolicy')).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
});
