import type { Synthesis, Template } from './templates.ts';

/** A placeholder with the shape of the real thing, so that a policy of the template can be simulated. */
export const ARN = {
  account: '111111111111',
  region: 'us-east-1',
  table: (logicalId: string) => `arn:aws:dynamodb:us-east-1:111111111111:table/${logicalId}`,
  bus: (logicalId: string) => `arn:aws:events:us-east-1:111111111111:event-bus/${logicalId}`,
  role: (logicalId: string) => `arn:aws:iam::111111111111:role/${logicalId}`,
};

/** The template's value with its intrinsic functions carried out: references become ARNs and names made of the logical id. */
export function plain(synthesis: Synthesis, stack: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(synthesis, stack, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1) {
    const [name, argument] = first;
    if (name === 'Ref') return reference(String(argument));
    if (name === 'Fn::GetAtt') return attribute(synthesis.templates[stack], argument as [string, string]);
    if (name === 'Fn::ImportValue') return imported(synthesis, String(argument));
    if (name === 'Fn::Join') {
      const [separator, parts] = plain(synthesis, stack, argument) as [string, string[]];
      return parts.join(separator);
    }
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(synthesis, stack, item)]));
}

function reference(name: string): string {
  const pseudo: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::AccountId': ARN.account, 'AWS::Region': ARN.region };
  return pseudo[name] ?? name;
}

function attribute(template: Template | undefined, [logicalId, name]: [string, string]): string {
  const type = template?.Resources[logicalId]?.Type;
  if (name !== 'Arn') return `${logicalId}.${name}`;
  switch (type) {
    case 'AWS::DynamoDB::GlobalTable':
      return ARN.table(logicalId);
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${logicalId.toLowerCase()}`;
    case 'AWS::IAM::Role':
      return ARN.role(logicalId);
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${ARN.region}:${ARN.account}:key/${logicalId}`;
    case 'AWS::Events::EventBus':
      return ARN.bus(logicalId);
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${ARN.region}:${ARN.account}:${logicalId}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${ARN.region}:${ARN.account}:log-group:${logicalId}:*`;
    default:
      return `arn:aws:unknown:${ARN.region}:${ARN.account}:${logicalId}`;
  }
}

function imported(synthesis: Synthesis, exportName: string): unknown {
  for (const [stack, template] of Object.entries(synthesis.templates)) {
    const output = Object.values(template.Outputs ?? {}).find(({ Export }) => Export?.Name === exportName);
    if (output) return plain(synthesis, stack, output.Value);
  }
  throw new Error(`No stack exports ${exportName}.`);
}
