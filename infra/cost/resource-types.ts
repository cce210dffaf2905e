import type { Quantities } from './bill.ts';
import { MINUTES_A_MONTH, ticksAMonth } from './schedule-ticks.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
/** The resources of the stack that a resource stands in, by logical id. */
export type Neighbours = Readonly<Record<string, TemplateResource>>;

/** What a month of idleness is taken to be. Each figure is a guess on the high side, said here and nowhere else. */
export const IDLE = {
  /** GB of charts in the table: a small clinic's first year is less. */
  tableGb: 1,
  /** GB in each bucket: documents, seals, access logs, the web app. */
  bucketGb: 1,
  /** GB of logs a month in all groups together, from ticks and from what knocks at the door. */
  logGb: 0.5,
  /** Logs are kept for a year, and compressed to a sixth of what came in. */
  logKeptGb: (0.5 * 12) / 6,
  /** A queue that Lambda polls: five connections, each a receive of 20 seconds that comes back empty. */
  receivesAMinute: 5 * 3,
  /** Milliseconds of a tick that finds nothing to do. */
  tickMs: 100,
  /** What runs by the clock asks for the table's key anew after five minutes: at most so many requests a month of each function. */
  keyRequestsAFunction: 43_800 / 5,
  /** Read units of such a tick: it looks, and finds nothing. */
  tickReads: 10,
} as const;

/** What one resource of a type costs when nobody works. */
export type Rule =
  | { readonly freeBecause: string; readonly unless?: (properties: Properties) => string | undefined }
  | { readonly meters: (properties: Properties, neighbours: Neighbours) => Quantities };
type Properties = Readonly<Record<string, unknown>>;

const free = (freeBecause: string, unless?: (properties: Properties) => string | undefined): Rule => ({
  freeBecause,
  ...(unless && { unless }),
});
const each = (quantities: Quantities): Rule => ({ meters: () => quantities });
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Every resource type of our templates. A type that is not here fails the test that reads the template: whoever adds one says here
 * what it costs, or why it costs nothing until somebody works.
 */
export const RESOURCE_TYPES: Readonly<Record<string, Rule>> = {
  // What costs by being there.
  'AWS::WAFv2::WebACL': {
    meters: ({ Rules }) => ({ 'firewall-acl': 1, 'firewall-rule': listOf(Rules).length }),
  },
  'AWS::KMS::Key': each({ key: 1 }),
  'AWS::KMS::ReplicaKey': each({ key: 1 }),
  'AWS::CloudWatch::Alarm': each({ alarm: 1 }),
  'AWS::CloudWatch::CompositeAlarm': each({ 'composite-alarm': 1 }),
  'AWS::CloudWatch::Dashboard': each({ dashboard: 1 }),
  'AWS::Logs::MetricFilter': each({ 'custom-metric': 1 }),
  'AWS::SecretsManager::Secret': each({ secret: 1 }),

  // What is kept.
  'AWS::DynamoDB::GlobalTable': { meters: tableMeters },
  'AWS::S3::Bucket': each({ 'file-gb': IDLE.bucketGb }),
  'AWS::Logs::LogGroup': free('paid by what is written, which is counted once for all groups'),

  // What runs though nobody works.
  'AWS::Lambda::EventSourceMapping': { meters: pollingMeters },
  'AWS::Scheduler::Schedule': {
    meters: ({ ScheduleExpression, Target }, neighbours) => {
      const ticks = ticksAMonth(String(ScheduleExpression));
      return { 'schedule-tick': ticks, ...tickMeters(ticks, (Target as { Arn?: unknown } | undefined)?.Arn, neighbours) };
    },
  },
  'AWS::Events::Rule': {
    meters: ({ ScheduleExpression, Targets }, neighbours) => {
      if (ScheduleExpression === undefined) return {}; // a pattern: paid by the event
      const [target] = listOf(Targets) as { Arn?: unknown }[];
      return tickMeters(ticksAMonth(String(ScheduleExpression)), target?.Arn, neighbours);
    },
  },

  // Paid by use.
  'AWS::Lambda::Function': free('paid by the call'),
  'AWS::Lambda::Version': free('paid by the call', provisioned),
  'AWS::Lambda::Alias': free('paid by the call', provisioned),
  'AWS::SQS::Queue': free('paid by the request'),
  'AWS::Events::EventBus': free('paid by the event'),
  'AWS::GuardDuty::MalwareProtectionPlan': free('paid by the object and GB that is checked'),
  'AWS::ApiGatewayV2::Api': free('paid by the request'),
  'AWS::CloudFront::Distribution': free('paid by the request', ({ DistributionConfig }) =>
    JSON.stringify(DistributionConfig ?? {}).includes('"OriginShield":{"Enabled":true') ? 'Origin Shield' : undefined,
  ),
  'AWS::CloudFront::Function': free('paid by the request, two million of them are free'),
  'AWS::Cognito::UserPool': free('10,000 active people a month are free', ({ UserPoolTier }) =>
    UserPoolTier === 'PLUS' ? 'the Plus plan' : undefined,
  ),
  'AWS::SNS::Topic': free('paid by the message; 1,000 mails are free'),
  'AWS::SES::EmailIdentity': free('paid by the mail'),
  'AWS::SES::ConfigurationSet': free('paid by the mail', ({ VdmOptions }) =>
    VdmOptions === undefined ? undefined : 'the Virtual Deliverability Manager',
  ),
  'AWS::SES::ConfigurationSetEventDestination': free('events of AWS’s own services on the account’s bus are free'),
  'AWS::SSM::Parameter': free('standard parameters are free', ({ Tier }) =>
    Tier === 'Advanced' ? 'the advanced tier' : undefined,
  ),

  // Settings of something else.
  ...Object.fromEntries(
    [
      'AWS::ApiGatewayV2::ApiMapping',
      'AWS::ApiGatewayV2::DomainName',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CDK::Metadata',
      'AWS::CloudFront::CachePolicy',
      'AWS::CloudFront::OriginAccessControl',
      'AWS::CloudFront::OriginRequestPolicy',
      'AWS::CloudFront::ResponseHeadersPolicy',
      'AWS::Cognito::ManagedLoginBranding',
      'AWS::Cognito::UserPoolClient',
      'AWS::Cognito::UserPoolDomain',
      'AWS::Cognito::UserPoolGroup',
      'AWS::Events::EventBusPolicy',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::KMS::Alias',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::LayerVersion',
      'AWS::Lambda::Permission',
      'AWS::Logs::ResourcePolicy',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Subscription',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::ScheduleGroup',
      'AWS::WAFv2::LoggingConfiguration',
      'Custom::CDKBucketDeployment',
      'Custom::CrossRegionExportReader',
      'Custom::CrossRegionExportWriter',
      'Custom::S3BucketNotifications',
    ].map((type) => [type, free('a setting')]),
  ),
};

function provisioned({ ProvisionedConcurrencyConfig, ProvisionedConcurrencyConfiguration }: Properties): string | undefined {
  return (ProvisionedConcurrencyConfig ?? ProvisionedConcurrencyConfiguration) ? 'provisioned concurrency' : undefined;
}

function tableMeters({ BillingMode, Replicas }: Properties): Quantities {
  if (BillingMode !== 'PAY_PER_REQUEST') throw new Error('A table of provisioned capacity costs by the hour: price it.');
  const replicas = listOf(Replicas) as { PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean } }[];
  const backedUp = replicas.filter(({ PointInTimeRecoverySpecification: spec }) => spec?.PointInTimeRecoveryEnabled === true);
  return { 'table-gb': IDLE.tableGb * replicas.length, 'table-backup-gb': IDLE.tableGb * backedUp.length };
}

/** A polled queue is asked day and night; a table's stream is read by Lambda for nothing. */
function pollingMeters({ EventSourceArn, ProvisionedPollerConfig }: Properties): Quantities {
  if (ProvisionedPollerConfig !== undefined) throw new Error('Provisioned pollers cost by the hour: price them.');
  const source = JSON.stringify(EventSourceArn ?? '');
  if (source.includes('StreamArn')) return { 'key-request': IDLE.keyRequestsAFunction };
  return { 'queue-request': IDLE.receivesAMinute * MINUTES_A_MONTH };
}

/** What a tick sets going: a message, or a function that looks and finds nothing. */
function tickMeters(ticks: number, target: unknown, neighbours: Neighbours): Quantities {
  const [id = ''] = listOf((target as { 'Fn::GetAtt'?: unknown } | undefined)?.['Fn::GetAtt']) as string[];
  const reached = neighbours[id];
  if (reached?.Type === 'AWS::SQS::Queue') return { 'queue-request': ticks };
  const memoryMb = Number(reached?.Properties?.MemorySize ?? 512);
  return {
    'function-request': ticks,
    'function-gb-second': (ticks * IDLE.tickMs * memoryMb) / 1_000 / 1_024,
    trace: ticks, // one a second is traced in any case, and nothing else happens
    'table-read': ticks * IDLE.tickReads,
    'key-request': Math.min(ticks, IDLE.keyRequestsAFunction),
  };
}
