import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { RequestLine } from '../../local/stripe/stand-in.ts';

/** A request of the product's to Stripe: which one, with which parameters. Ids, times and amounts are an example. */
export const Recorded = z.strictObject({ method: z.string(), path: z.string(), body: z.string(), connected: z.boolean() });
export type Recorded = z.infer<typeof Recorded>;

/** What the browser tests' story asked of Stripe, one of each kind: `test:contract` holds it against Stripe's own description. */
export const RECORDING = join('test', 'contract', 'stripe-requests.json');
export const readRecording = (): Recorded[] =>
  existsSync(RECORDING) ? z.array(Recorded).parse(JSON.parse(readFileSync(RECORDING, 'utf8'))) : [];

/** What a stack has asked of its stand-in, one of each kind, as its log says. */
export function requestsOf(dataDir: string): Map<string, Recorded> {
  const folder = join(dataDir, 'logs');
  const lines = readdirSync(folder)
    .filter((name) => name.startsWith('stripe.'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  const found = new Map<string, Recorded>();
  for (const text of lines) {
    const at = text.indexOf('{');
    if (at < 0) continue;
    const line = JSON.parse(text.slice(at)) as RequestLine;
    // What was refused is no example: a declined card was asked for rightly all the same.
    if (line.status !== 200 && line.status !== 402) continue;
    const recorded = {
      method: line.method,
      path: steady(line.path),
      body: steady(line.body),
      connected: line.account !== '',
    };
    found.set(shapeOf(recorded), recorded);
  }
  return found;
}

/** Two requests of one shape differ in values only. */
export function shapeOf({ method, path, body, connected }: Recorded): string {
  const [where = '', query = ''] = path.split('?');
  const names = [...new URLSearchParams(query).keys(), ...new URLSearchParams(body).keys()];
  // The tenth line of an invoice is asked for as the first is.
  const parameters = [...new Set(names.map((name) => name.replace(/\[\d+\]/g, '[]')))].sort();
  return [method, where, connected ? 'of a clinic' : 'of the platform', ...parameters].join(' ');
}

/** The same text from each run: no id, port, or moment of one of them. */
const steady = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '0b7e2a52-3d1c-4f6e-9a5b-2c8d7e6f5a41')
    .replace(/\b([a-z]{2,8}(?:_test)?)_[A-Za-z0-9]{14,}/g, '$1_1')
    .replace(/localhost%3A\d+/g, 'localhost%3A4000')
    .replace(/\b1[789]\d{8}\b/g, '1790000000');
