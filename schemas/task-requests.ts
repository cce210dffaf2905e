import type { Patient, Task } from 'fhir/r4';
import * as z from 'zod';
import { FhirId } from './ids.ts';
import { POOLS, PRIORITIES, TASK_KIND_NAMES, type TaskKind } from './tasks.ts';

const Instant = z.iso.datetime({ offset: true, message: 'A time with its zone, as 2026-10-05T14:00:00Z.' });
const Line = z.string().trim().min(3, 'A few words.').max(300, 'At most 300 letters.');
/** The `sub` of a member of staff. */
const Person = z.string().min(1).max(128);
const To = { person: Person.optional(), pool: z.enum(POOLS).optional() };
const oneOf = ({ person, pool }: { person?: string | undefined; pool?: string | undefined }): boolean =>
  (person === undefined) !== (pool === undefined);
const ONE_OF = 'Name either a person or a role.';

/** What can be done to a task, for which FHIR has no word. */
export const TaskChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('take') }),
  z.strictObject({ do: z.literal('hand-over'), ...To, note: Line.optional(), due: Instant.optional() }).refine(oneOf, ONE_OF),
  z.strictObject({ do: z.literal('snooze'), until: Instant }),
  z.strictObject({ do: z.literal('wake') }),
  z.strictObject({ do: z.literal('complete') }),
  z.strictObject({ do: z.literal('cancel'), reason: Line }),
  z.strictObject({ do: z.literal('reopen') }),
  /** Takes back what was done last, within two minutes. */
  z.strictObject({ do: z.literal('undo') }),
]);
export type TaskChange = z.infer<typeof TaskChange>;

/** POST {A}/tasks/changes: each is done or refused by itself. */
export const TaskChanges = z.strictObject({
  changes: z
    .array(z.strictObject({ id: FhirId, version: z.int().min(1), change: TaskChange }))
    .min(1)
    .max(50, 'At most 50 tasks at a time.'),
});
export type TaskChanges = z.infer<typeof TaskChanges>;

/** What became of one of several. */
export type TaskAnswer =
  | { readonly id: string; readonly done: true; readonly task: Task }
  | { readonly id: string; readonly done: false; readonly status: number; readonly outcome: unknown };

/** POST {A}/tasks: a task by hand. */
export const HandMadeTask = z
  .strictObject({
    kind: z.enum(TASK_KIND_NAMES),
    patient: FhirId.optional(),
    ...To,
    due: Instant.optional(),
    priority: z.enum(PRIORITIES).optional(),
    description: Line,
  })
  .refine((task) => task.person === undefined || oneOf(task), ONE_OF);
export type HandMadeTask = z.infer<typeof HandMadeTask>;

/**
 * The lists of the inbox. `todo`: mine and what lies in my pools. `all`: every open task of the clinic, for those who read charts.
 * `done`: what I closed.
 */
export const INBOX_LISTS = ['todo', 'mine', 'pools', 'all', 'snoozed', 'done'] as const;
export type InboxList = (typeof INBOX_LISTS)[number];
/** What a list is narrowed to. */
export const INBOX_FILTERS = ['overdue', 'unowned'] as const;
export type InboxFilter = (typeof INBOX_FILTERS)[number];
export type RowKind = TaskKind | 'other';
/** Kinds that are one list to whoever works through them: a note that nobody has begun is as unsigned as one that was. */
export const KIND_GROUPS = { notes: ['sign-note', 'write-note'] } as const satisfies Readonly<Record<string, readonly RowKind[]>>;
export type KindGroup = keyof typeof KIND_GROUPS;
/** What `kind` of the inbox's address may name. */
export const KIND_CHOICES: readonly (RowKind | KindGroup)[] = [
  ...TASK_KIND_NAMES,
  'other',
  ...(Object.keys(KIND_GROUPS) as KindGroup[]),
];
export type KindChoice = RowKind | KindGroup;
export const isGroup = (choice: KindChoice): choice is KindGroup => choice in KIND_GROUPS;
export const kindsIn = (choice: KindChoice): readonly RowKind[] => (isGroup(choice) ? KIND_GROUPS[choice] : [choice]);

export interface ListCount {
  readonly count: number;
  readonly overdue: number;
  /** There are more than were counted. */
  readonly more?: true;
}
/** GET {A}/tasks/counts */
export type InboxCounts = Readonly<Partial<Record<Exclude<InboxList, 'done'>, ListCount>>>;
export type InboxPatient = Pick<
  Patient,
  'resourceType' | 'id' | 'name' | 'birthDate' | 'gender' | 'identifier' | 'deceasedBoolean' | 'deceasedDateTime'
>;
export interface InboxItem {
  readonly task: Task;
  /** The name of what it points at (a panel, a document), for those who may read that; never what was found. */
  readonly about?: string;
  readonly patient?: InboxPatient;
}
/** GET {A}/tasks?list=&kind=&filter=&after= */
export interface InboxPage {
  readonly list: InboxList;
  readonly counts: InboxCounts;
  /** Of the list as it is shown, filters included. */
  readonly shown: ListCount;
  /** Of the list without its filter by kind, most first. */
  readonly kinds: readonly { readonly kind: RowKind; readonly count: number }[];
  readonly items: readonly InboxItem[];
  readonly next?: string;
}

/** GET {A}/staff/colleagues: to whom a task can be handed. */
export interface Colleague {
  readonly sub: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** How tasks name them (`ownerKeyOf`). */
  readonly owner: string;
  readonly you?: true;
}
