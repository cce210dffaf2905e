import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fileTask } from '../../core/scans/file-task.ts';
import { startNext, watchLine } from '../../core/scans/start-next.ts';
import { newUpload, type Upload } from '../../core/scans/upload.ts';
import { PLACES, UploadLine } from '../../core/scans/upload-line.ts';
import { UploadRows } from '../../core/scans/upload-rows.ts';
import { wakingWrites } from '../../core/tasks/open-task.ts';
import { pagesOf } from '../../functions/intake/decode/pages-of.ts';
import { whitePage } from '../../functions/intake/image/gray.ts';
import { toPng } from '../../functions/intake/image/png.ts';
import { type Ending, type IntakeDeps, takeIn } from '../../functions/intake/take-in.ts';
import type { TenantId } from '../../schemas/ids.ts';
import type { UploadState } from '../../schemas/uploads.ts';
import { Killed, killedAt } from '../support/killed-at.ts';
import { freshTenant, scopeOf, type TestStore, testStore } from '../support/records.ts';

/** A small page; what is on it is said by the reader. */
const PAGE = toPng(whitePage(30, 40));
/** How long one function may run (ms): after that it certainly does not. */
const RUN_MS = 300_000;

let store: TestStore;
let tenant: TenantId;
let nowMs: number;
/** What the account's bus has: told, and not yet taken in. */
let events: { tenant: TenantId; upload: string }[];
let uploads: UploadRows;
let line: UploadLine;
/** Documents that are read at this moment, by clinic, and the most at once. */
let reading: Map<TenantId, number>;
let most: number;

beforeAll(async () => {
  store = await testStore();
});
beforeEach(() => {
  [tenant, nowMs, events, reading, most] = [freshTenant(), Date.now(), [], new Map(), 0];
  uploads = new UploadRows(store.tableOf, now);
  line = new UploadLine(store.tableOf, uploads, now);
});
const now = () => new Date(nowMs);
const tell = async (of: TenantId, { id }: Pick<Upload, 'id'>) => void events.push({ tenant: of, upload: id });
const lineDeps = () => ({ uploads, line, tellAgain: tell });

/** The intake, killed before its step of that number: what it was about to do is not done, and nothing after it. */
function intake({ killAt = Infinity }: { killAt?: number } = {}): { deps: IntakeDeps; died: () => boolean } {
  const { step, stepping, died } = killedAt(killAt);
  const deps: IntakeDeps = {
    uploads: stepping(uploads, 'save'),
    line: stepping(line, 'claim', 'stand', 'leave', 'next'),
    tellAgain: step(tell),
    records: {
      byIndex: store.records.byIndex.bind(store.records),
      create: store.records.create.bind(store.records),
      read: store.records.read.bind(store.records),
      readMany: store.records.readMany.bind(store.records),
      update: store.records.update.bind(store.records),
      transact: step(store.records.transact.bind(store.records)),
    },
    incoming: { read: async () => PAGE, remove: async () => undefined },
    kept: { keepPage: async () => undefined, keepOriginal: async () => undefined },
    pagesOf,
    readText: step(async () => ['Nothing to be told by']),
    scopeOf: (_, of) => scopeOf(of),
    taskFor: (of, upload) => wakingWrites(store.records, of, fileTask(upload)),
    now,
    overMs: () => nowMs + RUN_MS,
  };
  return { deps, died };
}

async function announced(of: TenantId = tenant): Promise<Upload> {
  const upload = newUpload(scopeOf(of), { source: 'fax', files: [{ type: 'image/png', bytes: PAGE.length }] }, nowMs++);
  await uploads.add({ tenant: of }, upload);
  await tell(of, upload);
  return upload;
}
const take = (deps: IntakeDeps, { tenant: of, upload }: { tenant: TenantId; upload: string }): Promise<Ending> =>
  takeIn(deps, { tenant: of, upload, file: 0, etag: 'e', verdict: 'clean' });

/** Takes in what is told until nothing is, as many at once as an account lets. */
async function work(deps: IntakeDeps, lanes = 1): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let event = events.shift(); event; event = events.shift()) await take(deps, event);
  };
  while (events.length > 0) await Promise.all(Array.from({ length: lanes }, lane));
}
const states = async (...list: readonly Upload[]): Promise<UploadState[]> =>
  Promise.all(list.map(async ({ id }) => (await uploads.read({ tenant }, id)).state));

test('of a clinic’s many at once a few are read and the others stand in line; another clinic’s is read meanwhile, and all in the end', async () => {
  const other = freshTenant();
  const many = await Promise.all(Array.from({ length: 12 }, () => announced()));
  const { deps } = intake();
  let release = (): void => undefined;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held: IntakeDeps = {
    ...deps,
    scopeOf: (upload, of) => {
      reading.set(of, (reading.get(of) ?? 0) + 1);
      most = Math.max(most, reading.get(of) ?? 0);
      return deps.scopeOf(upload, of);
    },
    readText: async (png) => {
      await open;
      return deps.readText(png);
    },
    line: new Proxy(line, {
      get: (_, name) => {
        if (name !== 'leave') return (line[name as keyof UploadLine] as (...args: never[]) => unknown).bind(line);
        return (...args: Parameters<UploadLine['leave']>) => {
          reading.set(args[0].tenant, (reading.get(args[0].tenant) ?? 0) - 1);
          return line.leave(...args);
        };
      },
    }),
  };
  // Every function of the account is asked at the same moment.
  const endings = events.splice(0).map((event) => take(held, event));
  await expect
    .poll(async () => (await states(...many)).filter((state) => state === 'waiting').length, { timeout: 20_000 })
    .toBe(12 - PLACES);
  expect((await states(...many)).filter((state) => state === 'reading')).toHaveLength(PLACES);
  const fax = await announced(other);
  expect(await take(deps, { tenant: other, upload: fax.id })).toBe('to-file');
  release();
  expect((await Promise.all(endings)).filter((ending) => ending === 'in-line')).toHaveLength(12 - PLACES);
  await work(held, 5);
  expect(await states(...many)).toEqual(many.map(() => 'to-file'));
  expect(most).toBe(PLACES);
});

describe('with one place left', () => {
  beforeEach(async () => {
    for (let place = 1; place < PLACES; place++) {
      const upload = await announced();
      events.pop();
      await line.claim({ tenant }, upload, { ...upload, state: 'reading' }, nowMs + 24 * 3_600_000);
    }
  });

  test('killed before each of its steps, it leaves nobody in line for ever, and tried again it ends as the others do', async () => {
    for (let killAt = 1; ; killAt++) {
      const [first, second] = [await announced(), await announced()];
      const dying = intake({ killAt });
      const { deps } = intake();
      const [event, later] = events.splice(0);
      if (!event || !later) throw new Error('Both are told.');
      const meeting: IntakeDeps = {
        ...dying.deps,
        readText: async (png) => {
          expect(await take(deps, later)).toBe('in-line');
          return dying.deps.readText(png);
        },
      };
      const dead = await take(meeting, event).catch((error: unknown) => error);
      if ((await states(second))[0] === 'receiving') await take(deps, later);
      await work(deps);
      nowMs += RUN_MS + 1;
      await watchLine(lineDeps(), tenant);
      await work(deps);
      expect((await states(second))[0]).toBe('to-file');
      if (!dying.died()) {
        expect(killAt).toBeGreaterThan(8);
        return;
      }
      expect(dead).toBeInstanceOf(Killed);
      // Lambda tries again what died.
      await tell(tenant, first);
      await work(deps);
      expect(await states(first, second)).toEqual(['to-file', 'to-file']);
      expect(await line.next({ tenant })).toEqual([]);
    }
  });

  test('a place that is left just before it stands in line is not missed', async () => {
    const { deps } = intake();
    const [busy, late] = [await announced(), await announced()];
    const claim = await line.claim({ tenant }, busy, { ...busy, state: 'reading' }, nowMs + RUN_MS);
    if (claim.kind !== 'mine') throw new Error('The place was free.');
    const meeting = new Proxy(line, {
      get: (_, name) => {
        if (name !== 'stand') return (line[name as keyof UploadLine] as (...args: never[]) => unknown).bind(line);
        return async (...args: Parameters<UploadLine['stand']>) => {
          await line.leave({ tenant }, claim.place);
          expect(await line.next({ tenant })).toEqual([]);
          return line.stand(...args);
        };
      },
    });
    expect(await take({ ...deps, line: meeting }, { tenant, upload: late.id })).toBe('to-file');
  });

  test('the first in line goes first, what was put away there is passed over, and what died with the bus silent is told by the watch', async () => {
    const { deps } = intake();
    const [busy, ...rest] = [await announced(), await announced(), await announced(), await announced()];
    const claim = await line.claim({ tenant }, { ...busy, revision: 1 }, { ...busy, state: 'reading' }, nowMs + RUN_MS);
    events.shift();
    await work(deps);
    expect(await states(...rest)).toEqual(['waiting', 'waiting', 'waiting']);
    const gone = await uploads.read({ tenant }, rest[0]?.id);
    await uploads.settle({ tenant }, gone, { ...gone, state: 'discarded' });
    await startNext(lineDeps(), tenant);
    expect(events).toEqual([]); // no place is free
    if (claim.kind === 'mine') await line.leave({ tenant }, claim.place);
    await watchLine(lineDeps(), tenant);
    expect(events).toEqual([{ tenant, upload: rest[1]?.id }]);
    await work(deps);
    expect(await states(...rest)).toEqual(['discarded', 'to-file', 'to-file']);
  });

  test('the line is watched on also when the bus takes nothing', async () => {
    const { deps } = intake();
    await announced();
    await work(deps);
    const watched: string[] = [];
    const silent = new Proxy(line, {
      get: (_, name) => {
        if (name !== 'watchOn') return (line[name as keyof UploadLine] as (...args: never[]) => unknown).bind(line);
        return async (...args: Parameters<UploadLine['watchOn']>) => {
          watched.push(args[0].tenant);
          return line.watchOn(...args);
        };
      },
    });
    const told = () => Promise.reject(new Error('The bus takes nothing.'));
    const waiting = await announced();
    await line.stand({ tenant }, waiting);
    await expect(watchLine({ uploads, line: silent, tellAgain: told }, tenant)).rejects.toThrow('The bus takes nothing.');
    expect(watched).toEqual([tenant]);
  });

  test('the end of a reading that was taken over does not give away the place of the one that goes on', async () => {
    const upload = await announced();
    const lease = (tries: number) => ({ lease: { tries, untilMs: 0 } });
    const one = await line.claim({ tenant }, upload, { ...upload, ...lease(1), state: 'reading' }, nowMs + RUN_MS);
    if (one.kind !== 'mine') throw new Error('The place was free.');
    const two = await line.claim({ tenant }, one.upload, { ...one.upload, ...lease(2) }, nowMs + RUN_MS);
    expect(two).toMatchObject({ kind: 'mine', place: { number: one.place.number } });
    await line.leave({ tenant }, one.place);
    const rival = await announced();
    expect(await line.claim({ tenant }, rival, { ...rival, state: 'reading' }, nowMs + RUN_MS)).toEqual({ kind: 'full' });
  });
});
