/**
 * `npm run bench`: what we promise about speed and cost, measured. Prints tables and writes build/bench.json.
 * `npm run bench -- operations bundles` runs only those parts; `--page` writes docs/performance.md too. Times hold on this machine on this day; calls, units and bytes hold anywhere.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { buildFunctions } from '../../infra/build.ts';
import { startDynamoDb } from '../../local/dynamodb.ts';
import { benchBundles } from './bundles.ts';
import { benchDeeds } from './deeds.ts';
import { benchEvents } from './events.ts';
import { benchHttp } from './http.ts';
import { benchMoveIn } from './movein.ts';
import { benchOperations } from './operations.ts';
import { toPage } from './page.ts';
import { remindAll } from './reminders.ts';
import { table } from './statistics.ts';
import { benchStoredBytes } from './stored-bytes.ts';
import { benchValidation } from './validation.ts';

type Rows = readonly Readonly<Record<string, string | number>>[];

const parts: Record<string, () => Promise<Readonly<Record<string, Rows>>>> = {
  async operations() {
    const database = await startDynamoDb({});
    try {
      return { 'Calls and capacity units by operation': await benchOperations(database.endpoint) };
    } finally {
      await database.stop();
    }
  },
  async reminders() {
    const database = await startDynamoDb({});
    try {
      return { 'Reminders due in one minute': [await remindAll(1_000, database.endpoint)] };
    } finally {
      await database.stop();
    }
  },
  bytes: async () => ({ 'Bytes: JSON and stored body, average by type': benchStoredBytes() }),
  async bundles() {
    await buildFunctions();
    return { Bundles: benchBundles() };
  },
  async validation() {
    const { types, bundlesPerSecond, bundlesPerSecondFromText, profiles, source } = await benchValidation();
    return {
      [`Validation by type (${source})`]: types.map(({ type, resources, bytes, microseconds, perSecond }) => ({
        type,
        resources,
        bytes,
        microseconds,
        perSecond,
      })),
      'Validation of a claimed US Core profile': profiles,
      'Validation of Bundles of 20 entries': [
        { what: 'parsed objects', perSecond: bundlesPerSecond },
        { what: 'from text', perSecond: bundlesPerSecondFromText },
      ],
    };
  },
  events: async () => ({ 'Events, whole stack on this machine': await benchEvents() }),
  deeds: async () => ({ 'Booking, signing, paying, whole stack on this machine': await benchDeeds() }),
  movein: async () => ({ 'A chart of 2 MB moves in, whole stack on this machine': await benchMoveIn() }),
  http: async () => ({ 'HTTP, whole stack on this machine': await benchHttp() }),
};

const page = process.argv.includes('--page');
const wanted = process.argv.slice(2).filter((name) => name !== '--page');
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length) throw new Error(`No such part: ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}.`);

const results: Record<string, Rows> = {};
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length && !wanted.includes(name)) continue;
  for (const [title, rows] of Object.entries(await run())) {
    results[title] = rows;
    console.log(table(title, rows));
  }
}
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  date: new Date().toISOString(),
};
writeFileSync('build/bench.json', `${JSON.stringify({ machine, results }, null, 2)}\n`);
if (page) writeFileSync('docs/performance.md', toPage(machine, results));
console.log(`\nWritten to build/bench.json${page ? ' and docs/performance.md' : ''}`);
