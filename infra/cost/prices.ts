import type { Meter } from '../../schemas/cost.ts';

export interface Price {
  /** US dollars for `per` of what is metered. */
  readonly dollars: number;
  readonly per: number;
  /** What costs nothing in a month, for as long as the account exists; the first year's gifts do not count. */
  readonly free: number;
  /** What is counted, in words. */
  readonly unit: string;
  readonly source: string;
}

/** Day on which these prices were written down. */
export const PRICES_AS_OF = '2026-11-25';
export const PRICES_REGION = 'us-east-1';

const MILLION = 1_000_000;

/** AWS's list prices, the one place that knows them. Change them together, and the day above. */
export const PRICES: Readonly<Record<Meter, Price>> = {
  'firewall-acl': { dollars: 5, per: 1, free: 0, unit: 'web ACLs', source: 'https://aws.amazon.com/waf/pricing/' },
  'firewall-rule': {
    dollars: 1,
    per: 1,
    free: 0,
    unit: 'firewall rules, a managed group counts as one',
    source: 'https://aws.amazon.com/waf/pricing/',
  },
  'firewall-request': {
    dollars: 0.6,
    per: MILLION,
    free: 0,
    unit: 'requests inspected',
    source: 'https://aws.amazon.com/waf/pricing/',
  },
  // Each of a key's first two yearly rotations adds a dollar a month; later ones add nothing.
  key: { dollars: 1, per: 1, free: 0, unit: 'KMS keys', source: 'https://aws.amazon.com/kms/pricing/' },
  'key-request': {
    dollars: 0.03,
    per: 10_000,
    free: 20_000,
    unit: 'requests to KMS under the data key',
    source: 'https://aws.amazon.com/kms/pricing/',
  },
  // Of an elliptic curve's key: no request with one is free.
  signature: { dollars: 0.15, per: 10_000, free: 0, unit: 'signatures', source: 'https://aws.amazon.com/kms/pricing/' },
  alarm: { dollars: 0.1, per: 1, free: 10, unit: 'alarms', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  'composite-alarm': {
    dollars: 0.5,
    per: 1,
    free: 0,
    unit: 'composite alarms',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  'custom-metric': {
    dollars: 0.3,
    per: 1,
    free: 10,
    unit: 'metrics of our own',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: { dollars: 3, per: 1, free: 3, unit: 'dashboards', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  secret: {
    dollars: 0.4,
    per: 1,
    free: 0,
    unit: 'secrets in Secrets Manager',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  'table-gb': {
    dollars: 0.25,
    per: 1,
    free: 25,
    unit: 'GB in the table',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  'table-backup-gb': {
    dollars: 0.2,
    per: 1,
    free: 0,
    unit: 'GB under point-in-time recovery',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  'table-read': {
    dollars: 0.125,
    per: MILLION,
    free: 0,
    unit: 'read units',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  'table-write': {
    dollars: 0.625,
    per: MILLION,
    free: 0,
    unit: 'write units',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  'file-gb': { dollars: 0.023, per: 1, free: 0, unit: 'GB in buckets', source: 'https://aws.amazon.com/s3/pricing/' },
  'queue-request': {
    dollars: 0.4,
    per: MILLION,
    free: MILLION,
    unit: 'queue requests, empty receives counted in',
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  'schedule-tick': {
    dollars: 1,
    per: MILLION,
    free: 14 * MILLION,
    unit: 'schedule ticks',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  event: {
    dollars: 1,
    per: MILLION,
    free: 0,
    unit: 'events on the bus',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  'function-request': {
    dollars: 0.2,
    per: MILLION,
    free: MILLION,
    unit: 'function calls',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  'function-gb-second': {
    dollars: 13.3334,
    per: MILLION,
    free: 400_000,
    unit: 'GB-seconds of functions (ARM)',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  trace: { dollars: 5, per: MILLION, free: 100_000, unit: 'traces', source: 'https://aws.amazon.com/xray/pricing/' },
  // The free 5 GB are shared by what comes in and what is kept.
  'log-gb': { dollars: 0.5, per: 1, free: 3, unit: 'GB of logs', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  'log-kept-gb': {
    dollars: 0.03,
    per: 1,
    free: 2,
    unit: 'GB of logs kept',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  'api-request': {
    dollars: 1,
    per: MILLION,
    free: 0,
    unit: 'API requests',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  'edge-request': {
    dollars: 1,
    per: MILLION,
    free: 10 * MILLION,
    unit: 'requests to the distribution',
    source: 'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/',
  },
  'edge-gb': {
    dollars: 0.085,
    per: 1,
    free: 1_024,
    unit: 'GB sent by the distribution',
    source: 'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/',
  },
  mail: { dollars: 0.1, per: 1_000, free: 0, unit: 'mails', source: 'https://aws.amazon.com/ses/pricing/' },
};

/** What neither a month of idleness nor a visit as such costs, and is paid when it is used. */
export const BESIDES: readonly (Pick<Price, 'dollars' | 'source'> & { readonly what: string })[] = [
  { what: 'a page read by Textract', dollars: 0.0015, source: 'https://aws.amazon.com/textract/pricing/' },
  {
    what: 'a person beyond the 10,000th who signs in that month',
    dollars: 0.015,
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
];
