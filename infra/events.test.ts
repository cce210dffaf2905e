import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from 'vitest';
import { RECEIVERS } from '../functions/receivers.ts';
import { ARN, plain } from '../test/support/plain-policy.ts';
import { type Found, Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const queue = (prefix: string): string => arnOf(synthesis.one('AWS::SQS::Queue', prefix).logicalId);
const arnOf = (logicalId: string): string => `arn:aws:sqs:${ARN.region}:${ARN.account}:${logicalId}`;
const target = (found: Found, value: unknown): unknown => plain(synthesis, found.stack, value);

/** What a function's own role may do. */
async function may(rights: string, action: string, resource: string): Promise<boolean> {
  const found = synthesis.one('AWS::IAM::ManagedPolicy', rights);
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:sts::111111111111:assumed-role/Function/run',
        action,
        resource: { resource, accountId: ARN.account },
        contextVariables: {},
      },
      identityPolicies: [{ name: 'rights', policy: target(found, found.Properties.PolicyDocument) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}

test('every receiver has a rule with its events and a queue of its own, and what cannot be delivered is not lost', () => {
  const rules = patternRules().filter(({ Properties }) => 'EventBusName' in Properties);
  expect(rules).toHaveLength(Object.keys(RECEIVERS).length);
  const dead = { Arn: { 'Fn::GetAtt': [synthesis.one('AWS::SQS::Queue', 'DeadLettersFailures').logicalId, 'Arn'] } };
  for (const rule of rules) {
    const { source, 'detail-type': names } = rule.Properties.EventPattern as Record<string, string[]>;
    expect(source).toEqual(['tessera']);
    expect(Object.values(RECEIVERS)).toContainEqual(names);
    const targets = rule.Properties.Targets as { DeadLetterConfig: unknown }[];
    expect(targets.map(({ DeadLetterConfig }) => DeadLetterConfig)).toEqual([dead]);
  }
});

test('the result of the malware check starts the intake, for uploads of our bucket only, and what cannot be handed on is not lost', () => {
  const dead = { Arn: { 'Fn::GetAtt': [synthesis.one('AWS::SQS::Queue', 'DeadLettersFailures').logicalId, 'Arn'] } };
  const own = patternRules().filter(({ Properties }) => !('EventBusName' in Properties));
  const [rule, ...others] = own.filter(({ logicalId }) => !TELLS_OF_MESSAGES.test(logicalId));
  expect(others).toEqual([]);
  expect(rule?.Properties.EventPattern).toMatchObject({
    source: ['aws.guardduty', 'tessera.scans'],
    detail: { s3ObjectDetails: { objectKey: [{ prefix: 'in/' }] } },
  });
  expect(
    ((rule?.Properties.Targets ?? []) as { DeadLetterConfig: unknown }[]).map(({ DeadLetterConfig }) => DeadLetterConfig),
  ).toEqual([dead]);
});

test('what calls a function and does not wait for it loses nothing: what the function cannot do lies with the dead letters', () => {
  const told = patternRules().flatMap(({ Properties }) => (Properties.Targets as { Arn: unknown }[]).map(({ Arn }) => Arn));
  const texted = synthesis
    .all('AWS::SNS::Subscription')
    .filter(({ Properties }) => Properties.Protocol === 'lambda')
    .map(({ Properties }) => Properties.Endpoint);
  const functionOf = (arn: unknown): string => /"([A-Za-z0-9]+Function[A-Za-z0-9]+)"/.exec(JSON.stringify(arn))?.[1] ?? '';
  const called = new Set([...told, ...texted].map(functionOf).filter((id) => id !== ''));
  const configs = synthesis.all('AWS::Lambda::EventInvokeConfig');
  const caught = configs.map(({ Properties }) => (Properties.FunctionName as { Ref: string }).Ref);
  expect([...called].sort().map((id) => id.replace(/Function.*/, ''))).toEqual(['NoticesTexts', 'ScansIntake']);
  expect(caught.toSorted()).toEqual([...called].sort());
  for (const config of configs) {
    expect(config.Properties).toMatchObject({ MaximumRetryAttempts: 2 });
    expect(target(config, config.Properties.DestinationConfig)).toEqual({
      OnFailure: { Destination: queue('DeadLettersFailures') },
    });
  }
});

const TELLS_OF_MESSAGES = /^NoticesDelivery/;

const patternRules = () => synthesis.all('AWS::Events::Rule').filter(({ Properties }) => 'EventPattern' in Properties);

test('the stream hands on current items with news only, halves what fails and gives up to the dead letters', () => {
  const mapping = synthesis
    .all('AWS::Lambda::EventSourceMapping')
    .find(({ Properties }) => 'StartingPosition' in Properties) as Found;
  expect(mapping.Properties).toMatchObject({
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 10,
  });
  expect(target(mapping, mapping.Properties.DestinationConfig)).toEqual({
    OnFailure: { Destination: queue('DeadLettersFailures') },
  });
  const { Filters } = mapping.Properties.FilterCriteria as { Filters: { Pattern: string }[] };
  expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
    { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { events: { SS: [{ exists: true }] } } } },
  ]);
});

describe('each function may do its part and no other', () => {
  const bus = ARN.bus(synthesis.one('AWS::Events::EventBus').logicalId);
  test.each([
    { who: 'EventsReaderRights', action: 'events:PutEvents', on: () => bus, allowed: true },
    { who: 'EventsReaderRights', action: 'sqs:SendMessage', on: () => queue('DeadLettersFailures'), allowed: true },
    { who: 'EventsReaderRights', action: 'sqs:SendMessage', on: () => queue('EventsUsage'), allowed: false },
    { who: 'EventsLookBackRights', action: 'events:PutEvents', on: () => bus, allowed: true },
    { who: 'EventsCountRights', action: 'events:PutEvents', on: () => bus, allowed: false },
    { who: 'EventsCountRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsUsage'), allowed: true },
    { who: 'EventsCountRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsNotices'), allowed: false },
    { who: 'NoticesWorkRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsNotices'), allowed: true },
    { who: 'NoticesWorkRights', action: 'sqs:SendMessage', on: () => queue('ImportsQueue'), allowed: false },
    { who: 'NoticesSweepRights', action: 'sqs:SendMessage', on: () => queue('EventsNotices'), allowed: true },
    { who: 'NoticesSweepRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsNotices'), allowed: false },
    { who: 'NoticesSweepRights', action: 'sqs:SendMessage', on: () => queue('EventsUsage'), allowed: false },
    { who: 'EventsKeeperRights', action: 'sqs:DeleteMessage', on: () => queue('DeadLettersFailures'), allowed: true },
    { who: 'EventsKeeperRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsUsage'), allowed: false },
    { who: 'EventsDeskRights', action: 'sqs:SendMessage', on: () => queue('EventsUsage'), allowed: true },
    { who: 'EventsDeskRights', action: 'sqs:SendMessage', on: () => queue('DeadLettersFailures'), allowed: false },
    { who: 'EventsDeskRights', action: 'sqs:ReceiveMessage', on: () => queue('EventsUsage'), allowed: false },
    { who: 'RecordsRestRights', action: 'events:PutEvents', on: () => bus, allowed: false },
    { who: 'PlatformAnswerRights', action: 'cloudwatch:GetMetricData', on: () => '*', allowed: true },
    { who: 'RecordsRestRights', action: 'cloudwatch:GetMetricData', on: () => '*', allowed: false },
  ])('$who: $action → $allowed', async ({ who, action, on, allowed }) => {
    expect(await may(who, action, on())).toBe(allowed);
  });
});

test('everything that runs by the clock keeps account of it', () => {
  const rules = synthesis.all('AWS::Events::Rule').filter(({ Properties }) => 'ScheduleExpression' in Properties);
  expect(rules.length).toBeGreaterThan(1);
  for (const rule of rules) {
    const [{ Arn }] = rule.Properties.Targets as [{ Arn: { 'Fn::GetAtt': [string] } }];
    const environment = synthesis.templates[rule.stack]?.Resources[Arn['Fn::GetAtt'][0]]?.Properties.Environment;
    expect(Object.keys((environment as { Variables: object }).Variables)).toContain('OPERATIONS_ROLE_ARN');
  }
});
