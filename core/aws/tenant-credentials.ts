import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { TenantId } from '../../schemas/ids.ts';
import type { Action } from './key-guard.ts';

/** Chained sessions last at most an hour (AWS). */
const SESSION_SECONDS = 3_600;
/** Renewed this long before their end, so that a request, or a link presigned for 15 minutes, never outlives them. */
export const RENEW_BEFORE_MS = 20 * 60_000;

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface Grants {
  readonly dynamodb: readonly Action[];
  /** On the documents under t/<tenant>/. */
  readonly s3?: readonly ('GetObject' | 'PutObject' | 'DeleteObject')[];
}

/** What the template grants a feature, from TENANT_ACTIONS: `dynamodb:GetItem,s3:GetObject`. */
export function grantsOf(actions: string): Grants {
  const named = (service: string): string[] =>
    actions.split(',').flatMap((action) => (action.startsWith(`${service}:`) ? [action.slice(service.length + 1)] : []));
  return { dynamodb: named('dynamodb'), s3: named('s3') } as Grants;
}

/** What the table's and the bucket's customer-managed key must allow whoever reads or writes through those services. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:DescribeKey'];

/** A session policy: it can only take away from the tenant role, whose own conditions hold it to the tenant. */
export const sessionPolicy = ({ dynamodb, s3 = [] }: Grants): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [...dynamodb.map((action) => `dynamodb:${action}`), ...s3.map((action) => `s3:${action}`), ...KEY_ACTIONS],
        Resource: '*',
      },
    ],
  });

/** Credentials of the tenant role under the session tag `tenant`, narrowed to what one feature does. */
export async function assumeTenantRole(
  sts: STSClient,
  roleArn: string,
  tenant: TenantId,
  grants: Grants,
): Promise<SessionCredentials> {
  return assume(sts, {
    RoleArn: roleArn,
    RoleSessionName: `tenant-${tenant}`,
    DurationSeconds: SESSION_SECONDS,
    Tags: [{ Key: 'tenant', Value: tenant }],
    Policy: sessionPolicy(grants),
  });
}

export const assumeDirectoryRole = (sts: STSClient, roleArn: string): Promise<SessionCredentials> =>
  assume(sts, { RoleArn: roleArn, RoleSessionName: 'directory', DurationSeconds: SESSION_SECONDS });

export const assumeOperationsRole = (sts: STSClient, roleArn: string): Promise<SessionCredentials> =>
  assume(sts, { RoleArn: roleArn, RoleSessionName: 'operations', DurationSeconds: SESSION_SECONDS });

async function assume(sts: STSClient, request: ConstructorParameters<typeof AssumeRoleCommand>[0]): Promise<SessionCredentials> {
  const { Credentials } = await sts.send(new AssumeRoleCommand(request));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new Error('STS answered without credentials.');
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}

/** Asks once for several callers, keeps the answer, and asks again before it ends. A failure is not kept. */
export function cached(
  ask: () => Promise<SessionCredentials>,
  nowMs: () => number = Date.now,
): () => Promise<SessionCredentials> {
  let held: Promise<SessionCredentials> | undefined;
  let renewAtMs = 0;
  return () => {
    if (held && nowMs() < renewAtMs) return held;
    renewAtMs = Number.POSITIVE_INFINITY; // while it is under way
    const asked = ask();
    held = asked;
    asked.then(
      ({ expiration }) => {
        renewAtMs = expiration.getTime() - RENEW_BEFORE_MS;
      },
      () => {
        held = undefined;
      },
    );
    return asked;
  };
}
