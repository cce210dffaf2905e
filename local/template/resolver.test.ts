// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its variables so.
import { describe, expect, test } from 'vitest';
import type { Resource, Stack } from './assembly.ts';
import { attributesAt } from './attributes.ts';
import { Resolver } from './resolver.ts';

const resource = (Type: string, Properties: Record<string, unknown> = {}, Condition?: string): Resource => ({
  Type,
  Properties,
  Metadata: {},
  ...(Condition && { Condition }),
});
const stack = (name: string, resources: Record<string, Resource>, rest: Partial<Stack> = {}): Stack => ({
  name,
  account: '111111111111',
  region: 'eu-central-1',
  resources: new Map(Object.entries(resources)),
  outputs: {},
  parameters: {},
  conditions: {},
  assets: new Map(),
  ...rest,
});

const data = stack(
  'Data',
  { Records: resource('AWS::DynamoDB::GlobalTable'), Jobs: resource('AWS::SQS::Queue', { QueueName: 'jobs' }) },
  { outputs: { Out: { Value: { 'Fn::GetAtt': ['Records', 'Arn'] }, Export: { Name: 'records-arn' } }, Plain: { Value: 'x' } } },
);
const app = stack(
  'App',
  {
    Site: resource('AWS::CloudFront::Distribution'),
    StaffPool1234ABCD: resource('AWS::Cognito::UserPool'),
    Web: resource('AWS::Cognito::UserPoolClient'),
    Files: resource('AWS::S3::Bucket'),
    Live: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Worker' } }),
    Worker: resource('AWS::Lambda::Function'),
    Maybe: resource('AWS::SQS::Queue', {}, 'IsProduction'),
  },
  {
    parameters: {
      OriginSecret: { Type: 'String' },
      Size: { Type: 'Number', Default: 5 },
      AppOrigin: { Type: 'String', Default: 'https://app.invalid' },
    },
    conditions: { IsProduction: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
  },
);
const resolver = new Resolver(
  { directory: '/nowhere', stacks: [data, app] },
  attributesAt({ origin: 'http://localhost:3000', s3: 'http://127.0.0.1:4001', services: 'http://127.0.0.1:4002' }),
  { parameters: { AppOrigin: 'http://localhost:3000' }, secretFor: (name) => `secret of ${name}` },
);

describe('what a value of the template is on this machine', () => {
  test.each<[because: string, value: unknown, expected: unknown]>([
    ['plain values stay', { a: [1, true, 'x'] }, { a: [1, true, 'x'] }],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['a parameter with a default', { Ref: 'Size' }, 5],
    ['a parameter that the runtime gives', { Ref: 'AppOrigin' }, 'http://localhost:3000'],
    ['a parameter that nobody gives is a secret of this installation', { Ref: 'OriginSecret' }, 'secret of OriginSecret'],
    ['so is a dynamic reference', 'x-{{resolve:ssm-secure:/a/b}}', 'x-secret of ssm-secure:/a/b'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-111111111111'],
    [
      'Sub with a resource, a variable and a literal',
      { 'Fn::Sub': ['${Files.Arn}/${Part}/${!Kept}', { Part: 'p' }] },
      'arn:aws:s3:::app-files/p/${Kept}',
    ],
    ['Select and Split', { 'Fn::Select': ['2', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'c'],
    [
      'a value that another stack exports',
      { 'Fn::ImportValue': 'records-arn' },
      'arn:aws:dynamodb:eu-central-1:111111111111:table/Data-Records',
    ],
    ['If, by a condition', { 'Fn::If': ['IsProduction', 'yes', 'no'] }, 'no'],
    ['NoValue leaves the property out', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    [
      'the distribution is the front door, without a certificate',
      { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Site', 'DomainName'] }, '/callback']] },
      'http://localhost:3000/callback',
    ],
    [
      'a pool is an issuer under /oidc/',
      { 'Fn::GetAtt': ['StaffPool1234ABCD', 'ProviderURL'] },
      'http://localhost:3000/oidc/staff',
    ],
    ['a bucket is a host of its own', { 'Fn::GetAtt': ['Files', 'RegionalDomainName'] }, '127.0.0.1:4001'],
    ['an alias is its function', { Ref: 'Live' }, 'arn:aws:lambda:eu-central-1:111111111111:function:App-Worker'],
  ])('%s', (_, value, expected) => {
    expect(resolver.resolve(app, value)).toEqual(expected);
  });

  test('a queue has the address at which this machine takes its messages', () => {
    expect(resolver.resolve(data, { Ref: 'Jobs' })).toBe('http://127.0.0.1:4002/111111111111/jobs');
  });

  test('a client id looks like one of Cognito and never changes', () => {
    const id = resolver.resolve(app, { Ref: 'Web' });
    expect(id).toMatch(/^[a-z0-9]{26}$/);
    expect(resolver.resolve(app, { Ref: 'Web' })).toBe(id);
  });

  test.each([
    ['a resource that is not there', { Ref: 'Ghost' }, /Ghost/],
    ['an export that nobody makes', { 'Fn::ImportValue': 'ghost' }, /no stack exports/],
    ['a function that the runtime does not know', { 'Fn::Cidr': ['10.0.0.0/16', 2] }, /Fn::Cidr/],
  ])('%s is an error, not a guess', (_, value, message) => {
    expect(() => resolver.resolve(app, value)).toThrow(message);
  });
});

test('a resource whose condition does not hold is not there', () => {
  expect(resolver.all('AWS::SQS::Queue').map(({ id }) => id)).toEqual(['Jobs']);
});

test('finds the resource behind an ARN put together of parts, in another stack too', () => {
  expect(resolver.target(app, { 'Fn::Join': ['', [{ 'Fn::ImportValue': 'records-arn' }, '/index/*']] })?.id).toBe('Records');
  expect(resolver.target(app, { 'Fn::Sub': 'arn:x:${Worker}/y' })?.id).toBe('Worker');
});
