import { describe, expect, test } from 'vitest';
import { plain } from '../test/support/plain-policy.ts';
import { type Found, Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
/** Ours, not the CDK's own uploader of the web app. */
const functions = synthesis.all('AWS::Lambda::Function').filter(({ Properties }) => Properties.Runtime !== 'python3.13');
const named = functions.map((found) => [found.logicalId, found] as const);

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
}
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const statementsOf = (found: Found): Statement[] =>
  (plain(synthesis, found.stack, found.Properties.PolicyDocument) as { Statement: Statement[] }).Statement;

/** The statements of every policy that a function's own role carries. */
function ownStatements(role: string): Statement[] {
  const attached = [...synthesis.all('AWS::IAM::ManagedPolicy'), ...synthesis.all('AWS::IAM::Policy')].filter((policy) =>
    ((plain(synthesis, policy.stack, policy.Properties.Roles) as string[] | undefined) ?? []).includes(role),
  );
  return attached.flatMap(statementsOf);
}
const roleOf = (found: Found): string => String((found.Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]);

/** Of the stream, and of the key that its records are under: nothing that reaches an item of the table. */
const STREAM_READING = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'kms:Decrypt',
  'kms:DescribeKey',
];

test('there is a function for every feature', () => {
  expect(functions.map(({ logicalId }) => logicalId.replace(/Function[0-9A-F]{8}$/, '')).sort()).toEqual([
    'AuditTrailKeeper',
    'BillingDesk',
    'ChartsRead',
    'Claims',
    'EventsCount',
    'EventsDesk',
    'EventsKeeper',
    'EventsLookBack',
    'EventsReader',
    'ImportsDesk',
    'ImportsWorker',
    'NotFoundAnswer',
    'NoticesNightly',
    'NoticesSweep',
    'NoticesTexts',
    'NoticesWork',
    'OperatorDesk',
    'PaymentsDesk',
    'PeopleDesk',
    'PeopleDoor',
    'PlatformAnswer',
    'RecordsRest',
    'RemindersDesk',
    'ReportsDesk',
    'ScansDesk',
    'ScansIntake',
    'SchedulingCalendar',
    'SettingsDesk',
    'TasksDesk',
    'VisitsDesk',
  ]);
});

describe.each(named)('%s', (_, found) => {
  const actions = ownStatements(roleOf(found)).flatMap(({ Action }) => list(Action));

  test('runs on Node 24 and ARM, traced, with logs in JSON', () => {
    expect(found.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  test('keeps its logs for a year, under our key', () => {
    const { LogGroup } = found.Properties.LoggingConfig as { LogGroup: { Ref: string } };
    expect(synthesis.templates[found.stack]?.Resources[LogGroup.Ref]?.Properties).toMatchObject({
      RetentionInDays: 365,
      KmsKeyId: expect.anything(),
    });
  });

  test('may not touch the table, the bucket or the key in its own name', () => {
    expect(actions).toContain('logs:PutLogEvents'); // so that an empty list is not what passes
    const own = actions.filter((action) => /^(dynamodb|s3|kms|\*)/.test(action));
    // Lambda reads the table's stream in the name of the one function that is handed its records; one function signs.
    const reading = found.logicalId.startsWith('EventsReader') ? STREAM_READING : [];
    expect(own).toEqual(found.logicalId.startsWith('VisitsDesk') ? ['kms:GetPublicKey', 'kms:Sign'] : reading);
  });

  test('has rights in managed policies only, none of them for everything', () => {
    const role = synthesis.templates[found.stack]?.Resources[roleOf(found)];
    expect(role?.Properties).not.toHaveProperty('Policies');
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
    const everywhere = ownStatements(roleOf(found)).filter(({ Resource }) => list(Resource).includes('*'));
    const beside = everywhere.flatMap(({ Action }) => list(Action)).filter((action) => !action.startsWith('xray:'));
    // What SQS does not tell of a queue, CloudWatch does, and it has no resources to name; neither has Textract.
    const named = Object.entries({ PlatformAnswer: 'cloudwatch:GetMetricData', ScansIntake: 'textract:DetectDocumentText' });
    expect(beside).toEqual(named.flatMap(([name, action]) => (found.logicalId.startsWith(name) ? [action] : [])));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('finds its tenant rights named for the session policy, if it has any', () => {
    const { Variables } = found.Properties.Environment as { Variables: Record<string, unknown> };
    expect('TENANT_ROLE_ARN' in Variables).toBe('TENANT_ACTIONS' in Variables);
    if ('TENANT_ACTIONS' in Variables)
      expect(Variables.TENANT_ACTIONS).toMatch(/^(dynamodb|s3):[A-Za-z]+(,(dynamodb|s3):[A-Za-z]+)*$/);
  });
});

test('only the functions that answer requests know the origin secret', () => {
  const knowing = functions.filter(
    ({ Properties }) => 'ORIGIN_SECRET' in (Properties.Environment as { Variables: object }).Variables,
  );
  expect(knowing.every(({ stack }) => stack === 'Features')).toBe(true);
  expect(knowing).toHaveLength(functions.filter(({ stack }) => stack === 'Features').length);
});

test('a queue is joined to its function only when the function may read it', () => {
  for (const mapping of synthesis.all('AWS::Lambda::EventSourceMapping')) {
    const target = synthesis.templates[mapping.stack]?.Resources[(mapping.Properties.FunctionName as { Ref: string }).Ref] as {
      DependsOn?: string[];
    };
    expect(
      target.DependsOn?.some((name) => synthesis.templates[mapping.stack]?.Resources[name]?.Type === 'AWS::IAM::ManagedPolicy'),
    ).toBe(true);
  }
});
