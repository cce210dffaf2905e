import { FhirId } from '../../schemas/ids.ts';
import type { TrailQuestion } from '../audit/trail.ts';
import { Problem } from '../outcome.ts';
import type { Derived } from '../provenance/served-records.ts';
import type { Scope } from '../scope.ts';
import { type AuditSubject, packId } from '../store/keys.ts';
import type { RecordPage, Stored } from '../store/types.ts';
import type { CandidateSource } from './candidates.ts';
import type { Criterion } from './criterion.ts';
import type { DateTest } from './kinds/date.ts';
import type { Plan } from './plan.ts';
import type { Query } from './query.ts';

/** UTC days that a search of everybody's AuditEvents looks through. */
const MOST_DAYS = 93;
const DAY_MS = 86_400_000;
/** Patients, agents or records that one search looks up side by side. */
const MOST_SUBJECTS = 20;

/** AuditEvents: of a patient or an agent through the index, else of a span of days. @throws Problem invalid when neither is named */
export function auditPlan(derived: Derived, scope: Scope, query: Query): Plan {
  const span = daysOf(query, 'date', derived.today());
  const subjects = subjectsOf(query, 'agent', ['patient', 'entity']);
  if (!subjects)
    refuseUnbounded(span, 'AuditEvent', 'patient=<id>, agent=Practitioner/<id>, agent:identifier=<user id>, or a date range');
  const questions: TrailQuestion[] = subjects ? subjects.map((whose) => ({ ...span, whose })) : [span];
  return newestFirst(
    query,
    'date',
    questions.map((question) => ({ open: (count, cursor) => derived.auditEvents(scope, question, paged(count, cursor)) })),
    recordedOf,
  );
}

/** Provenances: those that clients wrote, where they stand, and those that follow from the audit trail. @throws Problem invalid */
export function provenancePlan(derived: Derived, scope: Scope, query: Query, stored: readonly CandidateSource[]): Plan {
  const targets = targetsOf(query);
  if (targets) {
    const ofTargets = targets.map(
      ({ type, id }): CandidateSource => ({
        open: async (_count, cursor) => listed(await derived.provenancesOfRecord(scope, type, id), cursor),
      }),
    );
    return newestFirst(query, 'recorded', [...stored, ...ofTargets], recordedOf);
  }
  const span = daysOf(query, 'recorded', derived.today());
  const patients = subjectsOf(query, '', ['patient']);
  const subjects = patients ?? subjectsOf(query, 'agent', []);
  if (!subjects)
    refuseUnbounded(
      span,
      'Provenance',
      'target=<Type>/<id>, patient=<id>, agent=Practitioner/<id>, agent:identifier=<user id>, or a range of recorded',
    );
  // Those that clients wrote into a chart stand there; others are met where their writing is on record.
  const written = patients === undefined;
  const questions: TrailQuestion[] = subjects ? subjects.map((whose) => ({ ...span, whose })) : [span];
  const sources = questions.map(
    (question): CandidateSource => ({
      open: (count, cursor) => derived.provenances(scope, question, paged(count, cursor), { written }),
    }),
  );
  return newestFirst(query, 'recorded', [...stored, ...sources], recordedOf);
}

const paged = (count: number, cursor: string | undefined) => ({ count, ...(cursor !== undefined && { cursor }) });

function newestFirst(query: Query, time: string, sources: readonly CandidateSource[], keyOf: (record: Stored) => string): Plan {
  const [first, ...others] = query.sort;
  return {
    kind: 'sources',
    sources,
    sequence: { kind: 'merged', before: (one, other) => keyOf(one) > keyOf(other) },
    sorted: !first || (others.length === 0 && first.parameter === time && first.descending),
    dense: query.criteria.length <= 1,
  };
}

/** The order of the trail: instant, then id as keys write it. */
const recordedOf = (record: Stored): string => `${'recorded' in record ? record.recorded : ''}#${packId(record.id as FhirId)}`;

/** Who the search asks about, when every value of one criterion names one. */
function subjectsOf({ criteria }: Query, agent: string, patients: readonly string[]): readonly AuditSubject[] | undefined {
  for (const criterion of criteria) {
    const { name } = criterion.parameter;
    const found = patients.includes(name) ? criterion.references.map(toPatient) : name === agent ? agentsIn(criterion) : [];
    if (found.length > MOST_SUBJECTS)
      throw new Problem('invalid', [
        { code: 'too-costly', text: `A search looks up at most ${MOST_SUBJECTS} of these at a time.` },
      ]);
    if (found.length > 0 && found.every((subject) => subject !== undefined)) return found;
  }
  return undefined;
}

function toPatient({ type = 'Patient', id }: Criterion['references'][number]): AuditSubject | undefined {
  const patient = type === 'Patient' ? FhirId.safeParse(id).data : undefined;
  return patient && { patient };
}

function agentsIn({ modifier, texts, references }: Criterion): (AuditSubject | undefined)[] {
  if (modifier === 'identifier') return texts.map((text) => ({ agent: text.slice(text.indexOf('|') + 1) }));
  return references.map(({ type, id }) => (type && id ? { agent: `${type}/${id}` } : undefined));
}

function targetsOf({ criteria }: Query): { type: string; id: FhirId }[] | undefined {
  const criterion = criteria.find(({ parameter, references }) => parameter.name === 'target' && references.length > 0);
  const targets = criterion?.references.flatMap(({ type, id }) => {
    const parsed = FhirId.safeParse(id).data;
    return type && parsed ? [{ type, id: parsed }] : [];
  });
  if (!targets || targets.length === 0 || targets.length > MOST_SUBJECTS || targets.length !== criterion?.references.length)
    return undefined;
  return targets;
}

/** The UTC days in which every hit was recorded; the last one is today at the latest, and tomorrow where clocks differ. */
function daysOf({ criteria }: Query, parameter: string, today: string): { from?: string; to: string } {
  let [fromMs, toMs] = [-Infinity, Date.parse(today) + 2 * DAY_MS];
  for (const {
    parameter: { name },
    dates,
  } of criteria) {
    if (name !== parameter || dates.length === 0) continue;
    const bounds = dates.map(instantBounds);
    fromMs = Math.max(fromMs, Math.min(...bounds.map((bound) => bound.fromMs)));
    toMs = Math.min(toMs, Math.max(...bounds.map((bound) => bound.toMs)));
  }
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { ...(fromMs > 0 && { from: day(fromMs) }), to: day(Math.max(toMs, DAY_MS) - 1) };
}

function instantBounds({ prefix, fromMs, toMs }: DateTest): { fromMs: number; toMs: number } {
  const open = { fromMs: -Infinity, toMs: Infinity };
  switch (prefix) {
    case 'eq':
      return { fromMs, toMs };
    case 'ge':
    case 'gt':
      return { ...open, fromMs };
    case 'sa':
      return { ...open, fromMs: toMs };
    case 'lt':
    case 'eb':
      return { ...open, toMs: fromMs };
    case 'le':
      return { ...open, toMs };
    case 'ne':
    case 'ap': // its range moves with the clock, and the pages of a search must all read the same days
      return open;
  }
}

function refuseUnbounded({ from, to }: { from?: string; to: string }, type: string, ways: string): void {
  if (from === undefined)
    throw new Problem('invalid', [{ code: 'too-costly', text: `A search of ${type} needs ${ways}; or _id=<id>,<id>.` }]);
  if ((Date.parse(to) - Date.parse(from)) / DAY_MS > MOST_DAYS)
    throw new Problem('invalid', [
      {
        code: 'too-costly',
        text: `Without a patient or an agent a search of ${type} looks through at most ${MOST_DAYS} days. Narrow the dates.`,
      },
    ]);
}

/** A short list as a page; the cursor is the id behind which it goes on. */
function listed(all: readonly Stored[], cursor: string | undefined): RecordPage {
  const items = cursor === undefined ? all : all.slice(all.findIndex(({ id }) => id === cursor) + 1);
  return { items, cursorAfter: (index) => items[index]?.id ?? '' };
}
