import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { DueWork } from '../record-due.ts';
import { dueChanges, dueItem, minuteAfter, minuteOf, minuteStartMs, toDueRow } from './due.ts';

const tenant = 'oakoak00' as TenantId;
const subject = { tenant, type: 'Appointment', id: 'a-1' as FhirId };
const NOW = Date.parse('2026-11-25T10:00:30Z');
const at = (time: string, detail = ''): DueWork => ({ event: 'RemindersToPlan', atMs: Date.parse(time), detail });
const changes = (before: DueWork[], after: DueWork[]) =>
  dueChanges('records', subject, { before, after, nowMs: NOW }).map(({ Put, Delete }) =>
    Put ? `+${Put.Item?.pk?.S?.slice(8, 20)}` : `-${Delete?.Key?.pk?.S?.slice(8, 20)}`,
  );

describe('dueChanges at 10:00:30', () => {
  test.each([
    { before: [], after: [at('2026-11-26T09:00:00Z')], expected: ['+202611260900'], because: 'it is new' },
    { before: [], after: [at('2026-11-26T09:00:01Z')], expected: ['+202611260901'], because: 'never before it is due' },
    {
      before: [],
      after: [at('2026-11-25T09:00:00Z')],
      expected: ['+202611251002'],
      because: 'the sweep may be in 10:00 and 10:01',
    },
    { before: [at('2026-11-26T09:00:00Z')], after: [at('2026-11-26T09:00:00Z')], expected: [], because: 'nothing changed' },
    {
      before: [at('2026-11-26T09:00:00Z')],
      after: [at('2026-11-27T09:00:00Z')],
      expected: ['+202611270900', '-202611260900'],
      because: 'it was moved',
    },
    { before: [at('2026-11-26T09:00:00Z')], after: [], expected: ['-202611260900'], because: 'it was cancelled' },
    { before: [at('2026-11-25T09:00:00Z')], after: [], expected: [], because: 'what was due is the sweep’s' },
    {
      before: [],
      after: [at('2026-11-26T09:00:00Z', '1'), at('2026-11-26T09:00:00Z', '2')],
      expected: ['+202611260900', '+202611260900'],
      because: 'a detail tells two apart',
    },
  ])('$expected: $because', ({ before, after, expected }) => {
    expect(changes(before, after)).toEqual(expected);
  });
});

test('a due row says what it is of', () => {
  const row = toDueRow(dueItem(subject, at('2026-11-26T09:00:00Z', 'x-1'), NOW));
  expect(row).toMatchObject({ ...subject, event: 'RemindersToPlan', detail: 'x-1', minute: '202611260900' });
});

test('minutes sort as they follow, over years and leap days', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000_000 }), fc.integer({ min: 1, max: 100_000 }), (minutes, later) => {
      const minute = minuteOf(minutes * 60_000);
      expect(minuteStartMs(minute)).toBe(minutes * 60_000);
      expect(minuteAfter(minute, later) > minute).toBe(true);
    }),
  );
});

test('a name that would end a key’s part is refused', () => {
  expect(() => dueItem(subject, { ...at('2026-11-26T09:00:00Z'), detail: 'a#b' }, NOW)).toThrow('letters');
});
