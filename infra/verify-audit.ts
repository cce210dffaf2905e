/**
 * npm run -s audit:verify -- --clinic <slug> --from <yyyy-mm-dd> [--to <yyyy-mm-dd>]
 *
 * Compares a clinic's audit rows with the seals in the audit bucket, day by day (UTC), with the AWS credentials of whoever runs it: they read
 * the table and the bucket and change nothing. Ends with 1 when a day is not as it was sealed.
 */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Audit } from '../core/audit/audit.ts';
import { dayAfter } from '../core/audit/audit-index.ts';
import { faultsOf } from '../core/audit/check-seal.ts';
import { Directory } from '../core/directory/directory.ts';
import type { Scope } from '../core/scope.ts';
import { Table } from '../core/store/table.ts';
import { Slug } from '../schemas/ids.ts';
import { isMain } from './run-node.ts';
import { deployedOutputs } from './stack-outputs.ts';

export interface VerifyDeps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly files: S3Client;
  readonly bucket: string;
}
export interface VerifiedDay {
  readonly day: string;
  readonly rows: number;
  readonly faults: readonly string[];
}

/** Each day from the first to the last, both included. @throws when there is no such clinic */
export async function* verifyAudit({ client, table, files, bucket }: VerifyDeps, asked: Asked): AsyncGenerator<VerifiedDay> {
  const tenant = await new Directory({ client, table }).findTenant(asked.clinic);
  if (!tenant) throw new Error(`There is no clinic ${asked.clinic}.`);
  const scope: Scope = {
    tenant: tenant.id,
    slug: tenant.slug,
    user: { id: 'system' },
    roles: [],
    requestId: 'verify',
    fhirBase: '',
  };
  const audit = new Audit({ table: () => new Table(client, table), now: () => new Date() });
  const sealOfDay = async (day: string): Promise<string | undefined> => {
    try {
      const { Body } = await files.send(new GetObjectCommand({ Bucket: bucket, Key: `t/${tenant.id}/${day}.json` }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  let textBefore = await sealOfDay(dayAfter(asked.from, -1));
  for (let day = asked.from; day <= asked.to; day = dayAfter(day)) {
    const [rows, text] = [await audit.rowsOfDay(scope, day), await sealOfDay(day)];
    yield { day, rows: rows.length, faults: faultsOf({ day, tenant: tenant.id, text, textBefore, rows }) };
    textBefore = text;
  }
}

const Asked = z.object({ clinic: Slug, from: z.iso.date(), to: z.iso.date() });
type Asked = z.infer<typeof Asked>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { clinic: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } });
  const asked = Asked.safeParse({ ...values, to: values.to ?? values.from });
  if (!asked.success) throw new Error(z.prettifyError(asked.error));
  const { RecordsTable: table, AuditBucket: bucket } = deployedOutputs().TesseraData ?? {};
  if (!table || !bucket) throw new Error('build/outputs.json does not name the deployment: run npm run deploy again.');
  for await (const { day, rows, faults } of verifyAudit(
    { client: new DynamoDBClient({}), table, files: new S3Client({}), bucket },
    asked.data,
  )) {
    console.log([`${day}  ${rows} rows  ${faults.length === 0 ? 'as sealed' : 'NOT AS SEALED'}`, ...faults].join('\n  '));
    if (faults.length > 0) process.exitCode = 1;
  }
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
