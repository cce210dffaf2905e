import type { Appointment } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { Reminder } from '../../schemas/reminders.ts';
import { linkState } from './answer-link.ts';

const START = '2026-10-05T14:20:00.000Z';
const BEFORE = Date.parse('2026-10-04T14:20:00Z');
const visit = (more: Partial<Appointment> = {}): Appointment => ({
  resourceType: 'Appointment',
  status: 'booked',
  start: START,
  participant: [{ actor: { reference: 'Patient/ada' }, status: 'needs-action' }],
  ...more,
});
const reminder = (answer?: Reminder['answer']): Reminder => ({
  channel: 'sms',
  offset: 1_440,
  start: START,
  ...(answer && { answer }),
});
const moved = visit({ start: '2026-10-06T09:00:00.000Z' });
const cancelled = visit({ status: 'cancelled' });
const ofBo = visit({ participant: [{ actor: { reference: 'Patient/bo' }, status: 'needs-action' }] });

test.each([
  { now: visit(), state: 'open', because: 'nobody has answered' },
  { now: visit({ status: 'arrived' }), state: 'expired', because: 'they are here' },
  { now: moved, state: 'moved', because: 'another message has the right time' },
  { now: cancelled, state: 'gone', because: 'somebody cancelled it' },
  { now: undefined, state: 'gone', because: 'there is no such visit' },
  { now: ofBo, state: 'gone', because: 'the visit is another patient’s now' },
  { answer: 'confirmed', now: visit(), state: 'confirmed', because: 'they are expected' },
  { answer: 'confirmed', now: visit({ status: 'fulfilled' }), state: 'confirmed', because: 'they came' },
  { answer: 'confirmed', now: moved, state: 'moved', because: 'nobody expects them at the old time' },
  { answer: 'confirmed', now: cancelled, state: 'gone', because: 'nobody expects them any more' },
  { answer: 'confirmed', now: ofBo, state: 'gone', because: 'somebody else is expected' },
  { answer: 'cancelled', now: cancelled, state: 'cancelled', because: 'they cancelled it themselves' },
  { answer: 'cancelled', now: moved, state: 'moved', because: 'the clinic has booked it anew, at another time' },
  { answer: 'cancelled', now: visit(), state: 'cancelled', because: 'a link acts once' },
] as const)('answered $answer → $state: $because', ({ now, state, ...given }) => {
  expect(linkState(reminder('answer' in given ? given.answer : undefined), now, BEFORE, 'Patient/ada')).toBe(state);
});
