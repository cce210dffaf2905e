import type { Directory } from '../../core/directory/directory.ts';
import { workId } from '../../core/events/failed-work.ts';
import { happeningOf, type Told, toldBy } from '../../core/events/happening.ts';
import { receiptsOf } from '../../core/events/once.ts';
import { inLanes } from '../../core/in-lanes.ts';
import type { Run, RunNote } from '../../core/operations/runs.ts';
import { Problem } from '../../core/outcome.ts';
import { type Changed, changedBetween, pastEvents, recordOfChanged } from '../../core/store/changed.ts';
import { keys } from '../../core/store/keys.ts';
import type { Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { receiversOf } from '../receivers.ts';
import { EVENTFUL_TYPES } from '../record-events.ts';
import type { Publish } from './bus.ts';

export interface RepublishDeps {
  readonly tenants: Pick<Directory, 'listTenants'>;
  readonly tableOf: (tenant: TenantId) => Table;
  readonly publish: Publish;
  /** Writes down how far it is: a run that is ended from outside goes on from there. */
  readonly keepPlace: (note: RunNote) => Promise<void>;
  readonly nowMs: () => number;
  readonly remainingMs: () => number;
}

/** How far back it looks: a day, for a stream's records live as long, and a night that was missed. */
const LOOK_BACK_MS = 36 * 3_600_000;
/** What is younger may still be on its way. */
const UNDER_WAY_MS = 10 * 60_000;
/** With less left, the next run goes on. */
const STOP_EARLY_MS = 30_000;
const PAGE = 100;

const TYPES = [...EVENTFUL_TYPES, 'Import'].sort();

/** One night's look back and how far it is: clinic by clinic, type by type, in the order of time. */
interface Place {
  readonly night: string;
  readonly from: string;
  readonly to: string;
  /** The clinic it is at, in the order of slugs. */
  readonly slug?: string | undefined;
  readonly type?: string | undefined;
  /** The sort key of the index up to which this type is done. */
  readonly csk?: string | undefined;
  readonly looked: number;
  readonly told: number;
}

/**
 * Tells once more what somebody ought to have received and has no receipt for. Once a night; a run that finds the night's work done does
 * nothing, and one that finds it begun goes on. What waits for a person as failed work is left to that person.
 */
export async function republish(deps: RepublishDeps, last: Run | undefined): Promise<Pick<Run, 'outcome' | 'note'>> {
  const nowMs = deps.nowMs();
  const night = new Date(nowMs).toISOString().slice(0, 10);
  const begun = last && last.note.night === night ? (last.note as unknown as Place) : undefined;
  if (last && begun && last.outcome === 'done') return { outcome: 'done', note: last.note };
  let place: Place = begun ?? {
    night,
    from: new Date(nowMs - LOOK_BACK_MS).toISOString(),
    to: new Date(nowMs - UNDER_WAY_MS).toISOString(),
    looked: 0,
    told: 0,
  };
  for await (const { id: tenant, slug } of deps.tenants.listTenants()) {
    if (begun?.slug !== undefined && slug < begun.slug) continue;
    const resumed = begun?.slug === slug ? begun : undefined;
    for (const type of TYPES.filter((name) => resumed?.type === undefined || name >= resumed.type)) {
      const begunAt = resumed?.type === type ? resumed.csk : undefined;
      const from = begunAt === undefined ? { instant: place.from } : { csk: begunAt };
      const table = deps.tableOf(tenant);
      let after: Changed | undefined;
      do {
        if (deps.remainingMs() < STOP_EARLY_MS)
          return { outcome: 'unfinished', note: toNote({ ...place, slug, type, csk: after?.csk ?? begunAt }) };
        const page = await changedBetween(table, tenant, type, { from, to: place.to, limit: PAGE }, after);
        const told = await lost(table, tenant, page.items, place);
        const refused = await deps.publish(told);
        if (refused.length > 0) throw new Problem('unavailable', 'The bus did not take every event.');
        place = { ...place, looked: place.looked + page.items.length, told: place.told + told.length };
        after = page.after;
      } while (after);
    }
    place = { ...place, slug, type: undefined, csk: undefined };
    await deps.keepPlace(toNote(place));
  }
  return { outcome: 'done', note: toNote(place) };
}

/** Of what changed, the events that somebody ought to have received, has no receipt for, and does not hold as failed work. */
async function lost(table: Table, tenant: TenantId, changed: readonly Changed[], { from, to }: Place): Promise<Told[]> {
  const items = await table.batchGet(changed);
  const current = items.flatMap(toldBy);
  const records = changed.flatMap((one) => recordOfChanged(one) ?? []);
  const pasts = await inLanes(records, LANES, async (record) =>
    (await pastEvents(table, tenant, record, from)).flatMap(({ version, lastUpdated, events }) =>
      events.map((event): Told => ({ happening: happeningOf({ tenant, ...idOf(record), version, event }), time: lastUpdated })),
    ),
  );
  const owed = [...current, ...pasts.flat()]
    .filter(({ time }) => time >= from && time <= to)
    .flatMap((told) => receiversOf(told.happening.event).map((receiver) => ({ ...told, receiver })));
  const [receipts, held] = await Promise.all([receiptsOf(table, owed), heldAsFailed(table, tenant, owed)]);
  const open = owed.filter(({ happening: { eventId }, receiver }) => {
    const name = `${eventId} ${receiver}`;
    return !receipts.has(name) && !held.has(name);
  });
  return [...new Map(open.map(({ happening, time }) => [happening.eventId, { happening, time }])).values()];
}

const idOf = ({ type, id }: { type: string; id: Told['happening']['id'] }) => ({ type, id });

async function heldAsFailed(
  table: Table,
  tenant: TenantId,
  owed: readonly (Told & { receiver: string })[],
): Promise<ReadonlySet<string>> {
  const ids = new Map(
    owed.map(({ happening: { eventId }, receiver }) => [
      workId({ worker: receiver as 'usage', subject: eventId }),
      `${eventId} ${receiver}`,
    ]),
  );
  const rows = await table.batchGet([...ids.keys()].map((id) => keys.failedWork(tenant, id)));
  return new Set(rows.flatMap(({ sk }) => ids.get(sk?.S ?? '') ?? []));
}

/** A few at a time: a night's work need not hurry. */
const LANES = 8;

const toNote = (place: Place): RunNote =>
  Object.fromEntries(Object.entries(place).filter((entry): entry is [string, string | number] => entry[1] !== undefined));
