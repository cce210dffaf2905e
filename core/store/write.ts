import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { Problem } from '../outcome.ts';
import type { RecordChange } from '../record-events.ts';
import type { Scope } from '../scope.ts';
import { refusedByLock } from '../signing/lock.ts';
import type { Ending } from './commit.ts';
import type { StoreContext } from './context.ts';
import { coverageSteps } from './coverage-book.ts';
import { type Current, nameOf, openRow, readCurrent } from './current.ts';
import { type Booking, daySteps } from './day-book.ts';
import { dueChanges } from './due.ts';
import { OnlyOne } from './only-one.ts';
import { Operation } from './operation.ts';
import { placeOf } from './place.ts';
import { type Plan, planCreate, planDelete, planRevive, planUpdate, type Stamp, type Step } from './plan.ts';
import { readVersion } from './read.ts';
import { type Intent, type Sending, send } from './send.ts';
import type { Table } from './table.ts';
import type { Write, WriteOptions, WriteResult } from './types.ts';

/** Tries of one write against rivals. Each loser looks again at what stands there now. */
const ATTEMPTS = 4;
/** A day of the day book is one row, so visits at different times of one day are rivals too, and none of them need lose for good. */
const BOOKING_ATTEMPTS = 10;

/** All writes in one transaction, or none of them. @throws Problem conflict, stale-version, not-found, too-large, unavailable */
export async function writeAll(
  context: StoreContext,
  scope: Scope,
  writes: readonly Write[],
  options: WriteOptions = {},
): Promise<WriteResult[]> {
  const table = context.table(scope.tenant);
  const intents = writes.map((write) => intentOf(context, scope, write));
  refuseRepeats(intents);
  const operation = options.operationKey === undefined ? undefined : new Operation(scope, options.operationKey, writes);
  const writeId = randomBytes(6).toString('hex');

  const attempts = intents.some(({ type }) => type === 'Appointment') ? BOOKING_ATTEMPTS : ATTEMPTS;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await wait(15 * 2 ** Math.min(attempt, 4) * (0.5 + Math.random())); // ms; rivals must not meet again in step
    const answer = await operation?.findAnswer(table);
    if (answer) return reopened(context, scope, answer);

    const currents = await readCurrents(table, scope, intents);
    const stamp: Stamp = { tenant: scope.tenant, table: table.name, lastUpdated: context.now().toISOString(), writeId };
    const plans = await Promise.all(
      intents.map((intent, at) => planOf(context, scope, stamp, intent, currents[at], options.via)),
    );
    if (plans.every(({ steps }) => steps.length === 0)) return plans.map(({ result }) => result);

    const booked = await daySteps(context, scope, table, bookingsOf(intents, plans));
    const covered = await coverageSteps(context, scope, table, changesOf(intents, plans, 'Coverage'));
    const steps = [...stepsOf(context, table, intents, plans, operation), ...booked, ...covered, ...besideOf(options)];
    const ending = await send(context, scope, table, { intents, plans, steps, options, mark: stamp });
    if (ending.kind === 'done') return plans.map(({ result }) => result);
    if (ending.kind !== 'lost') throw unavailable(ending.cause);
    await mayTryAgain(scope, table, { intents, plans, steps, ending, options });
  }
  throw new Problem(
    'conflict',
    'Somebody else is changing this record at the same moment. Read it again and repeat your change.',
  );
}

function intentOf({ newId }: StoreContext, scope: Scope, write: Write): Intent {
  if (write.kind === 'delete') return { write, type: write.type, id: write.id, onlyOne: undefined };
  const type = write.resource.resourceType;
  if (write.kind === 'update') return { write, type, id: write.resource.id as FhirId, onlyOne: undefined };
  const onlyOne = write.onlyOne === undefined ? undefined : new OnlyOne(scope, type, write.onlyOne);
  return { write, type, id: write.id ?? newId(), onlyOne };
}

/** The records of a type among the writes, before and after. */
const changesOf = (intents: readonly Intent[], plans: readonly Plan[], wanted: string) =>
  intents.flatMap(({ type, id, write }, at) => {
    const plan = plans[at];
    return type === wanted && plan && plan.steps.length > 0
      ? [{ id, write, before: plan.replaced, after: plan.result.resource }]
      : [];
  });
const bookingsOf = (intents: readonly Intent[], plans: readonly Plan[]): Booking[] =>
  changesOf(intents, plans, 'Appointment').map(({ write, ...change }) => ({
    ...change,
    overbook: (write.kind !== 'delete' && write.overbook) || [],
  }));

function refuseRepeats(intents: readonly Intent[]): void {
  if (new Set(intents.map(nameOf)).size === intents.length) return;
  throw new Problem('invalid', 'A transaction may write a record only once.');
}

/** What updates and deletes begin from. A create reads nothing: its condition is that nobody has the id. */
async function readCurrents(table: Table, scope: Scope, intents: readonly Intent[]): Promise<(Current | undefined)[]> {
  const wanted = intents.filter(({ write }) => write.kind !== 'create');
  const found = await readCurrent(
    table,
    scope.tenant,
    wanted.map(({ write, type, id }) => ({ type, id, ...(write.kind === 'update' && { guess: placeOf(write.resource, id) }) })),
  );
  const byIntent = new Map(wanted.map((intent, at) => [intent, found[at]]));
  return intents.map((intent) => byIntent.get(intent));
}

const NOTHING: Current = { state: 'absent' };

async function planOf(
  context: StoreContext,
  scope: Scope,
  stamp: Stamp,
  intent: Intent,
  current: Current = NOTHING,
  via: WriteOptions['via'] = 'rest',
): Promise<Plan> {
  const { write, type, id } = intent;
  const withDue = (plan: Plan, previous?: FhirResource): Plan => dueOfPlan(context, stamp, intent, plan, previous);
  if (write.kind === 'create') {
    const events = eventsOf(context, stamp, write, { kind: 'created', via });
    return withDue(planCreate(stamp, { resource: withSource(write), id, method: 'POST', events }));
  }
  refuseStale(write.ifMatch, current);
  if (current.state === 'alive') {
    const previous = { row: current.row, resource: await openRow(context, scope.tenant, current.row) };
    refuseLocked(previous.resource, write);
    if (write.kind === 'delete') {
      const events = context.eventsOf({ kind: 'deleted', next: previous.resource, at: stamp.lastUpdated, via });
      return withDue(planDelete(stamp, previous, events), previous.resource);
    }
    const events = eventsOf(context, stamp, write, { kind: 'updated', previous: previous.resource, via });
    return withDue(planUpdate(stamp, { resource: write.resource, id, method: 'PUT', events }, previous), previous.resource);
  }
  if (write.kind === 'delete') return nothingToDelete(type, id, current);
  const record = { resource: write.resource, id, method: 'PUT' } as const;
  const kind = current.state === 'absent' ? 'created' : 'revived';
  const events = eventsOf(context, stamp, write, { kind, via });
  return withDue(
    current.state === 'absent'
      ? planCreate(stamp, { ...record, events })
      : planRevive(stamp, { ...record, events }, current.locator.deleted, current.locator.at),
  );
}

/** What the write makes happen: what whoever writes says, and what follows from the record. */
const eventsOf = (
  context: StoreContext,
  { lastUpdated: at }: Stamp,
  { events = [], resource: next }: Exclude<Write, { kind: 'delete' }>,
  change: Omit<RecordChange, 'next' | 'at'>,
): readonly string[] => [...new Set([...events, ...context.eventsOf({ ...change, next, at })])];

/** The plan with what it does to the record's due rows. */
function dueOfPlan(
  { dueOf, now }: StoreContext,
  { tenant, table }: Stamp,
  { write, type, id }: Intent,
  plan: Plan,
  previous: FhirResource | undefined,
): Plan {
  const nowMs = now().getTime();
  const before = previous ? dueOf(previous, nowMs) : [];
  const after = write.kind === 'delete' ? [] : dueOf(write.resource, nowMs);
  const changes = dueChanges(table, { tenant, type, id }, { before, after, nowMs });
  return changes.length === 0
    ? plan
    : { ...plan, steps: [...plan.steps, ...changes.map((item): Step => ({ guards: 'version', item }))] };
}

function refuseStale(ifMatch: number | undefined, current: Current): void {
  if (ifMatch === undefined) return;
  const version =
    current.state === 'alive' ? current.row.version : current.state === 'deleted' ? current.locator.deleted.version : undefined;
  if (version !== ifMatch) {
    throw new Problem('stale-version', 'This record has changed since you opened it. Read it again and repeat your change.');
  }
}

/** The version that is looked at is the one that the transaction's condition names: whatever is signed in between makes it fail. */
function refuseLocked(previous: FhirResource, write: Write): void {
  const issues = refusedByLock(previous, write.kind === 'delete' ? undefined : write.resource);
  if (issues.length > 0) throw new Problem('rule-broken', issues);
}

function nothingToDelete(type: string, id: FhirId, current: Current): Plan {
  if (current.state !== 'deleted') throw new Problem('not-found', 'There is no such record.');
  const { version, lastUpdated } = current.locator.deleted;
  return {
    steps: [],
    result: { kind: 'unchanged', type, id, version, lastUpdated },
    touched: { type, id },
    patient: undefined,
    writeId: '',
  };
}

const withSource = ({ resource, source }: Extract<Write, { kind: 'create' }>) =>
  source === undefined || resource.meta?.source ? resource : { ...resource, meta: { ...resource.meta, source } };

function stepsOf(
  context: StoreContext,
  table: Table,
  intents: readonly Intent[],
  plans: readonly Plan[],
  operation: Operation | undefined,
): Step[] {
  const now = context.now();
  return [
    ...plans.flatMap(({ steps }) => steps),
    ...intents.flatMap(({ onlyOne, id }) => (onlyOne ? [onlyOne.step(table.name, id, now)] : [])),
    ...(operation
      ? [
          operation.step(
            table.name,
            plans.map(({ result }) => result),
            now,
          ),
        ]
      : []),
  ];
}

const besideOf = ({ beside }: WriteOptions): Step[] => (beside?.items ?? []).map((item) => ({ item, guards: 'beside' }));

interface Lost extends Omit<Sending, 'mark'> {
  readonly ending: Extract<Ending, { kind: 'lost' }>;
}

/** After a lost race: returns when another look may help. @throws Problem conflict when it cannot */
async function mayTryAgain(scope: Scope, table: Table, { intents, plans, steps, ending, options }: Lost): Promise<void> {
  const failed = ending.failedAt.flatMap((at) => (steps[at] ? [steps[at]] : []));
  if (options.beside && failed.some(({ guards }) => guards === 'beside')) throw options.beside.lost();
  if (failed.some(({ guards }) => guards === 'only-one')) {
    for (const { onlyOne } of intents) await onlyOne?.makeWay(table, scope);
  }
  const created = new Set(plans.flatMap((plan, at) => (intents[at]?.write.kind === 'create' ? plan.steps : [])));
  const taken = failed.some((step) => step.guards === 'id' && created.has(step));
  if (taken) throw new Problem('conflict', 'This id is in use already.');
}

/** The first answer again, with its resources as they were then; absent where that version has gone to another patient's hands since. */
async function reopened(
  context: StoreContext,
  scope: Scope,
  results: readonly Omit<WriteResult, 'resource'>[],
): Promise<WriteResult[]> {
  return Promise.all(
    results.map(async (result) => {
      if (result.kind === 'deleted' || result.kind === 'unchanged') return result;
      return { ...result, resource: await readVersion(context, scope, result.type, result.id, result.version) };
    }),
  );
}

const unavailable = (cause: unknown): Problem =>
  new Problem(
    'unavailable',
    'The record store did not answer in time. Nothing was changed, or all of it was: read the record before you try again.',
    {
      cause,
    },
  );
