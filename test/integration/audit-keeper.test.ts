import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Audit } from '../../core/audit/audit.ts';
import { Directory } from '../../core/directory/directory.ts';
import { Runs } from '../../core/operations/runs.ts';
import type { Scope } from '../../core/scope.ts';
import { Table } from '../../core/store/table.ts';
import { type VerifiedDay, verifyAudit } from '../../infra/verify-audit.ts';
import { freePort } from '../../local/dynamodb.ts';
import { openRuntime, type Runtime } from '../../local/runtime.ts';
import { buildTemplate } from '../../local/startup/build.ts';
import { Steps } from '../../local/startup/steps.ts';
import { type FhirId, Slug } from '../../schemas/ids.ts';
import { dynamoDbEndpoint } from '../support/dynamodb-setup.ts';
import { anyScope } from '../support/scope.ts';
import { TemplateCopy } from '../support/template-copy.ts';

/** The keeper as it is deployed, with its leased roles, run by a schedule of the template against the services of one machine. */
const PATIENT = 'ada' as FhirId;
const DAY = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
const slug = Slug.parse(`keeper-${Date.now().toString(36)}`);
let runtime: Runtime;
let client: DynamoDBClient;
let files: S3Client;
let table: string;
let bucket: string;
let scope: Scope;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-keeper-'));
  const copy = new TemplateCopy(await buildTemplate(folder, new Steps(() => undefined)));
  const keeper = copy.idsOf('AWS::Lambda::Function').find(({ id }) => id.startsWith('AuditTrailKeeper'));
  if (!keeper) throw new Error('The template has lost the keeper.');
  // Several times: how long a machine takes to open the runtime and to write the clinic below, nobody knows.
  const times = [3, 6, 9, 12, 16, 24, 48, 80, 120].map((seconds) =>
    new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19),
  );
  copy.add(
    keeper.stack,
    Object.fromEntries(
      times.map((time, at) => [
        `SoonKeeper${at}`,
        {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            ScheduleExpression: `at(${time})`,
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: { 'Fn::GetAtt': [keeper.id, 'Arn'] }, Input: '{}' },
          },
        },
      ]),
    ),
  );
  runtime = await openRuntime({
    assemblyDir: copy.directory,
    dataDir: join(folder, 'data'),
    secret: 'a secret of this test',
    port: await freePort(),
    dynamoDbEndpoint: dynamoDbEndpoint(),
  });
  const { resolver, environment } = runtime;
  const options = {
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: environment.AWS_SESSION_TOKEN ?? '',
    },
  };
  client = new DynamoDBClient({ ...options, endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB });
  files = new S3Client({ ...options, endpoint: environment.AWS_ENDPOINT_URL_S3, forcePathStyle: true });
  const nameOf = (type: string, id: RegExp): string => {
    const found = resolver.all(type).find((located) => id.test(located.id));
    if (!found) throw new Error(`The template has no ${type} like ${id}.`);
    return String(resolver.attribute(found));
  };
  table = nameOf('AWS::DynamoDB::GlobalTable', /./);
  bucket = nameOf('AWS::S3::Bucket', /^Audit/);
  const tenant = await new Directory({ client, table }).createTenant({ slug, name: 'Keeper Clinic' });
  scope = anyScope({ tenant: tenant.id, slug });
  const audit = new Audit({ table: () => new Table(client, table), now: () => new Date(`${DAY}T10:00:00Z`) });
  for (let look = 0; look < 3; look++) {
    await audit.record(scope, { interaction: 'read', type: 'Patient', id: PATIENT, patient: PATIENT, outcome: 'success' });
  }
}, 120_000);
afterAll(async () => {
  await runtime?.close();
  client?.destroy();
  files?.destroy();
});

const rowsOf = async (pk: string): Promise<NonNullable<QueryCommandOutput['Items']>> => {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
  return (await client.send(new QueryCommand({ TableName: table, ...query }))).Items ?? [];
};
const verified = async (): Promise<VerifiedDay[]> => {
  const days: VerifiedDay[] = [];
  const asked = { clinic: slug, from: DAY, to: new Date(Date.parse(DAY) + 86_400_000).toISOString().slice(0, 10) };
  for await (const day of verifyAudit({ client, table, files, bucket }, asked)) days.push(day);
  return days;
};

describe('the hourly run over the audit trail, as it is deployed', () => {
  test('indexes a day that is over, puts its seal into the audit bucket and says when it ran', async () => {
    const runs = new Runs({ client, table });
    const indexRows = () => rowsOf(`t#${scope.tenant}#audit#p#${PATIENT}`);
    const hasRun = async (): Promise<boolean> => Number((await runs.last('audit-trail'))?.note.tenants ?? 0) > 0;
    await vi.waitUntil(async () => (await indexRows()).length > 0 && (await hasRun()), { timeout: 125_000, interval: 300 });
    expect(await runs.last('audit-trail')).toMatchObject({ outcome: 'done', note: { tenants: 1, failures: 0, breaks: 0 } });
    const index = await indexRows();
    expect(index.map(({ sk }) => sk?.S?.slice(0, 10))).toEqual([DAY]);
    const seal = await files.send(new GetObjectCommand({ Bucket: bucket, Key: `t/${scope.tenant}/${DAY}.json` }));
    expect(JSON.parse((await seal.Body?.transformToString()) ?? '')).toMatchObject({
      tenant: scope.tenant,
      day: DAY,
      rows: 3,
      breaks: [],
    });
  }, 130_000);

  test('audit:verify finds the day as it was sealed, and no longer once its last row was cut off', async () => {
    expect((await verified()).map(({ rows, faults }) => [rows, faults])).toEqual([
      [3, []],
      [0, []],
    ]);
    const rows = (await Promise.all([0, 1, 2, 3].map((shard) => rowsOf(`t#${scope.tenant}#audit#${DAY}#${shard}`)))).flat();
    const [last] = rows.toSorted((one, other) => Number(other.n?.N) - Number(one.n?.N));
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: last?.pk ?? { S: '' }, sk: last?.sk ?? { S: '' } } }));
    const [day] = await verified();
    expect(day?.faults).toEqual(['Its rows are not those that were sealed: 3 then, 2 now.']);
  });
});
