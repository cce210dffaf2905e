import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { guard, OutsideFence, reportsFence } from '../../core/aws/key-guard.ts';
import { MOST_AN_HOUR, ReportBook } from '../../core/reports/report-book.ts';
import type { ProblemReport } from '../../schemas/reports.ts';
import { createTestTable, plainClient, TEST_TABLE } from '../support/records.ts';

beforeAll(() => createTestTable(plainClient()));

const book = (nowMs: () => number = Date.now) =>
  new ReportBook({ client: guard(plainClient(), reportsFence(TEST_TABLE)), table: TEST_TABLE, nowMs });
/** A fault that no other test meets. */
const fault = (over: Partial<ProblemReport> = {}): ProblemReport => ({
  version: '0.1.0',
  route: '/t/:tenant/patients',
  place: 'page',
  error: 'TypeError',
  kind: 'other',
  frames: [{ file: `index-${randomUUID().slice(0, 8)}.js`, line: 1, column: 2 }],
  browser: 'firefox',
  language: 'en',
  at: '2026-11-25T09:00:00.000Z',
  ...over,
});
const counted = async (report: ProblemReport) =>
  (await book().list()).filter((found) => found.report.frames[0]?.file === report.frames[0]?.file);

describe('a fault', () => {
  test('is counted once for each report, however many come at once, and remembers its first and last time', async () => {
    const report = fault();
    let nowMs = Date.parse('2026-11-25T10:00:00Z');
    const clocked = book(() => nowMs);
    await clocked.add(randomUUID(), report);
    nowMs += 60_000;
    await Promise.all(Array.from({ length: 20 }, () => clocked.add(randomUUID(), { ...report, browser: 'safari' })));
    expect(await counted(report)).toEqual([
      {
        id: expect.any(String),
        count: 21,
        first: '2026-11-25T10:00:00.000Z',
        last: '2026-11-25T10:01:00.000Z',
        report: { ...report, browser: 'safari' },
      },
    ]);
  });

  test('of another version or another place is another fault', async () => {
    const report = fault();
    await book().add(randomUUID(), report);
    await book().add(randomUUID(), { ...report, version: '0.2.0' });
    await book().add(randomUUID(), { ...report, place: 'panel' });
    expect((await counted(report)).map(({ count }) => count)).toEqual([1, 1, 1]);
  });
});

describe('a person', () => {
  test(`of many reports sent at once, ${MOST_AN_HOUR} of an hour are taken and the rest refused; the next hour is a new one`, async () => {
    const report = fault();
    const user = randomUUID();
    let nowMs = Date.parse('2026-11-25T10:30:00Z');
    const clocked = book(() => nowMs);
    const results = await Promise.allSettled(Array.from({ length: MOST_AN_HOUR + 5 }, () => clocked.add(user, report)));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as { kind: string }] : []));
    expect(refused.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'too-many-requests'));
    expect((await counted(report)).map(({ count }) => count)).toEqual([MOST_AN_HOUR]);
    nowMs += 3_600_000;
    await clocked.add(user, report);
    expect((await counted(report)).map(({ count }) => count)).toEqual([MOST_AN_HOUR + 1]);
  });
});

test('the fence around reports lets nothing through to tenants, memberships or the list of clinics', async () => {
  const { allows } = reportsFence(TEST_TABLE);
  for (const pk of ['t#acme#in#1', 'sys#user#ada', 'sys#tenants', 'sys#reportsx', 'sys#'])
    for (const action of ['Query', 'UpdateItem', 'PutItem', 'GetItem'] as const) expect(allows(action, { pk })).toBe(false);
  for (const action of ['PutItem', 'DeleteItem', 'GetItem'] as const) expect(allows(action, { pk: 'sys#reports' })).toBe(false);
  const elsewhere = new ReportBook({ client: guard(plainClient(), reportsFence('another')), table: TEST_TABLE });
  await expect(elsewhere.list()).rejects.toThrow(OutsideFence);
});
