import type { Annotation, Extension, Reference, Task } from 'fhir/r4';
import type { Role } from './access.ts';

/**
 * What must not be forgotten: every kind of task that Tessera opens, written down once. Builder, record rule, inbox and help read this
 * list. A task names a thing and points at it; it holds nothing that was found: it is read by whoever shares the pool.
 */
export const TASK_SYSTEM = 'https://tessera.example/fhir/CodeSystem/task';
/** `Task.performerType`: the roles whose work it is. */
export const POOL_SYSTEM = 'https://tessera.example/fhir/CodeSystem/pool';
/** `Task.businessStatus`: why somebody else looks at it too. */
export const ESCALATION_SYSTEM = 'https://tessera.example/fhir/CodeSystem/task-escalation';
/** A member of staff without a Practitioner of their own, as an owner: `identifier` with the `sub`. */
export const STAFF_SYSTEM = 'https://tessera.example/fhir/NamingSystem/staff';
const EXTENSION = 'https://tessera.example/fhir/StructureDefinition/task-';
/** Hidden from the lists until then (instant). Its deadline goes on. */
export const SNOOZED_UNTIL = `${EXTENSION}snoozed-until`;
/** Somebody of the pool has to have taken it by then (instant). */
export const TAKE_BY = `${EXTENSION}take-by`;
/** The deadline (instant) whose passing was escalated: each is once. */
export const ESCALATED_FOR = `${EXTENSION}escalated-for`;

/** The roles that share work. Auditors and patients have none. */
export const POOLS = ['physician', 'nurse', 'front-desk', 'biller', 'admin'] as const satisfies readonly Role[];
export type Pool = (typeof POOLS)[number];
export const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;
export type TaskPriority = (typeof PRIORITIES)[number];

interface KindRow {
  /** Who does it when nobody is named. */
  readonly pool: Pool;
  readonly priority: TaskPriority;
  /** Hours from its opening to its deadline. */
  readonly dueHours: number;
  /** Hours that it may lie in the pool without anybody having taken it. */
  readonly takeHours: number;
  /** What it points at (`Task.focus`). Absent: at nothing, or at anything. */
  readonly focus?: readonly string[];
  /** It is about one patient: without `Task.for` it is refused. */
  readonly patient?: true;
  /** Only the work itself completes it (signing, filing); a person can only say why it is not needed. */
  readonly byWork?: true;
  /** Whoever completes it is one of these: nobody acknowledges a result who may not judge it. */
  readonly doneBy?: readonly Role[];
  /** A person may open one by hand. */
  readonly byHand?: true;
}

export const TASK_KINDS = {
  'sign-note': {
    pool: 'physician',
    priority: 'routine',
    dueHours: 24,
    takeHours: 8,
    focus: ['QuestionnaireResponse', 'Encounter', 'Composition'],
    patient: true,
    byWork: true,
  },
  /** A visit that is over, and of which nobody has begun a note. */
  'write-note': {
    pool: 'physician',
    priority: 'routine',
    dueHours: 24,
    takeHours: 8,
    focus: ['Encounter'],
    patient: true,
    byWork: true,
  },
  'file-document': { pool: 'front-desk', priority: 'routine', dueHours: 24, takeHours: 8, byWork: true },
  'review-document': {
    pool: 'physician',
    priority: 'routine',
    dueHours: 48,
    takeHours: 24,
    focus: ['DocumentReference'],
    patient: true,
  },
  'review-result': {
    pool: 'physician',
    priority: 'routine',
    dueHours: 48,
    takeHours: 12,
    focus: ['DiagnosticReport', 'Observation'],
    patient: true,
    doneBy: ['physician', 'nurse'],
  },
  'call-back': { pool: 'nurse', priority: 'routine', dueHours: 24, takeHours: 8, patient: true, byHand: true },
  'to-do': { pool: 'nurse', priority: 'routine', dueHours: 72, takeHours: 24, byHand: true },
  'rebook-patient': { pool: 'front-desk', priority: 'routine', dueHours: 24, takeHours: 8, patient: true, byHand: true },
  'reminder-missing': { pool: 'front-desk', priority: 'urgent', dueHours: 4, takeHours: 2, focus: ['Appointment'] },
  'reminder-failed': {
    pool: 'front-desk',
    priority: 'routine',
    dueHours: 8,
    takeHours: 4,
    focus: ['Appointment', 'Communication'],
  },
  'review-charges': {
    pool: 'biller',
    priority: 'routine',
    dueHours: 72,
    takeHours: 48,
    focus: ['Encounter', 'ChargeItem'],
    patient: true,
  },
  'billing-question': { pool: 'biller', priority: 'routine', dueHours: 72, takeHours: 24, focus: ['Invoice', 'Communication'] },
  'failed-payment': { pool: 'biller', priority: 'routine', dueHours: 48, takeHours: 24 },
  'payment-difference': { pool: 'biller', priority: 'urgent', dueHours: 24, takeHours: 8 },
} as const satisfies Readonly<Record<string, KindRow>>;
export type TaskKind = keyof typeof TASK_KINDS;
export const TASK_KIND_NAMES = Object.keys(TASK_KINDS) as TaskKind[];
export const kindRow = (kind: TaskKind): KindRow => TASK_KINDS[kind];

/** Not over yet (R4, task-status). */
export const OPEN_STATUSES = ['requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold'] as const;
export const isOpen = ({ status }: Pick<Task, 'status'>): boolean => (OPEN_STATUSES as readonly string[]).includes(status);

/** The kind of a task of ours; undefined for what came from elsewhere. */
export function kindOf({ code }: Pick<Task, 'code'>): TaskKind | undefined {
  const coding = code?.coding?.find(({ system }) => system === TASK_SYSTEM);
  return coding?.code !== undefined && Object.hasOwn(TASK_KINDS, coding.code) ? (coding.code as TaskKind) : undefined;
}

/** The pools of a task, the one whose work it is first; others joined when it escalated. */
export const poolsOf = ({ performerType = [] }: Pick<Task, 'performerType'>): Pool[] =>
  performerType.flatMap(({ coding = [] }) =>
    coding.flatMap(({ system, code }) =>
      system === POOL_SYSTEM && (POOLS as readonly string[]).includes(code ?? '') ? [code as Pool] : [],
    ),
  );

const STAFF_KEY = 'staff/';
/** How keys name a person: their record where they have one, else `staff/<sub>`. */
export function ownerKeyOf(owner: Reference | undefined): string | undefined {
  if (!owner) return undefined;
  if (owner.reference) return /^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(owner.reference) ? owner.reference : undefined;
  const { system, value } = owner.identifier ?? {};
  return system === STAFF_SYSTEM && value ? STAFF_KEY + value : undefined;
}
/** A person as an owner. */
export const ownerOf = (person: { readonly sub: string; readonly fhirUser?: string; readonly name?: string }): Reference => ({
  ...(person.fhirUser
    ? { reference: person.fhirUser }
    : { type: 'Practitioner', identifier: { system: STAFF_SYSTEM, value: person.sub } }),
  ...(person.name && { display: person.name }),
});
/** Every key under which a person owns tasks: they may have been given a record of their own since. */
export const ownerKeysOf = ({ sub, fhirUser }: { readonly sub: string; readonly fhirUser?: string }): string[] => [
  ...(fhirUser ? [fhirUser] : []),
  STAFF_KEY + sub,
];

/** When it is to be done; undefined for what came from elsewhere without a deadline. */
export const dueOf = ({ restriction }: Pick<Task, 'restriction'>): string | undefined => restriction?.period?.end;
const instantOf = ({ extension = [] }: Pick<Task, 'extension'>, url: string): string | undefined =>
  extension.find((each) => each.url === url)?.valueDateTime;
export const snoozedUntil = (task: Pick<Task, 'extension'>): string | undefined => instantOf(task, SNOOZED_UNTIL);
export const takeBy = (task: Pick<Task, 'extension'>): string | undefined => instantOf(task, TAKE_BY);
export const escalatedFor = (task: Pick<Task, 'extension'>): string | undefined => instantOf(task, ESCALATED_FOR);
/** Why it escalated. */
export const ESCALATIONS = ['overdue', 'not-taken'] as const;
export type Escalation = (typeof ESCALATIONS)[number];
export const escalationOf = ({ businessStatus }: Pick<Task, 'businessStatus'>): Escalation | undefined =>
  ESCALATIONS.find((name) => businessStatus?.coding?.some(({ system, code }) => system === ESCALATION_SYSTEM && code === name));

/** The task with one of its instants set, or taken away. */
export function withInstant<T extends Pick<Task, 'extension'>>(task: T, url: string, instant: string | undefined): T {
  const { extension = [], ...rest } = task;
  const kept: Extension[] = extension.filter((each) => each.url !== url);
  const next = instant === undefined ? kept : [...kept, { url, valueDateTime: instant }];
  return { ...(rest as T), ...(next.length > 0 && { extension: next }) };
}
export const latestNote = ({ note = [] }: Pick<Task, 'note'>): Annotation | undefined => note.at(-1);

/** Every open task is for those who read charts, and for those who administer: a desk sees its own. */
export const seesAllTasks = (roles: readonly string[]): boolean =>
  roles.some((role) => role === 'admin' || role === 'physician' || role === 'nurse');

/** Whether a person may work on a task: it is theirs, their pool's, or they administer the clinic. */
export const mayWorkOn = (
  task: Pick<Task, 'owner' | 'performerType'>,
  person: { readonly roles: readonly Role[]; readonly keys: readonly string[] },
): boolean => {
  const owner = ownerKeyOf(task.owner);
  if (owner !== undefined && person.keys.includes(owner)) return true;
  return person.roles.includes('admin') || poolsOf(task).some((pool) => person.roles.includes(pool));
};
