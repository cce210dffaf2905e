import { randomInt, randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { ConfinedRecords } from '../../core/access/confined-records.ts';
import { Audit } from '../../core/audit/audit.ts';
import { DYNAMODB_CONFIG } from '../../core/aws/clients.ts';
import { type Action, guard, tenantFence } from '../../core/aws/key-guard.ts';
import { UnitCounter } from '../../core/aws/unit-counter.ts';
import type { DueOf } from '../../core/record-due.ts';
import type { Scope } from '../../core/scope.ts';
import type { BodyStore } from '../../core/store/body-store.ts';
import { Cursors } from '../../core/store/cursor.ts';
import { Table } from '../../core/store/table.ts';
import { recordDue } from '../../functions/record-due.ts';
import { recordEvents } from '../../functions/record-events.ts';
import type { FhirId, Slug, TenantId } from '../../schemas/ids.ts';
import { dynamoDbEndpoint } from './dynamodb-setup.ts';

export const TEST_TABLE = 'records';
const ACTIONS: readonly Action[] = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];

/** An unguarded client of the run's DynamoDB Local (outside vitest: of the one named), for looking behind the store's back. */
export const plainClient = (endpoint = dynamoDbEndpoint()): DynamoDBClient =>
  new DynamoDBClient({
    ...DYNAMODB_CONFIG,
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** A table of records, made once a run; whoever comes second finds it. */
export async function createTestTable(client: DynamoDBClient, table = TEST_TABLE): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'cpk', 'csk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'changed',
            KeySchema: [
              { AttributeName: 'cpk', KeyType: 'HASH' },
              { AttributeName: 'csk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.5 }, { TableName: table });
}

/** Long bodies in memory. Refuses what the bucket's key policy would: another tenant's prefix. */
export function memoryBodies(): BodyStore & { readonly objects: ReadonlyMap<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  const own = (tenant: TenantId, key: string) => {
    if (!key.startsWith(`t/${tenant}/bodies/`)) throw new Error('This object is not the tenant’s.');
  };
  return {
    objects,
    async put(tenant, key, body) {
      own(tenant, key);
      objects.set(key, Uint8Array.from(body));
    },
    async get(tenant, key) {
      own(tenant, key);
      const body = objects.get(key);
      if (!body) throw new Error('There is no such object.');
      return body;
    },
  };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** A tenant that nobody else in the run has, its id beginning as told. */
export const freshTenant = (beginning = ''): TenantId =>
  `${beginning}${Array.from({ length: 8 }, () => ALPHABET[randomInt(36)]).join('')}` as TenantId;

export const scopeOf = (tenant: TenantId, more: Partial<Scope> = {}): Scope => ({
  tenant,
  slug: 'oak' as Slug,
  user: { id: 'user-1', fhirUser: 'Practitioner/doctor-1' },
  roles: ['physician'],
  requestId: randomUUID(),
  fhirBase: 'https://example.org/api/oak/fhir/R4',
  ...more,
});

export interface TestStore {
  readonly records: ConfinedRecords;
  readonly audit: Audit;
  readonly scope: Scope;
  readonly counter: UnitCounter;
  /** The guarded client of the scope's tenant: faults are put into its middleware. */
  readonly client: DynamoDBClient;
  readonly bodies: ReturnType<typeof memoryBodies>;
  /** The table as a tenant may see it. */
  readonly tableOf: (tenant: TenantId) => Table;
}

/** A record store of a tenant of its own, on the run's database; in a table of its own for who reads the whole of it. */
export async function testStore(
  options: { tenant?: TenantId; now?: () => Date; endpoint?: string; dueOf?: DueOf; table?: string } = {},
): Promise<TestStore> {
  const plain = plainClient(options.endpoint);
  const name = options.table ?? TEST_TABLE;
  await createTestTable(plain, name);
  const tenant = options.tenant ?? freshTenant();
  const now = options.now ?? (() => new Date());
  const counter = new UnitCounter();
  const clientOf = (of: TenantId) => guard(counter.watch(plainClient(options.endpoint)), tenantFence(name, of, ACTIONS));
  const clients = new Map([[tenant, clientOf(tenant)]]);
  const client = clients.get(tenant) ?? plain;
  const tableOf = (of: TenantId): Table => {
    const known = clients.get(of) ?? clientOf(of);
    clients.set(of, known);
    return new Table(known, name, now);
  };
  const newId = () => randomUUID() as FhirId;
  const audit = new Audit({ table: (scope) => tableOf(scope.tenant), now });
  const bodies = memoryBodies();
  const records = new ConfinedRecords({
    table: tableOf,
    bodies,
    audit,
    eventsOf: recordEvents,
    dueOf: options.dueOf ?? recordDue,
    cursors: new Cursors('a secret of the tests'),
    now,
    newId,
  });
  return { records, audit, scope: scopeOf(tenant), counter, client, bodies, tableOf };
}
