import type { Element, Task } from 'fhir/r4';
import type { RowKind } from '../../../schemas/task-requests.ts';
import { nameOfTaskText } from '../../../schemas/task-text-element.ts';
import { dueOf, kindRow } from '../../../schemas/tasks.ts';
import type { Say } from '../../i18n/index.ts';
import { addresses, withPanel } from '../../lib/addresses.ts';
import { howLong } from '../../lib/how-long.ts';
import { kindOrOther } from '../../lib/tasks.ts';

export const isOverdue = (task: Task, nowMs: number): boolean => Date.parse(dueOf(task) ?? '') <= nowMs;

/** How long something has waited; undefined for what has just come. */
export const waitingText = (task: Task, nowMs: number, { locale }: Say): string | undefined =>
  howLong(nowMs - Date.parse(task.authoredOn ?? ''), locale);

/** What stands as the heading of a task. */
export const titleOf = (task: Task, { t }: Say): string => t(`task.kinds.${kindOrOther(task)}`);

/**
 * A text of a task: what Tessera wrote is said in the reader's language, what a person typed as they typed it. The name comes from the
 * server, which may be newer than this app.
 */
export function textOf<T extends string | undefined>(
  element: Pick<Element, 'extension'> | undefined,
  text: T,
  { t }: Say,
): string | T {
  const known = nameOfTaskText(element);
  if (!known) return text;
  const say = t as (key: string, values: object) => string;
  // By their names, since a program of the clinic may write a task too: nobody else decides how a text is said.
  const { who = '', times = '', amount = '' } = known.values;
  return say(`task.texts.${known.name}`, { who, times, amount, defaultValue: text ?? '' });
}
export const descriptionOf = ({ description, _description }: Task, say: Say): string | undefined =>
  textOf(_description, description, say);

const MONEY: ReadonlySet<RowKind> = new Set(['review-charges', 'billing-question', 'failed-payment', 'payment-difference']);

const MONEY_LISTS: Partial<Record<RowKind, string>> = {
  'review-charges': 'unbilled',
  'billing-question': 'invoices',
  'failed-payment': 'payments',
  'payment-difference': 'payments',
};

/** Where the thing itself is: beside its patient's chart, or the place that works on it. */
export function placeOf(task: Task, slug: string, patient: string | undefined): string | undefined {
  const kind = kindOrOther(task);
  if (MONEY.has(kind)) return addresses.billing(slug, MONEY_LISTS[kind]);
  if (kind === 'file-document') return addresses.documents(slug, task.focus?.identifier?.value);
  const [type = '', id] = task.focus?.reference?.split('/') ?? [];
  if (!patient) return undefined;
  const isNote = kind === 'sign-note' || kind === 'write-note';
  const visit = isNote ? (task.encounter?.reference?.split('/')[1] ?? (type === 'Encounter' ? id : undefined)) : undefined;
  if (visit) return addresses.visit(slug, patient, visit);
  const chart = addresses.chart(slug, patient);
  return id && type !== 'Patient' ? `${chart}?${withPanel(new URLSearchParams(), { kind: 'record', type, id })}` : chart;
}

export function openText(task: Task, { t }: Say): string {
  const kind = kindOrOther(task);
  if (MONEY.has(kind)) return t('task.open.billing');
  switch (kind) {
    case 'sign-note':
    case 'write-note':
    case 'file-document':
    case 'review-document':
    case 'review-result':
      return t(`task.open.${kind}`);
    default:
      return t('task.open.other');
  }
}

/** The word on the button that completes it; undefined when only the work itself does. */
export function completeText(task: Task, { t }: Say): string | undefined {
  const kind = kindOrOther(task);
  if (kind !== 'other' && kindRow(kind).byWork) return undefined;
  switch (kind) {
    case 'review-result':
    case 'review-document':
    case 'call-back':
      return t(`task.complete.${kind}`);
    default:
      return t('task.complete.other');
  }
}
