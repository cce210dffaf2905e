import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FhirId } from '../../schemas/ids.ts';
import { itemSize } from '../aws/item-size.ts';
import { inLanes } from '../in-lanes.ts';
import { Problem } from '../outcome.ts';
import { claimsOf } from '../scheduling/claims.ts';
import type { Scope } from '../scope.ts';
import { commit, type Ending, TRANSACTION_ITEMS } from './commit.ts';
import type { StoreContext } from './context.ts';
import { nameOf } from './current.ts';
import { dueChanges } from './due.ts';
import { type Plan, planCreate, type Stamp, type Step } from './plan.ts';
import { existing } from './read.ts';
import { settledEnding } from './send.ts';
import type { NewResource } from './types.ts';
import { writeAll } from './write.ts';

/** Transactions under way at a time: the next one is packed while DynamoDB works on these. */
const LANES = 3;
/** Rounds of one group: each drops what turned out to be present, or waits for a rival. */
const ROUNDS = 8;
/** Bytes of one transaction that we fill (DynamoDB takes 4 MB). */
const GROUP_BYTES = 3_500_000;

interface Job {
  readonly record: NewResource;
  readonly at: number;
  readonly plan: Plan;
}
/** What one transaction creates, all under one mark: its AuditEvents follow from it. */
interface Group {
  readonly jobs: readonly Job[];
  readonly stamp: Stamp;
}

/**
 * Creates in transactions of as many records as fit. Whoever finds an id taken is left out and the rest is sent again,
 * so a load that is repeated costs one failed transaction a group, and none when the caller asked `existing` first.
 */
export async function createMany(
  context: StoreContext,
  scope: Scope,
  records: readonly NewResource[],
): Promise<('created' | 'present')[]> {
  const results = records.map((): 'created' | 'present' => 'present'); // an id that comes twice is present the second time
  const numbered = withoutRepeats(records);
  const groups = grouped(
    context,
    scope,
    numbered.filter(({ record }) => !takesTime(context, record)),
  );
  await inLanes(groups, LANES, async (group) => {
    for (const { at } of await createGroup(context, scope, group)) results[at] = 'created';
  });
  // A visit to come takes somebody's time: it goes through the day book, alone and after the rooms it may name.
  for (const { at, record } of await absentOf(
    context,
    scope,
    numbered.filter(({ record }) => takesTime(context, record)),
  )) {
    await writeAll(context, scope, [{ kind: 'create', ...record }], { via: 'import' });
    results[at] = 'created';
  }
  return results;
}

const takesTime = ({ now }: StoreContext, { resource }: NewResource): boolean =>
  claimsOf(resource).some(({ endMs }) => endMs > now().getTime());

async function absentOf(context: StoreContext, scope: Scope, records: readonly Numbered[]): Promise<readonly Numbered[]> {
  if (records.length === 0) return [];
  const named = records.map((one) => ({ one, type: one.record.resource.resourceType, id: one.record.id }));
  const present = await existing(context, scope, named);
  return named.filter((reference) => !present.has(nameOf(reference))).map(({ one }) => one);
}

interface Numbered {
  readonly record: NewResource;
  readonly at: number;
}

function withoutRepeats(records: readonly NewResource[]): Numbered[] {
  const numbered = records.map((record, at) => ({ record, at }));
  const firsts = numbered.toReversed().map((one) => [nameOf({ type: one.record.resource.resourceType, id: one.record.id }), one]);
  return [...new Map(firsts as [string, Numbered][]).values()].sort((one, other) => one.at - other.at);
}

function jobOf(context: StoreContext, stamp: Stamp, { record, at }: Numbered): Job {
  const { resource, id, source } = record;
  const sourced = source === undefined || resource.meta?.source ? resource : { ...resource, meta: { ...resource.meta, source } };
  const events = context.eventsOf({ kind: 'created', next: resource, via: 'import' });
  const plan = planCreate(stamp, { resource: sourced, id, method: 'POST', events });
  const nowMs = context.now().getTime();
  const due = dueChanges(
    stamp.table,
    { tenant: stamp.tenant, type: resource.resourceType, id },
    { before: [], after: context.dueOf(resource, nowMs), nowMs },
  );
  return { record, at, plan: { ...plan, steps: [...plan.steps, ...due.map((item): Step => ({ guards: 'version', item }))] } };
}

/** In the order given, each group as many as one transaction takes, its audit rows (one a patient) included. */
function grouped(context: StoreContext, scope: Scope, records: readonly Numbered[]): Group[] {
  const lastUpdated = context.now().toISOString();
  const table = context.table(scope.tenant).name;
  const newStamp = (): Stamp => ({ tenant: scope.tenant, table, lastUpdated, writeId: randomBytes(6).toString('hex') });
  const groups: { jobs: Job[]; stamp: Stamp }[] = [];
  let room = { items: 0, bytes: 0 };
  let patients = new Set<FhirId | undefined>();
  for (const record of records) {
    const group = groups.at(-1);
    let job = jobOf(context, group?.stamp ?? newStamp(), record);
    const bytes = job.plan.steps.reduce((sum, { item }) => sum + itemSize(item.Put?.Item ?? {}), 0);
    const items = job.plan.steps.length + (patients.has(job.plan.patient) ? 0 : 1);
    if (group && items <= room.items && bytes <= room.bytes) {
      group.jobs.push(job);
      room = { items: room.items - items, bytes: room.bytes - bytes };
    } else {
      const stamp = newStamp();
      job = jobOf(context, stamp, record);
      groups.push({ jobs: [job], stamp });
      room = { items: TRANSACTION_ITEMS - job.plan.steps.length - 1, bytes: GROUP_BYTES - bytes };
      patients = new Set();
    }
    patients.add(job.plan.patient);
  }
  return groups;
}

/** Those of the group that were created. @throws Problem unavailable; conflict when a rival stays in flight */
async function createGroup(context: StoreContext, scope: Scope, { jobs, stamp }: Group): Promise<readonly Job[]> {
  let left = jobs;
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    if (round > 0) await wait(10 * 2 ** round * Math.random());
    const ending = await sendGroup(context, scope, { jobs: left, stamp });
    if (ending.kind === 'done') return left;
    if (ending.kind === 'unknown') throw unavailable(ending.cause);
    if (ending.kind === 'lost') left = withoutPresent(left, ending.failedAt);
  }
  if (left.length === 0) return [];
  throw unavailable(undefined);
}

function withoutPresent(group: readonly Job[], failedAt: readonly number[]): Job[] {
  const failed = new Set(failedAt);
  let step = 0;
  return group.filter(({ plan }) => {
    const own = plan.steps.map(() => step++);
    return !own.some((at) => failed.has(at));
  });
}

async function sendGroup(context: StoreContext, scope: Scope, { jobs: group, stamp }: Group): Promise<Ending> {
  const table = context.table(scope.tenant);
  await Promise.all(
    group.flatMap(({ plan: { upload } }) => (upload ? [context.bodies.put(scope.tenant, upload.key, upload.body)] : [])),
  );
  return context.audit.append(scope, async (lease) => {
    const rows = lease.draft(
      [...Map.groupBy(group, ({ plan }) => plan.patient)].map(([patient, jobs]) =>
        context.audit.event(
          scope,
          {
            interaction: 'import',
            outcome: 'success',
            records: jobs.map(({ plan }) => plan.touched),
            patient,
            source: jobs[0]?.record.source,
          },
          stamp,
        ),
      ),
    );
    const puts = rows.map((Item) => ({ Put: { TableName: table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' } }));
    const ending = await commit(
      table,
      [...group.flatMap(({ plan }) => plan.steps.map(({ item }) => item)), ...puts],
      randomUUID(),
    );
    const plans = group.map(({ plan }) => plan);
    const settled = await settledEnding(table, scope, plans, ending);
    lease.settle(settled.kind === 'done' ? 'written' : settled.kind === 'unknown' ? 'unknown' : 'not-written');
    return settled;
  });
}

const unavailable = (cause: unknown): Problem =>
  new Problem(
    'unavailable',
    'The record store did not answer in time. Load the same records again: those that are in stay as they are.',
    { cause },
  );
