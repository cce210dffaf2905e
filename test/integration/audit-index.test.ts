import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexDays } from '../../core/audit/index-days.ts';
import { type Seal, sealOf, sealText } from '../../core/audit/seal.ts';
import { breaksIn } from '../../core/audit/verify.ts';
import type { LogLine } from '../../core/http/log.ts';
import type { Scope } from '../../core/scope.ts';
import { Table } from '../../core/store/table.ts';
import type { RecordPage } from '../../core/store/types.ts';
import { keepTrail } from '../../functions/audit/keep-trail.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { plainClient, TEST_TABLE, testStore } from '../support/records.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-03-27T00:00:00Z');

/** Two execution environments of one tenant (each with writers and clock of its own), and a nightly run; clocks are set by the test. */
async function clinic() {
  const clock = { ms: START_MS };
  const now = () => new Date(clock.ms);
  const one = await testStore({ now });
  const other = await testStore({ now, tenant: one.scope.tenant });
  const { scope } = one;
  const table = () => new Table(one.client, TEST_TABLE, now);
  const days = { left: 1_000 };
  const seals: { seal: Seal; text: string }[] = [];
  const keepSeal = async (_scope: Scope, seal: Seal, text: string) => void seals.push({ seal, text });
  const index = async () =>
    (await indexDays({ audit: one.audit, table, now, keepSeal, mayGoOn: () => --days.left > 0 }, scope)).days;
  const look = (store: typeof one, patient: string) =>
    store.audit.record(scope, {
      interaction: 'read',
      type: 'Patient',
      id: patient as FhirId,
      patient: patient as FhirId,
      outcome: 'success',
    });
  /** How often the trail says that a patient was looked at, as a search would read it. */
  const countOf = async (patient: string): Promise<number> => {
    let count = 0;
    let cursor: string | undefined;
    do {
      const page: RecordPage = await one.records.auditEvents(
        scope,
        { whose: { patient: patient as FhirId }, to: new Date(clock.ms + DAY_MS).toISOString().slice(0, 10) },
        { count: 7, ...(cursor && { cursor }) },
      );
      count += page.items.filter((event) => JSON.stringify(event).includes(`"Patient/${patient}"`)).length;
      cursor = page.cursor;
    } while (cursor !== undefined);
    return count;
  };
  return { clock, one, other, scope, index, look, countOf, days, seals };
}

describe('the index of the audit trail', () => {
  test('whatever is written by two environments while it is made, at any hour: nothing is missed and nothing counted twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            // Steps around midnight and around the hour after it, in which rows of the day before may still come.
            advanceMs: fc.constantFrom(0, 1, 20 * 60_000, HOUR_MS, 23 * HOUR_MS, DAY_MS, 3 * DAY_MS),
            act: fc.constantFrom('look', 'look', 'look', 'index', 'both', 'cut short' as const),
            patient: fc.constantFrom('ada', 'ben'),
          }),
          { minLength: 3, maxLength: 14 },
        ),
        async (steps) => {
          const { clock, one, other, look, index, countOf, days } = await clinic();
          const looks: Record<string, number> = { ada: 0, ben: 0 };
          for (const { advanceMs, act, patient } of steps) {
            clock.ms += advanceMs;
            days.left = act === 'cut short' ? 1 : 1_000;
            const writes = act === 'look' || act === 'both' ? [look(one, patient), look(other, patient)] : [];
            await Promise.all([...writes, ...(act === 'look' ? [] : [index()]), ...(act === 'both' ? [index()] : [])]);
            looks[patient] = (looks[patient] ?? 0) + writes.length;
          }
          for (const patient of ['ada', 'ben']) expect(await countOf(patient)).toBe(looks[patient]);
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  test('a long day in short pages, indexed or not: each look once, newest first', async () => {
    const { clock, one, other, scope, look, index } = await clinic();
    for (let n = 0; n < 40; n++) {
      clock.ms += 1;
      await look(n % 3 === 0 ? other : one, 'ada');
    }
    const idsOf = async () => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page: RecordPage = await one.records.auditEvents(
          scope,
          { whose: { patient: 'ada' as FhirId }, to: '2026-03-28' },
          { count: 3, ...(cursor && { cursor }) },
        );
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return ids;
    };
    const read = await idsOf();
    expect(read).toHaveLength(40);
    expect(read).toEqual(read.toSorted().toReversed());
    clock.ms += 2 * DAY_MS;
    await index();
    expect(await idsOf()).toEqual(read);
  });

  test('a night that failed is caught up by the next, and doing a day again changes nothing', async () => {
    const { clock, one, look, index, countOf } = await clinic();
    for (let day = 0; day < 5; day++) {
      await look(one, 'ada');
      clock.ms += DAY_MS;
    }
    clock.ms += 2 * HOUR_MS;
    const done = await index();
    expect(done.slice(-5)).toEqual(['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31']);
    expect(await index()).toEqual([]);
    expect(await countOf('ada')).toBe(5);
    clock.ms += DAY_MS;
    expect(await index()).toEqual(['2026-03-31', '2026-04-01']);
    expect(await countOf('ada')).toBe(5);
  });

  test('a row that came hours after its day was indexed is found from the next night on', async () => {
    const { clock, one, look, index, countOf } = await clinic();
    await look(one, 'ada');
    clock.ms += DAY_MS + 2 * HOUR_MS;
    await index();
    const at = clock.ms;
    clock.ms = START_MS + DAY_MS - 1; // a function whose clock stood still
    await look(one, 'ada');
    clock.ms = at + DAY_MS;
    await index();
    expect(await countOf('ada')).toBe(2);
  });

  test('what the index names is looked up: a row that is gone is not made up, and its chain shows that it is gone', async () => {
    const { clock, one, scope, look, index, countOf } = await clinic();
    await look(one, 'ada');
    await look(one, 'ada');
    await look(one, 'ada');
    const rows = (await one.audit.rowsOfDay(scope, '2026-03-27')).toSorted((a, b) => Number(a.n?.N) - Number(b.n?.N));
    clock.ms += 2 * DAY_MS;
    await index();
    const middle = rows[1];
    await plainClient().send(
      new DeleteItemCommand({ TableName: TEST_TABLE, Key: { pk: middle?.pk ?? { S: '' }, sk: middle?.sk ?? { S: '' } } }),
    );
    expect(await countOf('ada')).toBe(2);
    expect(breaksIn(await one.audit.rowsOfDay(scope, '2026-03-27')).map(({ what }) => what)).toEqual(['a row is missing']);
  });

  test('an index row that was made to point elsewhere shows nobody’s rows but the patient’s own', async () => {
    const { clock, one, scope, look, index, countOf } = await clinic();
    await look(one, 'ada');
    await look(one, 'ben');
    clock.ms += 2 * DAY_MS;
    await index();
    const client = plainClient();
    const rowOf = async (patient: string) =>
      (
        await client.send(
          new QueryCommand({
            TableName: TEST_TABLE,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: `t#${scope.tenant}#audit#p#${patient}` } },
          }),
        )
      ).Items?.[0];
    const [ada, ben] = [await rowOf('ada'), await rowOf('ben')];
    if (!ada?.b || !ben) throw new Error('Both have an index row.');
    await client.send(new PutItemCommand({ TableName: TEST_TABLE, Item: { ...ben, b: ada.b } }));
    expect(await countOf('ben')).toBe(0);
  });

  test('costs one row a patient and day, and two an agent', async () => {
    const { clock, one, look, index } = await clinic();
    for (const patient of ['ada', 'ben', 'ada', 'ben', 'ada', 'cleo']) await look(one, patient);
    clock.ms += 2 * DAY_MS;
    one.counter.reset();
    await index();
    // Three patients, one agent under two names, and where the index ends, for each of the days before the first row.
    const puts = one.counter.commands.filter((command) => command === 'PutItemCommand').length;
    expect(puts).toBe(3 + 2 + 35);
    expect(one.counter.writeUnits).toBe(puts);
  });

  test('each day is sealed once it is over, each seal names the one before, and a last row that was cut off shows', async () => {
    const { clock, one, scope, look, index, seals } = await clinic();
    for (let day = 0; day < 3; day++) {
      await look(one, 'ada');
      await look(one, 'ben');
      clock.ms += DAY_MS;
    }
    clock.ms += 2 * HOUR_MS;
    await index();
    expect(seals.map(({ seal }) => [seal.day, seal.rows])).toEqual([
      ['2026-03-27', 2],
      ['2026-03-28', 2],
      ['2026-03-29', 2],
    ]);
    expect(seals.map(({ seal }) => seal.previous)).toEqual([null, ...seals.slice(0, 2).map(({ seal }) => sealText(seal).hash)]);
    clock.ms += DAY_MS;
    await index();
    expect(seals.at(-1)?.seal).toMatchObject({ day: '2026-03-30', rows: 0, previous: sealText(seals[2]?.seal as Seal).hash });

    const rows = await one.audit.rowsOfDay(scope, '2026-03-29');
    const { tenant } = scope;
    const previous = seals[2]?.seal.previous ?? null;
    expect(sealOf({ tenant, day: '2026-03-29', previous }, rows.toReversed(), [])).toEqual(seals[2]?.seal);
    const [last] = rows.toSorted((a, b) => Number(b.n?.N) - Number(a.n?.N));
    const cut = rows.filter((row) => row !== last);
    expect(breaksIn(cut)).toEqual([]); // the chain alone does not show it
    expect(sealOf({ tenant, day: '2026-03-29', previous }, cut, [])).not.toEqual(seals[2]?.seal);
    for (const row of rows) {
      const changed = rows.map((one) => (one === row ? { ...row, b: { B: Buffer.from('something else') } } : one));
      expect(sealOf({ tenant, day: '2026-03-29', previous }, changed, []).digest).not.toBe(seals[2]?.seal.digest);
    }
  });

  test('a chain that was broken is in the seal, also where it goes over midnight', async () => {
    const { clock, one, scope, look, index, seals } = await clinic();
    for (const advance of [0, 0, 0, DAY_MS]) {
      clock.ms += advance;
      await look(one, 'ada');
    }
    const rows = (await one.audit.rowsOfDay(scope, '2026-03-27')).toSorted((a, b) => Number(a.n?.N) - Number(b.n?.N));
    const last = rows.at(-1);
    await plainClient().send(
      new DeleteItemCommand({ TableName: TEST_TABLE, Key: { pk: last?.pk ?? { S: '' }, sk: last?.sk ?? { S: '' } } }),
    );
    clock.ms += DAY_MS + 2 * HOUR_MS;
    await index();
    expect(seals.map(({ seal }) => seal.breaks.map(({ what }) => what))).toEqual([[], ['a row is missing']]);
  });

  test('of many clinics one that fails keeps no other from its turn, and a broken chain ends the run as failed', async () => {
    const [good, broken] = [await clinic(), await clinic()];
    for (const { look, one } of [good, broken]) for (let n = 0; n < 3; n++) await look(one, 'ada');
    good.clock.ms += DAY_MS + 2 * HOUR_MS;
    const logged: LogLine[] = [];
    const sealed: string[] = [];
    const run = (keepSeal: (scope: Scope) => Promise<void>) =>
      keepTrail({
        tenants: (async function* () {
          for (const { scope } of [broken, good]) yield { id: scope.tenant, slug: scope.slug };
        })(),
        audit: good.one.audit,
        table: ({ tenant }) => new Table((tenant === good.scope.tenant ? good : broken).one.client, TEST_TABLE),
        now: () => new Date(good.clock.ms),
        keepSeal,
        log: (line) => void logged.push(line),
        requestId: 'r',
        remainingMs: () => 600_000,
      });
    const first = await run(async ({ tenant }) => {
      if (tenant === broken.scope.tenant) throw new Error('The bucket did not answer.');
      sealed.push(tenant);
    });
    expect(first).toMatchObject({ outcome: 'failed', note: { tenants: 2, failures: 1, breaks: 0 } });
    expect(sealed).toEqual([good.scope.tenant]);
    expect(await run(async () => undefined)).toMatchObject({ outcome: 'done', note: { failures: 0 } });

    const rows = await broken.one.audit.rowsOfDay(broken.scope, '2026-03-27');
    const middle = rows.find(({ n }) => n?.N === '2');
    await broken.look(broken.one, 'ada');
    expect(await run(async () => undefined)).toMatchObject({ outcome: 'done', note: { days: 0 } });
    await plainClient().send(
      new DeleteItemCommand({ TableName: TEST_TABLE, Key: { pk: middle?.pk ?? { S: '' }, sk: middle?.sk ?? { S: '' } } }),
    );
    good.clock.ms += DAY_MS;
    // The day before is read again with the new one: what was taken out of it since shows.
    expect(await run(async () => undefined)).toMatchObject({ outcome: 'failed', note: { breaks: 1 } });
    expect(logged.filter(({ alert }) => alert === 'audit-chain-broken')).toMatchObject([
      { tenant: broken.scope.tenant, breaks: 1 },
    ]);
  });
});
