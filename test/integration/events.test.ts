import { randomUUID } from 'node:crypto';
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Encounter, FhirResource } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { FailedWorkRows, workId } from '../../core/events/failed-work.ts';
import { happeningOf, readEnvelope, type Told, toEnvelope, toldBy } from '../../core/events/happening.ts';
import { once } from '../../core/events/once.ts';
import { receiver, workOf } from '../../core/events/receiver.ts';
import type { Mail } from '../../core/mail/mailer.ts';
import { Problem } from '../../core/outcome.ts';
import { readLedger } from '../../core/plan/ledger.ts';
import { changedBetween } from '../../core/store/changed.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { type DeadLetter, emptyDeadLetters } from '../../functions/events/empty-dead-letters.ts';
import { type RepublishDeps, republish } from '../../functions/events/republish.ts';
import { newJob, noProgress } from '../../functions/imports/jobs.ts';
import { type TellDeps, tellFinished } from '../../functions/imports/tell-finished.ts';
import { count } from '../../functions/usage/ledger.ts';
import type { FhirId, Slug } from '../../schemas/ids.ts';
import { activePatients } from '../../schemas/usage.ts';
import { plainClient, TEST_TABLE, type TestStore, testStore } from '../support/records.ts';

const now = (): Date => new Date();
let store: TestStore;
let failed: FailedWorkRows;
beforeAll(async () => {
  store = await testStore();
  failed = new FailedWorkRows(store.tableOf, now);
});

const patient: FhirResource = { resourceType: 'Patient', name: [{ family: 'Quiet' }] };
const encounter = (status: Encounter['status'], id?: string): Encounter => ({
  resourceType: 'Encounter',
  ...(id !== undefined && { id }),
  status,
  class: { code: 'AMB' },
});
/** What the current items of a type say has happened, as the stream would hand it on. */
async function toldOf(of: TestStore, type: string): Promise<Told[]> {
  const table = of.tableOf(of.scope.tenant);
  const range = { from: { instant: '2020-01-01T00:00:00.000Z' }, to: '2099-01-01T00:00:00.000Z', limit: 100 };
  const { items } = await changedBetween(table, of.scope.tenant, type, range);
  return (await table.batchGet(items)).flatMap(toldBy);
}
async function ledgerOf(of: TestStore): Promise<Record<string, number>> {
  const { Items = [] } = await plainClient().send(
    new QueryCommand({
      TableName: TEST_TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: keys.usage(of.scope.tenant, '').pk } },
    }),
  );
  const lines: Record<string, number> = {};
  for (const { pk: _pk, sk: _sk, ...rest } of Items)
    for (const [line, value] of Object.entries(rest)) lines[line] = (lines[line] ?? 0) + Number(value.N);
  return lines;
}
const countIn = (of: TestStore, told: Told, repeated = false): Promise<'done' | 'repeat'> =>
  count({ tableOf: of.tableOf, failed: new FailedWorkRows(of.tableOf, now), now }, { ...told, repeated });

describe('what a write makes happen stands on the record, whatever way it came', () => {
  test('REST, transaction and import', async () => {
    const { records, scope } = await testStore();
    const rest = await records.create(scope, patient);
    const imported = randomUUID() as FhirId;
    await records.createMany(scope, [{ resource: { ...patient, id: imported }, id: imported }]);
    const [made] = await records.transact(scope, [{ kind: 'create', resource: encounter('finished') }], { via: 'transaction' });
    const told = [...(await toldOf({ ...store, scope }, 'Patient')), ...(await toldOf({ ...store, scope }, 'Encounter'))];
    expect(told.map(({ happening }) => happening.eventId).sort()).toEqual(
      [
        `Encounter/${made?.id}/1/EncounterFinished`,
        `Patient/${rest.id}/1/PatientRegistered`,
        `Patient/${imported}/1/PatientRegistered`,
      ].sort(),
    );
    expect(Object.keys(told[0]?.happening ?? {}).sort()).toEqual(['event', 'eventId', 'id', 'tenant', 'type', 'version']);
  });

  test('a version without news carries none, and the news of the one before it is kept with it', async () => {
    const one = await testStore();
    const [made] = await one.records.transact(one.scope, [{ kind: 'create', resource: encounter('finished') }]);
    await one.records.update(one.scope, { ...encounter('finished', made?.id), id: made?.id ?? '', reasonCode: [{ text: 'x' }] });
    expect(await toldOf(one, 'Encounter')).toEqual([]);
    const past = await plainClient().send(
      new GetItemCommand({
        TableName: TEST_TABLE,
        Key: keyItem(keys.pastVersion(one.scope.tenant, 'Encounter', made?.id as FhirId, 1)),
      }),
    );
    expect(past.Item?.e?.SS).toEqual(['EncounterFinished']);
    expect(past.Item?.events).toBeUndefined(); // the stream's filter would hand it on a second time
  });
});

describe('the usage ledger', () => {
  test('counts each event once, however often and in whatever order it is told', async () => {
    const one = await testStore();
    await Promise.all([1, 2, 3].map(() => one.records.create(one.scope, patient)));
    for (let at = 0; at < 2; at++) await one.records.create(one.scope, encounter('finished'));
    const told = [...(await toldOf(one, 'Patient')), ...(await toldOf(one, 'Encounter'))];
    expect(told).toHaveLength(5);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 12 }), async (order) => {
        for (const at of order) if (told[at]) await countIn(one, told[at]);
        const ledger = await ledgerOf(one);
        expect(ledger.patientsRegistered ?? 0).toBeLessThanOrEqual(3);
        expect(ledger.encountersFinished ?? 0).toBeLessThanOrEqual(2);
      }),
      { numRuns: 15 },
    );
    for (const each of told) await countIn(one, each);
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 3, encountersFinished: 2 });
  });

  test('of sixteen that receive one event at the same moment, one counts it', async () => {
    const one = await testStore();
    await one.records.create(one.scope, patient);
    const [told] = await toldOf(one, 'Patient');
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => countIn(one, told as Told)));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 1 });
  });

  test('each patient counts as last seen in one month, in whatever order and however often visits are told', async () => {
    const patients = ['ada', 'ben', 'cleo'] as FhirId[];
    const visit = fc.record({ who: fc.constantFrom(...patients), month: fc.integer({ min: 1, max: 12 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 7 }), async (visits, again) => {
        const one = await testStore();
        const told = visits.map(({ who, month }, at) => ({
          who,
          month: `2026-${String(month).padStart(2, '0')}`,
          told: {
            happening: happeningOf({
              tenant: one.scope.tenant,
              type: 'Encounter',
              id: `e${at}` as FhirId,
              version: 1,
              event: 'EncounterFinished',
            }),
            time: `2026-${String(month).padStart(2, '0')}-03T10:00:00.000Z`,
          },
        }));
        const counting = [...told, ...told.slice(again)].map(({ told: each, who }) =>
          count({ tableOf: one.tableOf, failed: new FailedWorkRows(one.tableOf, now), now }, { ...each, repeated: false }, who),
        );
        await Promise.all(counting);
        const ledger = await readLedger(one.tableOf(one.scope.tenant), one.scope.tenant);
        const last = new Map<string, string>();
        for (const { who, month } of told) if (month > (last.get(who) ?? '')) last.set(who, month);
        for (const month of new Set(told.map(({ month: each }) => each)))
          expect(ledger.get(month)?.patientsLastSeen).toBe([...last.values()].filter((each) => each === month).length);
        expect(activePatients(ledger, '2026-12')).toBe(last.size);
        expect([...ledger.values()].reduce((sum, { encountersFinished }) => sum + encountersFinished, 0)).toBe(visits.length);
      }),
      { numRuns: 12 },
    );
  });

  test('events that come together in one month are all counted', async () => {
    const one = await testStore();
    await Promise.all(Array.from({ length: 12 }, () => one.records.create(one.scope, patient)));
    await Promise.all((await toldOf(one, 'Patient')).map((told) => countIn(one, told)));
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 12 });
  });

  test('an encounter that is opened again and finished a second time is one encounter', async () => {
    const one = await testStore();
    const { id } = await one.records.create(one.scope, encounter('finished'));
    const first = await toldOf(one, 'Encounter');
    await one.records.update(one.scope, { ...encounter('in-progress', id), id });
    await one.records.update(one.scope, { ...encounter('finished', id), id });
    const second = await toldOf(one, 'Encounter');
    expect([first[0]?.happening.version, second[0]?.happening.version]).toEqual([1, 3]);
    for (const told of [...first, ...second, ...second]) await countIn(one, told);
    expect(await ledgerOf(one)).toEqual({ encountersFinished: 1 });
  });
});

describe('once', () => {
  test('an effect that would add each time is there once, told eight times at once and twice after', async () => {
    const one = await testStore();
    await one.records.create(one.scope, patient);
    const [told] = (await toldOf(one, 'Patient')) as [Told];
    const table = one.tableOf(one.scope.tenant);
    const addOne = {
      Update: {
        TableName: table.name,
        Key: keyItem(keys.usage(one.scope.tenant, '2026-01')),
        UpdateExpression: 'ADD patientsRegistered :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    };
    const receive = () => once(table, 'usage', told.happening, [addOne], now());
    const outcomes = await Promise.all(Array.from({ length: 8 }, receive));
    outcomes.push(await receive(), await receive());
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 1 });
  });
});

describe('the mail that an import is over', () => {
  async function importOver(failures = 0) {
    const one = await testStore();
    const rows = new FailedWorkRows(one.tableOf, now);
    const job = {
      ...newJob(one.scope, { source: 'urn:old', files: [] } as never, Date.now()),
      state: 'done' as const,
      progress: [{ ...noProgress('Ada Okonkwo.json'), created: 3, done: true }],
    };
    const sent: Mail[] = [];
    let left = failures;
    const mailer = {
      async send(mail: Mail) {
        if (left-- > 0) throw new Problem('unavailable', 'The mail service rests.');
        await new Promise((resolve) => setImmediate(resolve));
        sent.push(mail);
      },
    };
    const deps: TellDeps = {
      find: async () => job,
      addressOf: async (sub) => (sub === one.scope.user.id ? 'olivia@oak.example' : undefined),
      mailer,
      tableOf: one.tableOf,
      failed: rows,
      now,
    };
    const happening = happeningOf({
      tenant: one.scope.tenant,
      type: 'Import',
      id: job.id as FhirId,
      version: 4,
      event: 'ImportFinished',
    });
    const tell = (repeated = false) => tellFinished(deps, { happening, time: now().toISOString(), repeated });
    return { sent, tell };
  }

  test('goes once to whoever began it, with counts and no name of a file', async () => {
    const { sent, tell } = await importOver();
    expect([await tell(), await tell(), await tell(true)]).toEqual(['done', 'repeat', 'repeat']);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ to: 'olivia@oak.example', subject: 'Your import is finished' });
    expect(sent[0]?.text).toContain('Records brought in: 3');
    expect(JSON.stringify(sent)).not.toContain('Okonkwo');
  });

  test('of five that are told at the same moment one sends, the others come back later and find it done', async () => {
    const { sent, tell } = await importOver();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => tell()));
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(sent).toHaveLength(1);
    expect(await tell(true)).toBe('repeat');
    expect(sent).toHaveLength(1);
  });

  test('that the mail service did not take is sent by the next try', async () => {
    const { sent, tell } = await importOver(1);
    await expect(tell()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await tell(true)).toBe('done');
    expect(sent).toHaveLength(1);
  });
});

describe('work that fails', () => {
  const message = (told: Told, receives: number) => ({
    messageId: told.happening.eventId,
    receiptHandle: 'r',
    body: toEnvelope(told),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:::usage',
    awsRegion: 'us-east-1',
  });

  test('a poison message is reported by itself, the rest is done; set aside, tried again, it is done once and gone', async () => {
    const one = await testStore();
    await Promise.all([1, 2, 3].map(() => one.records.create(one.scope, patient)));
    const told = await toldOf(one, 'Patient');
    const poison = told[1] as Told;
    const rows = new FailedWorkRows(one.tableOf, now);
    let broken = true;
    const receive = receiver({
      worker: 'usage',
      failed: rows,
      log: () => undefined,
      receive: async (reception) => {
        if (broken && reception.happening.eventId === poison.happening.eventId) throw new Problem('unavailable', 'x');
        return count({ tableOf: one.tableOf, failed: rows, now }, reception);
      },
    });
    const Records = told.map((each) => message(each, 1));
    const unreadable = { ...message(poison, 1), messageId: 'nonsense', body: '{"name":"Ada"}' };
    expect(await receive({ Records: [...Records, unreadable] })).toEqual({
      batchItemFailures: [{ itemIdentifier: poison.happening.eventId }, { itemIdentifier: 'nonsense' }],
    });
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 2 });
    expect(await rows.list(one.scope.tenant)).toEqual([]); // the queue tries by itself: nobody is told yet

    const letter: DeadLetter = { body: toEnvelope(poison), from: 'arn:usage', receipt: 'r1' };
    const letters = [[letter, { body: unreadable.body, from: 'arn:usage', receipt: 'r2' }]];
    const deleted: string[] = [];
    const counts = await emptyDeadLetters({
      letters: { receive: async () => letters.shift() ?? [], delete: async (receipt) => void deleted.push(receipt) },
      failed: rows,
      isDone: async () => false,
      queues: { usage: { arn: 'arn:usage' } },
      log: () => undefined,
      remainingMs: () => 60_000,
    });
    expect(counts).toEqual({ setAside: 1, unknown: 1 });
    expect(deleted).toEqual(['r1']); // whose nobody is stays in the queue, and the alarm on
    const [waiting] = await rows.list(one.scope.tenant);
    expect(waiting).toMatchObject({
      worker: 'usage',
      event: 'PatientRegistered',
      state: 'waiting',
      failure: 'unavailable',
      tries: 1,
    });

    broken = false;
    const again = { ...message(readEnvelope(waiting?.message ?? '') as Told, 1), messageAttributes: { again: {} as never } };
    expect(await receive({ Records: [again, again] })).toEqual({ batchItemFailures: [] });
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 3 });
    expect(await rows.list(one.scope.tenant)).toEqual([]);
    expect(await countsOf(one)).toEqual([]);
  });

  test('what was put away no longer counts as waiting, and cannot be decided on once it is done', async () => {
    const work = {
      worker: 'usage',
      event: 'PatientRegistered',
      subject: `Patient/${randomUUID()}/1/PatientRegistered`,
      message: '{}',
    } as const;
    const { tenant } = store.scope;
    await failed.wait(tenant, work, { tries: 3, failure: 'stopped' });
    expect(await countsOf(store)).toEqual([workId(work)]);
    await failed.putAway(tenant, workId(work), { reason: 'Counted by hand.', by: 'ada' });
    expect(await countsOf(store)).toEqual([]);
    expect(await failed.find(tenant, workId(work))).toMatchObject({ state: 'aside', reason: 'Counted by hand.', tries: 3 });
    await failed.clear(tenant, work);
    await expect(failed.markAgain(tenant, workId(work))).rejects.toMatchObject({ kind: 'not-found' });
    expect(await failed.find(tenant, workId(work))).toBeUndefined();
  });
});

/** The rows by which the platform counts this tenant's failed work. */
async function countsOf(of: TestStore): Promise<string[]> {
  const { pk, sk } = keys.failedCount(of.scope.tenant, '');
  const { Items = [] } = await plainClient().send(
    new QueryCommand({
      TableName: TEST_TABLE,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :tenant)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':tenant': { S: sk } },
    }),
  );
  return Items.map((item) => (item.sk?.S ?? '').slice(sk.length));
}

describe('the nightly look back', () => {
  const lookBack = (of: TestStore, more: Partial<RepublishDeps> = {}) => {
    const published: Told[] = [];
    const deps: RepublishDeps = {
      tenants: {
        async *listTenants() {
          yield { id: of.scope.tenant, slug: 'oak' as Slug };
        },
      },
      tableOf: of.tableOf,
      publish: async (told) => {
        published.push(...told);
        return [];
      },
      keepPlace: async () => undefined,
      nowMs: () => Date.now() + 3_600_000,
      remainingMs: () => 900_000,
      ...more,
    };
    return { deps, published };
  };
  const ids = (told: readonly Told[]): string[] => told.map(({ happening }) => happening.eventId).sort();

  test('tells what has no receipt, of current and of replaced versions, and nothing else', async () => {
    const one = await testStore();
    const [seen, lost, changed] = await Promise.all([1, 2, 3].map(() => one.records.create(one.scope, patient)));
    for (const told of await toldOf(one, 'Patient')) if (told.happening.id === seen?.id) await countIn(one, told);
    await one.records.update(one.scope, { ...patient, id: changed?.id ?? '', active: true } as FhirResource & { id: string });
    await one.records.delete(one.scope, 'Patient', lost?.id as FhirId);

    const { deps, published } = lookBack(one);
    const run = await republish(deps, undefined);
    expect(run.outcome).toBe('done');
    expect(ids(published)).toEqual(
      [`Patient/${changed?.id}/1/PatientRegistered`, `Patient/${lost?.id}/1/PatientRegistered`].sort(),
    );
    for (const told of published) await countIn(one, told);
    expect(await ledgerOf(one)).toEqual({ patientsRegistered: 3 });

    const next = lookBack(one);
    await republish(next.deps, undefined);
    expect(next.published).toEqual([]);
  });

  test('leaves to a person what waits for that person', async () => {
    const one = await testStore();
    await one.records.create(one.scope, patient);
    const [told] = (await toldOf(one, 'Patient')) as [Told];
    await new FailedWorkRows(one.tableOf, now).wait(one.scope.tenant, workOf('usage', told, toEnvelope(told)), {
      tries: 3,
      failure: 'unexpected',
    });
    const { deps, published } = lookBack(one);
    await republish(deps, undefined);
    expect(published).toEqual([]);
  });

  test('stops when its time is up, goes on in the next run, and does a night’s work once', async () => {
    const one = await testStore();
    await Promise.all(Array.from({ length: 3 }, () => one.records.create(one.scope, patient)));
    const first = lookBack(one, { remainingMs: () => 0 });
    const stopped = await republish(first.deps, undefined);
    expect(stopped).toMatchObject({ outcome: 'unfinished', note: { slug: 'oak', told: 0 } });
    expect(first.published).toEqual([]);
    const asRun = (run: typeof stopped) => ({ ...run, ended: now().toISOString(), ms: 1 });
    const second = lookBack(one);
    const done = await republish(second.deps, asRun(stopped));
    expect(second.published).toHaveLength(3);
    const third = lookBack(one);
    expect((await republish(third.deps, asRun(done))).outcome).toBe('done');
    expect(third.published).toEqual([]);
  });

  test('fails when the bus does not take what it tells', async () => {
    const one = await testStore();
    await one.records.create(one.scope, patient);
    await expect(republish(lookBack(one, { publish: async (told) => told }).deps, undefined)).rejects.toThrow(Problem);
  });
});
