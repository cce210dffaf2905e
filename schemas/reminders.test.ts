import { expect, test } from 'vitest';
import { stateOf } from './reminders.ts';

const HOUR_MS = 3_600_000;
const sent = '2026-10-05T14:20:00Z';
const sentMs = Date.parse(sent);

test.each([
  { hours: 0, status: 'completed', state: 'sent', because: 'a receipt may come yet' },
  { hours: 72, status: 'completed', state: 'sent', because: 'it may take three days' },
  { hours: 72.1, status: 'completed', state: 'no-word', because: 'nobody tells any more' },
  { hours: 9_000, status: 'completed', received: sent, state: 'delivered', because: 'it was told once' },
  { hours: 100, status: 'unknown', state: 'in-doubt', because: 'that it was handed over is not known' },
] as const)('$status, $hours hours after it was handed over → $state: $because', ({ hours, state, because: _, ...message }) => {
  expect(stateOf({ ...message, sent }, sentMs + hours * HOUR_MS)).toBe(state);
});
