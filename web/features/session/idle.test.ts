import { expect, test } from 'vitest';
import { IDLE_LIMIT_MS, idleState } from './idle.ts';

test.each([
  { idle: 0, state: { kind: 'busy' } },
  { idle: IDLE_LIMIT_MS - 60_001, state: { kind: 'busy' } },
  { idle: IDLE_LIMIT_MS - 60_000, state: { kind: 'warning', secondsLeft: 60 } },
  { idle: IDLE_LIMIT_MS - 1, state: { kind: 'warning', secondsLeft: 1 } },
  { idle: IDLE_LIMIT_MS, state: { kind: 'over' } },
  { idle: 8 * 3_600_000, state: { kind: 'over' } },
])('after $idle ms: $state.kind', ({ idle, state }) => expect(idleState(idle, IDLE_LIMIT_MS)).toEqual(state));
