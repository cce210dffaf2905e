import { writeFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { RECORDING, readRecording, requestsOf, shapeOf } from '../support/stripe-recording.ts';

/* The last file of the browser tests but one: what all of them have asked of Stripe stands in the stand-in's log by now. */

test('every request to Stripe is of a kind that `test:contract` holds against Stripe’s own description', () => {
  const asked = requestsOf(inject('stack').dataDir);
  if (process.env.RECORD_STRIPE) {
    const known = new Map(readRecording().map((one) => [shapeOf(one), one]));
    const all = [...new Map([...asked, ...known])].sort(([one], [other]) => (one < other ? -1 : 1));
    writeFileSync(
      RECORDING,
      `${JSON.stringify(
        all.map(([, one]) => one),
        null,
        2,
      )}\n`,
    );
  }
  const known = new Set(readRecording().map(shapeOf));
  const unknown = [...asked.keys()].filter((shape) => !known.has(shape));
  expect(unknown, 'npm run test:e2e with RECORD_STRIPE=1 records them; then run npm run test:contract').toEqual([]);
});
