import { createHash } from 'node:crypto';
import type { AttributeOf, Located, Resolver } from './resolver.ts';

/** Where this machine serves what AWS would serve under names of its own. Origins without a closing slash. */
export interface Addresses {
  /** http://localhost:<PORT>: the distribution, the API behind it and the issuers. */
  readonly origin: string;
  /** http://127.0.0.1:<port> of S3. */
  readonly s3: string;
  /** http://127.0.0.1:<port> of SQS, STS, SES, text messages and the Cognito admin API. */
  readonly services: string;
}

/**
 * What Ref and GetAtt answer on one machine, by resource type: the name of the resource and the attributes that matter.
 * Names are those of the template where it gives one, else `<stack>-<logical id>`, so they stay the same from start to start.
 */
export const attributesAt =
  (addresses: Addresses): AttributeOf =>
  (located, attribute, resolver) => {
    const known = BY_TYPE[located.resource.Type];
    const name = known?.name?.(located, resolver) ?? physicalName(located);
    const value = known?.values(name, located, addresses, resolver)[attribute ?? 'Ref'];
    if (value !== undefined) return value;
    if (!attribute || attribute === 'Ref') return name;
    if (attribute.endsWith('Arn')) return arn(located, 'cloudformation', `resource/${name}`);
    return `${name}.${attribute}`;
  };

interface TypeOnOneMachine {
  readonly name?: (located: Located, resolver: Resolver) => string | undefined;
  readonly values: (
    name: string,
    located: Located,
    addresses: Addresses,
    resolver: Resolver,
  ) => Readonly<Record<string, unknown>>;
}

const table: TypeOnOneMachine = {
  name: named('TableName'),
  values: (name, located) => ({
    Arn: arn(located, 'dynamodb', `table/${name}`),
    StreamArn: arn(located, 'dynamodb', `table/${name}/stream/local`),
  }),
};
const lambdaVersion: TypeOnOneMachine = {
  values: (_, { stack, resource }, _addresses, resolver) => {
    const lambda = resolver.target(stack, resource.Properties.FunctionName);
    return { Ref: lambda ? resolver.attribute(lambda, 'Arn') : undefined };
  },
};

const BY_TYPE: Readonly<Record<string, TypeOnOneMachine>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::S3::Bucket': {
    name: (located, resolver) => bucketName(named('BucketName')(located, resolver) ?? physicalName(located)),
    values: (name, _, { s3 }) => {
      const host = new URL(s3).host;
      return { Arn: `arn:aws:s3:::${name}`, DomainName: host, RegionalDomainName: host, WebsiteURL: `${s3}/${name}` };
    },
  },
  'AWS::SQS::Queue': {
    name: named('QueueName'),
    values: (name, located, { services }) => ({
      Ref: `${services}/${located.stack.account}/${name}`,
      QueueUrl: `${services}/${located.stack.account}/${name}`,
      QueueName: name,
      Arn: arn(located, 'sqs', name),
    }),
  },
  'AWS::Events::EventBus': {
    name: named('Name'),
    values: (name, located) => ({ Arn: arn(located, 'events', `event-bus/${name}`), Name: name }),
  },
  'AWS::Lambda::Function': {
    name: named('FunctionName'),
    values: (name, located) => ({ Arn: arn(located, 'lambda', `function:${name}`) }),
  },
  'AWS::Lambda::Alias': lambdaVersion,
  'AWS::Lambda::Version': lambdaVersion,
  'AWS::IAM::Role': {
    name: named('RoleName'),
    values: (name, { stack }) => ({ Arn: `arn:aws:iam::${stack.account}:role/${name}` }),
  },
  'AWS::Cognito::UserPool': {
    name: (located) => `local_${poolName(located)}`,
    values: (name, located, { origin }) => ({
      Arn: arn(located, 'cognito-idp', `userpool/${name}`),
      ProviderURL: `${origin}/oidc/${poolName(located)}`,
      ProviderName: `${new URL(origin).host}/oidc/${poolName(located)}`,
      UserPoolId: name,
    }),
  },
  'AWS::Cognito::UserPoolClient': { name: clientId, values: (name) => ({ ClientId: name }) },
  'AWS::CloudFront::Distribution': {
    values: (_, _located, { origin }) => ({ DomainName: new URL(origin).host }),
  },
  'AWS::ApiGatewayV2::Api': { name: apiId, values: (name, _, { origin }) => ({ ApiEndpoint: origin, ApiId: name }) },
  'AWS::KMS::Key': { values: (name, located) => ({ Arn: arn(located, 'kms', `key/${name}`) }) },
  'AWS::SSM::Parameter': {
    name: named('Name'),
    values: (_, located, _addresses, resolver) => ({
      Value: resolver.property(located, 'Value'),
      Type: resolver.property(located, 'Type'),
    }),
  },
};

/** `<stack>-<logical id>`. */
export const physicalName = ({ stack, id }: Located): string => `${stack.name}-${id}`;

/** A logical id without the hash that CDK puts behind it. */
export const constructName = ({ id }: Located): string => id.replace(/[0-9A-F]{8}$/, '');

/** `staff` for a pool whose construct path is Staff/Pool or StaffPool: its place under /oidc/. */
export const poolName = (located: Located): string =>
  constructName(located)
    .replace(/(User)?Pool$/, '')
    .toLowerCase();

/** 26 small letters and digits, as Cognito makes them, and the same at every start. */
function clientId(located: Located): string {
  return createHash('sha256')
    .update(physicalName(located))
    .digest('base64url')
    .toLowerCase()
    .replaceAll(/[-_]/g, 'x')
    .slice(0, 26);
}

/** 10 small letters and digits, as API Gateway makes them. */
function apiId(located: Located): string {
  return createHash('sha256').update(physicalName(located)).digest('hex').slice(0, 10);
}

/** S3 allows 3 to 63 small letters, digits, dots and hyphens. */
const bucketName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .slice(0, 63);

function named(property: string): (located: Located, resolver: Resolver) => string | undefined {
  return (located, resolver) => {
    const value = resolver.property(located, property);
    return typeof value === 'string' ? value : undefined;
  };
}

const arn = ({ stack }: Located, service: string, rest: string): string =>
  `arn:aws:${service}:${stack.region}:${stack.account}:${rest}`;
