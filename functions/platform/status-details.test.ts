import { describe, expect, test } from 'vitest';
import type { Run } from '../../core/operations/runs.ts';
import type { StatusDetails } from '../../schemas/status.ts';
import { type StatusDetailsDeps, statusDetails, toStatus } from './status-details.ts';

const NOW = Date.parse('2026-11-25T12:00:00.000Z');
const endedMinutesAgo = (minutes: number): Run => ({
  ended: new Date(NOW - minutes * 60_000).toISOString(),
  outcome: 'done',
  ms: 1,
  note: {},
});

describe('toStatus: late is more than twice its time and five minutes', () => {
  test.each([
    { every: 1, ago: undefined, late: false, because: 'it has never run: the installation may be new' },
    { every: 1, ago: 6, late: false, because: 'a slow start is no failure' },
    { every: 1, ago: 8, late: true, because: 'it should have run six times' },
    { every: 1_440, ago: 2_000, late: false, because: 'one night' },
    { every: 1_440, ago: 3_000, late: true, because: 'two nights were missed' },
  ])('every $every min, last $ago min ago → $late: $because', ({ every, ago, late }) => {
    const last = ago === undefined ? undefined : endedMinutesAgo(ago);
    expect(toStatus({ name: 'x', everyMinutes: every }, last, NOW).late).toBe(late);
  });
});

describe('details', () => {
  const fine: StatusDetailsDeps = {
    version: '1',
    log: () => undefined,
    ask: { records: async () => 0, files: async () => 0, bus: async () => 0, signIn: async () => 0 },
    queues: async () => [{ name: 'usage', waiting: 2, inFlight: 0 }],
    oldest: async () => ({ usage: 240 }),
    schedules: [{ name: 'dead-letters', everyMinutes: 1 }],
    lastRun: async () => endedMinutesAgo(1),
    failedWork: async () => ({}),
    nowMs: () => NOW,
  };
  const broken = async (): Promise<never> => {
    throw new Error('no answer');
  };
  const answer = async (more: Partial<StatusDetailsDeps> = {}): Promise<StatusDetails> =>
    (await statusDetails({ ...fine, ...more }).run({} as never)).body as StatusDetails;

  test('all is well, although a part answers with nothing', async () => {
    expect(await answer()).toMatchObject({ status: 'ok', parts: { records: 'ok', queues: 'ok', mail: 'ok' } });
  });

  test.each([
    { title: 'a part that does not answer', more: { ask: { ...fine.ask, bus: broken } }, part: 'bus' },
    { title: 'queues that cannot be read', more: { queues: broken }, part: 'queues' },
    { title: 'mail that waits for a person', more: { failedWork: async () => ({ notices: 1 }) }, part: 'mail' },
  ])('$title is failing, and the rest is told all the same', async ({ more, part }) => {
    const { status, parts, version } = await answer(more);
    expect([status, version]).toEqual(['degraded', '1']);
    expect(Object.entries(parts).filter(([, state]) => state === 'failing')).toEqual([[part, 'failing']]);
  });

  test('a queue tells how old its oldest message is; an empty one has none, whatever was measured a while ago', async () => {
    const queues = async () => [
      { name: 'usage', waiting: 0, inFlight: 1 },
      { name: 'notices', waiting: 0, inFlight: 0 },
      { name: 'imports', waiting: 3, inFlight: 0 },
    ];
    const oldest = async () => ({ usage: 240, notices: 90 });
    expect((await answer({ queues, oldest })).queues).toEqual([
      { name: 'usage', waiting: 0, inFlight: 1, oldestSeconds: 240 },
      { name: 'notices', waiting: 0, inFlight: 0 },
      { name: 'imports', waiting: 3, inFlight: 0 },
    ]);
  });

  test('ages that cannot be learnt are left out, and nothing else', async () => {
    const { oldestSeconds: _age, ...depth } = (await answer()).queues[0] ?? { oldestSeconds: 0 };
    expect(await answer({ oldest: broken })).toEqual({ ...(await answer()), queues: [depth] });
  });

  test('a schedule that is late, or failed, is not well', async () => {
    expect((await answer({ lastRun: async () => endedMinutesAgo(60) })).status).toBe('degraded');
    expect((await answer({ lastRun: async () => ({ ...endedMinutesAgo(1), outcome: 'failed' }) })).status).toBe('degraded');
  });
});
