import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { signIn } from '../../local/identity/sign-in.ts';
import { startStack } from '../support/stack.ts';
import { percentile } from './statistics.ts';

export type EventFigures = { way: string; events: number; p50Ms: number; p95Ms: number; maxMs: number; atMostP95Ms: number };

const EVENTS = 200;
/** Registrations under way at a time: a busy morning of several clinics. */
const CLIENTS = 4;
const PATIENCE_MS = 120_000;

/**
 * From the write of a record to the receipt of its event by the usage ledger, on a stack of its own while nothing else happens. The
 * bus keeps whole seconds of a time, so each figure is up to a second too long.
 */
export async function benchEvents(): Promise<EventFigures[]> {
  const stack = await startStack();
  try {
    const { accessToken } = await signIn({ url: stack.url, user: stack.user('oak', 'physician') });
    const ids = new Set<string>();
    const lane = async (): Promise<void> => {
      while (ids.size < EVENTS) {
        const answer = await fetch(`${stack.url}/api/oak/fhir/R4/Patient`, {
          method: 'POST',
          headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/fhir+json' },
          body: JSON.stringify({ resourceType: 'Patient', name: [{ family: 'Bench' }] }),
        });
        if (answer.status !== 201) throw new Error(`A patient was answered ${answer.status}.`);
        ids.add(((await answer.json()) as { id: string }).id);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, lane));
    const delays = await received(join(stack.dataDir, 'logs', 'EventsCountFunction.log'), ids);
    return [
      {
        way: 'a patient registered, to its count in the usage ledger',
        events: delays.length,
        p50Ms: percentile(delays, 0.5),
        p95Ms: percentile(delays, 0.95),
        maxMs: Math.max(...delays),
        atMostP95Ms: 5_000,
      },
    ];
  } finally {
    await stack.stop();
  }
}

/** What the receiver logged of these records, once it has received them all. */
async function received(log: string, ids: ReadonlySet<string>): Promise<number[]> {
  for (const endMs = Date.now() + PATIENCE_MS; Date.now() < endMs; await wait(500)) {
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
    const delays = lines.flatMap((line) => {
      const [, id = '', delay] =
        /"eventId":"Patient\/([^/]+)\/1\/PatientRegistered","outcome":"done","delayMs":(\d+)/.exec(line) ?? [];
      return ids.has(id) ? [Number(delay)] : [];
    });
    if (delays.length >= ids.size) return delays;
  }
  throw new Error('Not every event was received in two minutes.');
}
