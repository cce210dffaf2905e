import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { TenantId } from '../../schemas/ids.ts';
import { timed } from './database-time.ts';
import {
  directoryFence,
  directoryWriterFence,
  type Fence,
  guard,
  operationsFence,
  paymentsFence,
  reportsFence,
  tenancyFence,
  tenantFence,
  textsFence,
} from './key-guard.ts';
import { assumeDirectoryRole, assumeOperationsRole, assumeTenantRole, cached, type Grants } from './tenant-credentials.ts';

/** Tenants whose clients an environment keeps; the one not used for longest goes first. */
const KEPT_TENANTS = 100;

/**
 * How long to wait for DynamoDB, and how often to ask: a call takes a few milliseconds, so a second without an answer is a lost one.
 * Three tries and their pauses stay below 5 s, well inside a request's 30 s.
 */
export const DYNAMODB_CONFIG = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

export interface TenantClients {
  /** The table as the tenant may see it. */
  records(tenant: TenantId): DynamoDBClient;
  /** The tenant's documents. */
  documents(tenant: TenantId): S3Client;
}

/** Clients with a tenant's own credentials, narrowed to what the feature does and held to the tenant's keys. */
export function tenantClients(config: { table: string; roleArn: string; grants: Grants }): TenantClients {
  const sts = new STSClient({});
  const clients = new Map<TenantId, { records: DynamoDBClient; documents: S3Client }>();
  const of = (tenant: TenantId) => {
    const known = clients.get(tenant) ?? made(sts, config, tenant);
    clients.delete(tenant);
    clients.set(tenant, known); // last in the order of use
    const [oldest] = clients.keys();
    if (clients.size > KEPT_TENANTS && oldest) clients.delete(oldest);
    return known;
  };
  return { records: (tenant) => of(tenant).records, documents: (tenant) => of(tenant).documents };
}

function made(sts: STSClient, { table, roleArn, grants }: { table: string; roleArn: string; grants: Grants }, tenant: TenantId) {
  const credentials = cached(() => assumeTenantRole(sts, roleArn, tenant, grants));
  return {
    records: guard(timed(new DynamoDBClient({ ...DYNAMODB_CONFIG, credentials })), tenantFence(table, tenant, grants.dynamodb)),
    documents: new S3Client({ credentials }),
  };
}

/** Puts the seals of a tenant's audit trail beside each other, and can do nothing else. */
export function sealClient({ roleArn }: { roleArn: string }): (tenant: TenantId) => S3Client {
  const sts = new STSClient({});
  return (tenant) =>
    new S3Client({ credentials: cached(() => assumeTenantRole(sts, roleArn, tenant, { dynamodb: [], s3: ['PutObject'] })) });
}

/** Reads uploads that are not checked or filed yet, and takes them away: the intake's alone. */
export function incomingClient({ roleArn }: { roleArn: string }): (tenant: TenantId) => S3Client {
  const sts = new STSClient({});
  return (tenant) =>
    new S3Client({
      credentials: cached(() => assumeTenantRole(sts, roleArn, tenant, { dynamodb: [], s3: ['GetObject', 'DeleteObject'] })),
    });
}

interface DirectoryConfig {
  readonly table: string;
  readonly roleArn: string;
}

/** Slugs, tenants and memberships, to read. */
export const directoryClient = (config: DirectoryConfig): DynamoDBClient => leased(config, directoryFence(config.table));

/** The same to write, with invitations, sign-ups and links: for the functions that people join through. */
export const directoryWriterClient = (config: DirectoryConfig): DynamoDBClient =>
  leased(config, directoryWriterFence(config.table));

/** The list of tenants, to read and to change the state of. */
export const tenancyClient = (config: DirectoryConfig): DynamoDBClient => leased(config, tenancyFence(config.table));

/** What Stripe has told, and what clinics pay for. */
export const paymentsClient = (config: DirectoryConfig): DynamoDBClient => leased(config, paymentsFence(config.table));

/** Reports of broken screens, to count and to list. */
export const reportsClient = (config: DirectoryConfig): DynamoDBClient => leased(config, reportsFence(config.table));

/** Who was written to at a number. */
export const textsClient = (config: DirectoryConfig): DynamoDBClient => leased(config, textsFence(config.table));

function leased({ roleArn }: DirectoryConfig, fence: Fence): DynamoDBClient {
  const sts = new STSClient({});
  const credentials = cached(() => assumeDirectoryRole(sts, roleArn));
  return guard(timed(new DynamoDBClient({ ...DYNAMODB_CONFIG, credentials })), fence);
}

/** Runs of schedules, counts of failed work, usage. */
export function operationsClient({ table, roleArn }: { table: string; roleArn: string }): DynamoDBClient {
  const sts = new STSClient({});
  const credentials = cached(() => assumeOperationsRole(sts, roleArn));
  return guard(timed(new DynamoDBClient({ ...DYNAMODB_CONFIG, credentials })), operationsFence(table));
}
