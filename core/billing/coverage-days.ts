import type { Coverage } from 'fhir/r4';
import { type ProblemIssue, said } from '../outcome.ts';

/*
 * On a day one coverage pays first: two active ones of the same order never hold on one day. A second insurer of the same days has another
 * order (FHIR R4, Coverage.order). Pure.
 */

/** Whether both are active, of the same order, and hold on one day at least. Both ends count; no end is for ever. */
export function overlap(one: Coverage, other: Coverage): boolean {
  if (one.status !== 'active' || other.status !== 'active' || orderOf(one) !== orderOf(other)) return false;
  const [first, second] = [daysOf(one), daysOf(other)];
  return first.from <= second.to && second.from <= first.to;
}

/** Whether the second claims no day that the first did not: then nothing can stand in its way that did not before. */
export function claimsNoMore(before: Coverage | undefined, after: Coverage): boolean {
  if (after.status !== 'active') return true;
  if (before?.status !== 'active' || before.beneficiary?.reference !== after.beneficiary?.reference) return false;
  const [had, has] = [daysOf(before), daysOf(after)];
  return orderOf(before) === orderOf(after) && had.from <= has.from && has.to <= had.to;
}

/** What is said of a coverage that stands in the way: by its insurer and its days. */
export const overlapWith = ({ payor, type, period }: Coverage): ProblemIssue => ({
  ...said('coverage-overlaps', {
    insurer: payor[0]?.display ?? type?.text ?? '?',
    from: period?.start?.slice(0, 10) ?? '…',
    to: period?.end?.slice(0, 10) ?? '…',
  }),
  path: 'Coverage.period',
});

export const endsBeforeItBegins = ({ period: { start, end } = {} }: Coverage): boolean =>
  Boolean(start && end && dayOf(end, 'last') < dayOf(start, 'first'));

const orderOf = ({ order = 1 }: Coverage): number => order;
const daysOf = ({ period }: Coverage): { from: string; to: string } => ({
  from: period?.start ? dayOf(period.start, 'first') : '0000-01-01',
  to: period?.end ? dayOf(period.end, 'last') : '9999-12-31',
});

/** A FHIR date may stop at the year or the month: then its first day or its last. */
function dayOf(date: string, which: 'first' | 'last'): string {
  const first = which === 'first';
  if (date.length === 4) return `${date}${first ? '-01-01' : '-12-31'}`;
  return date.length === 7 ? `${date}${first ? '-01' : '-31'}` : date.slice(0, 10);
}
