import type Stripe from 'stripe';
import * as z from 'zod';
import type { Kept } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, int, text } from '../params.ts';
import { DAY, SUBSCRIPTION_HAPPENINGS } from './subscription-life.ts';

/** A time of their own for customers, moved on by hand. */
export const testClockOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/test_helpers/test_clocks',
    z.strictObject({ frozen_time: int(), name: text().optional(), expand: expand() }),
    (desk, params) =>
      desk.save<Kept<Stripe.TestHelpers.TestClock>>({
        id: desk.newId('clock'),
        object: 'test_helpers.test_clock',
        created: desk.now(),
        deletes_after: desk.now() + 30 * DAY,
        frozen_time: params.frozen_time,
        livemode: false,
        name: params.name ?? null,
        status: 'ready',
        status_details: {},
      }),
  ),
  operation('GET', '/v1/test_helpers/test_clocks/:id', z.strictObject({ expand: expand() }), (desk, _, { id }) =>
    desk.get(id, 'test_helpers.test_clock'),
  ),
  operation(
    'POST',
    '/v1/test_helpers/test_clocks/:id/advance',
    z.strictObject({ frozen_time: int(), expand: expand() }),
    (desk, params, { id }) => {
      const clock = desk.get<Stripe.TestHelpers.TestClock>(id, 'test_helpers.test_clock');
      if (params.frozen_time <= clock.frozen_time) throw refused('A test clock can only be advanced.', { param: 'frozen_time' });
      const move = (seconds: number): void => void desk.save({ ...clock, frozen_time: seconds });
      for (;;) {
        const due = desk.store.takeDue(params.frozen_time * 1_000, `clock:${id}`);
        if (!due) break;
        const [what = '', ...subject] = due.subject.split(' ');
        move(Math.floor(due.atMs / 1_000));
        SUBSCRIPTION_HAPPENINGS[what]?.(desk.at(due.atMs), subject.join(' '));
      }
      move(params.frozen_time);
      return desk.get(id, 'test_helpers.test_clock');
    },
  ),
];
