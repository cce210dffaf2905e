import { randomUUID } from 'node:crypto';
import type { CodeableConcept, Patient, Task } from 'fhir/r4';
import type { Audit } from '../../core/audit/audit.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import { locationOf, recordReply, versionHeaders } from '../../core/http/record-reply.ts';
import type { Endpoint, Params } from '../../core/http/types.ts';
import { Problem, said, toOutcome } from '../../core/outcome.ts';
import { may as mayRead, type Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { byUrgency, Inbox, kindsOf, latestFirst, tasksOf } from '../../core/tasks/inbox.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import {
  HandMadeTask,
  INBOX_FILTERS,
  INBOX_LISTS,
  type InboxPage,
  type InboxPatient,
  KIND_CHOICES,
  kindsIn,
  type TaskAnswer,
  TaskChange,
  TaskChanges,
} from '../../schemas/task-requests.ts';
import { kindRow, ownerOf, seesAllTasks } from '../../schemas/tasks.ts';
import { type ChangeDeps, changeTask, colleague } from './change-task.ts';

export interface TasksDeps extends ChangeDeps {
  readonly records: Records;
  readonly audit: Pick<Audit, 'record'>;
}

/** The inbox: what waits for whom, and what can be done about it that FHIR has no word for. A Task itself is a record like any other. */
export const tasksEndpoints = (deps: TasksDeps): readonly Endpoint[] => [
  readInbox(deps),
  countInbox(deps),
  openByHand(deps),
  changeOne(deps),
  changeMany(deps),
];

const PAGE = 50;
const may = (interaction: 'search' | 'create' | 'update') => ({ kind: 'tenant', type: 'Task', interaction }) as const;

/** @throws Problem invalid */
function choice<T extends string>(query: URLSearchParams, name: string, among: readonly T[]): T | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  const known = among.find((each) => each === value);
  if (!known) throw new Problem('invalid', `${name} is one of ${among.join(', ')}.`);
  return known;
}

const readInbox = ({ records, now }: TasksDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/tasks',
    access: may('search'),
    summary:
      'The inbox of whoever asks: one of its lists (`list`), narrowed by `kind` (`notes`: to be written or signed) and `filter` (overdue, unowned), 50 a page, with the counts of all lists.',
    media: 'application/json',
    async run({ scope, query }) {
      const list = choice(query, 'list', INBOX_LISTS) ?? 'todo';
      const kind = choice(query, 'kind', KIND_CHOICES);
      const filter = choice(query, 'filter', INBOX_FILTERS);
      if (list === 'all' && !seesAllTasks(scope.roles)) throw new Problem('forbidden', said('role-forbids'));
      const inbox = new Inbox(records, scope, now().getTime());
      const [found, counts] = await Promise.all([inbox.list(list), inbox.counts()]);
      const near = inbox.filtered(found.rows, filter ? { filter } : {});
      const rows = [...inbox.filtered(near, kind ? { kinds: kindsIn(kind) } : {})].sort(
        list === 'done' ? latestFirst : byUrgency,
      );
      const from = startOf(query.get('after'), rows);
      const shown = rows.slice(from, from + PAGE);
      const tasks = await tasksOf(records, scope, shown);
      const patients = await patientsOf(
        records,
        scope,
        tasks.flatMap((task) => patientOf(task) ?? []),
      );
      const names = await namesOf(records, scope, tasks);
      const last = shown.at(-1);
      const page: InboxPage = {
        list,
        counts,
        shown: inbox.count({ rows, more: found.more }),
        kinds: kindsOf(near),
        items: tasks.map((task) => {
          const patient = patients.get(patientOf(task) ?? '');
          const about = names.get(task.focus?.reference ?? '');
          return { task, ...(patient && { patient }), ...(about && { about }) };
        }),
        ...(last && from + PAGE < rows.length && { next: `${from + PAGE}.${last.id}` }),
      };
      return reply(200, page);
    },
  });

/** Behind the last one shown; had that gone, the next one took its place. */
function startOf(after: string | null, rows: readonly { readonly id: string }[]): number {
  const [, text = '', id] = /^(\d{1,6})\.(.+)$/.exec(after ?? '') ?? [];
  if (id === undefined) return 0;
  const at = rows.findIndex((row) => row.id === id);
  return at < 0 ? Math.max(0, Number(text) - 1) : at + 1;
}

/** As much of each patient as tells them from another. */
async function patientsOf(records: Records, scope: Scope, ids: readonly FhirId[]): Promise<ReadonlyMap<string, InboxPatient>> {
  const found = await records.readMany(
    scope,
    [...new Set(ids)].map((id) => ({ type: 'Patient', id })),
  );
  return new Map(
    (found as Stored<Patient>[]).map(
      ({ resourceType, id, name, birthDate, gender, identifier, deceasedBoolean, deceasedDateTime }) => [
        id,
        { resourceType, id, name, birthDate, gender, identifier, deceasedBoolean, deceasedDateTime },
      ],
    ),
  );
}

/** The types whose names say more of a task than its kind. */
const NAMED = ['DiagnosticReport', 'Observation', 'DocumentReference', 'Encounter'];

async function namesOf(records: Records, scope: Scope, tasks: readonly Task[]): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(
    tasks.flatMap(({ focus }) => {
      const [type = '', id] = focus?.reference?.split('/') ?? [];
      return id && NAMED.includes(type) && mayRead(scope, type, 'read') ? [`${type}/${id}`] : [];
    }),
  );
  const found = await records.readMany(
    scope,
    [...wanted].map((name) => ({ type: name.split('/')[0] ?? '', id: name.split('/')[1] as FhirId })),
  );
  return new Map(found.map((record) => [`${record.resourceType}/${record.id}`, nameOf(record)]));
}

function nameOf(record: Stored): string {
  const { code, type } = record as { code?: CodeableConcept; type?: CodeableConcept | CodeableConcept[] };
  const concept = code ?? (Array.isArray(type) ? type[0] : type);
  return concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? '';
}

const countInbox = ({ records, now }: TasksDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/tasks/counts',
    access: may('search'),
    auditedBy: 'feature',
    summary: 'How many tasks are in each list of whoever asks, and how many of them are overdue.',
    media: 'application/json',
    async run({ scope }) {
      return reply(200, await new Inbox(records, scope, now().getTime()).counts());
    },
  });

const openByHand = (deps: TasksDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/tasks',
    access: may('create'),
    summary: 'Opens a task by hand: a call to make, something to do. An Idempotency-Key makes its repeat harmless.',
    body: HandMadeTask,
    async run({ scope, body, headers }) {
      const row = kindRow(body.kind);
      if (!row.byHand)
        throw new Problem('rule-broken', [{ text: 'A task of this kind is opened by the work itself.', path: 'kind' }]);
      if (row.patient && !body.patient)
        throw new Problem('rule-broken', [{ text: 'Say which patient it is about.', path: 'patient' }]);
      if (body.patient && (await deps.records.existing(scope, [{ type: 'Patient', id: body.patient }])).size === 0)
        throw new Problem('rule-broken', [{ ...said('no-such-reference'), path: 'patient' }]);
      const { user } = scope;
      const { task, opened } = await openTask(
        deps.records,
        scope,
        {
          kind: body.kind,
          key: `by hand ${user.id} ${operationKeyOf(headers) ?? randomUUID()}`,
          description: body.description,
          requester: ownerOf({
            sub: user.id,
            ...(user.fhirUser && { fhirUser: user.fhirUser }),
            ...(user.name && { name: user.name }),
          }),
          ...(body.patient && { for: { reference: `Patient/${body.patient}` } }),
          ...(body.person && { owner: await colleague(deps, scope, body.person) }),
          ...(body.pool && { pool: body.pool }),
          ...(body.due && { due: body.due }),
          ...(body.priority && { priority: body.priority }),
        },
        { now: deps.now() },
      );
      const version = Number(task.meta.versionId);
      const id = task.id as FhirId;
      const described = {
        ...versionHeaders(version, task.meta.lastUpdated),
        location: locationOf(scope, { type: 'Task', id, version }),
      };
      return reply(opened ? 201 : 200, task, described);
    },
  });

function idInPath({ id }: Params): FhirId {
  const parsed = FhirId.safeParse(id);
  if (!parsed.success) throw new Problem('not-found', said('no-such-record'));
  return parsed.data;
}

const changeOne = (deps: TasksDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/tasks/{id}/change',
    access: may('update'),
    summary:
      'Takes a task, hands it over, snoozes, wakes, completes, cancels, reopens it, or takes back what was done last. If-Match is required: whoever comes second gets 412 and is told who was first.',
    body: TaskChange,
    async run({ scope, params, body, headers }) {
      const version = ifMatchVersion(headers['if-match']);
      if (version === undefined) throw new Problem('invalid', 'If-Match names the version that was read, as W/"3".');
      return recordReply(await changeTask(deps, scope, idInPath(params), version, body));
    },
  });

/** Side by side, but not all at once: each is a read and a transaction. */
const AT_ONCE = 8;

const changeMany = (deps: TasksDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/tasks/changes',
    access: may('update'),
    summary: 'Changes up to 50 tasks, each with the version that was read and by itself: one answer for each, done or why not.',
    media: 'application/json',
    body: TaskChanges,
    async run({ scope, body: { changes } }) {
      const answers: TaskAnswer[] = [];
      for (let at = 0; at < changes.length; at += AT_ONCE) {
        const some = changes.slice(at, at + AT_ONCE).map(async ({ id, version, change }): Promise<TaskAnswer> => {
          try {
            return { id, done: true, task: await changeTask(deps, scope, id, version, change) };
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
            return { id, done: false, status: error.status, outcome: toOutcome(error) };
          }
        });
        answers.push(...(await Promise.all(some)));
      }
      return reply(200, { answers });
    },
  });
