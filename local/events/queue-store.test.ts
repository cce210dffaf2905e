import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type QueueSettings, QueueStore } from './queue-store.ts';

const dead: QueueSettings = {
  name: 'dead',
  arn: 'arn:dead',
  visibilityMs: 30_000,
  delayMs: 0,
  retentionMs: 1_000_000,
  deadLetter: undefined,
};
const jobs: QueueSettings = {
  ...dead,
  name: 'jobs',
  arn: 'arn:jobs',
  visibilityMs: 1_000,
  deadLetter: { queue: 'dead', maxReceives: 2 },
};
const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

describe('a queue', () => {
  test('hands a message to one receiver, and again to another when its time is over', () => {
    const store = new QueueStore(':memory:');
    store.send(jobs, { body: 'one' }, 0);
    expect(bodies(store.receive(jobs, 10, { nowMs: 0 }))).toEqual(['one']);
    expect(store.receive(jobs, 10, { nowMs: 999 })).toEqual([]);
    expect(store.receive(jobs, 10, { nowMs: 1_000 })).toMatchObject([{ body: 'one', receives: 2, firstReceivedMs: 0 }]);
  });

  test('forgets what was deleted by the latest receipt, and by no earlier one', () => {
    const store = new QueueStore(':memory:');
    store.send(jobs, { body: 'one' }, 0);
    const [early] = store.receive(jobs, 1, { nowMs: 0 });
    const [late] = store.receive(jobs, 1, { nowMs: 2_000 });
    expect(store.delete(jobs, early?.receipt ?? '')).toBe(false);
    expect(store.counts(jobs, 2_000)).toEqual({ visible: 0, inFlight: 1 });
    expect(store.delete(jobs, late?.receipt ?? '')).toBe(true);
    expect(store.counts(jobs, 9_000)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('moves aside what was received too often, and gives it back on redrive', () => {
    const store = new QueueStore(':memory:');
    store.send(jobs, { body: 'poison' }, 0);
    for (const nowMs of [0, 1_000]) expect(store.receive(jobs, 1, { nowMs })).toHaveLength(1);
    expect(store.receive(jobs, 1, { nowMs: 2_000 })).toEqual([]);
    expect(store.counts(dead, 2_000).visible).toBe(1);
    expect(store.redrive(dead, jobs, 3_000)).toBe(1);
    expect(store.receive(jobs, 1, { nowMs: 3_000 })).toMatchObject([{ body: 'poison', receives: 1 }]);
  });

  test('delays a message, hides it longer, and gives it back at once when asked', () => {
    const store = new QueueStore(':memory:');
    store.send(jobs, { body: 'later', delayMs: 500 }, 0);
    expect(store.receive(jobs, 1, { nowMs: 499 })).toEqual([]);
    const [message] = store.receive(jobs, 1, { nowMs: 500 });
    store.changeVisibility(jobs, message?.receipt ?? '', 60_000, 500);
    expect(store.receive(jobs, 1, { nowMs: 50_000 })).toEqual([]);
    store.changeVisibility(jobs, message?.receipt ?? '', 0, 50_000);
    expect(store.receive(jobs, 1, { nowMs: 50_000 })).toHaveLength(1);
  });

  test('drops what nobody wanted for the time of retention', () => {
    const store = new QueueStore(':memory:');
    store.send(jobs, { body: 'old' }, 0);
    expect(store.receive(jobs, 1, { nowMs: 1_000_001 })).toEqual([]);
  });

  test('keeps its messages over a restart, and gives out again what was being worked on', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tessera-queue-')), 'messages.db');
    const before = new QueueStore(file);
    before.send(jobs, { body: 'waiting', attributes: { a: { DataType: 'String', StringValue: 'x' } } });
    before.send(jobs, { body: 'in work' });
    before.receive(jobs, 1);
    const after = new QueueStore(file); // the first was never closed, as when the process is killed
    after.releaseAll();
    expect(bodies(after.receive(jobs, 10)).sort()).toEqual(['in work', 'waiting']);
  });
});
