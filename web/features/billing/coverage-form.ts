import type { Coverage } from 'fhir/r4';
import { possibleDates } from '../../lib/typed-date.ts';
import { addDays } from '../../lib/wall-clock.ts';

/* A coverage as somebody types it. Pure. */

export const RELATIONSHIPS = ['self', 'spouse', 'child', 'parent', 'other'] as const;
export const STATES = ['active', 'cancelled', 'entered-in-error'] as const;
export interface TypedCoverage {
  readonly insurer: string;
  readonly member: string;
  readonly relationship: string;
  /** 1: pays first. */
  readonly order: string;
  readonly from: string;
  readonly to: string;
  readonly status: string;
}
export type CoverageField = 'insurer' | 'member' | 'from' | 'to';

export const NO_COVERAGE: TypedCoverage = {
  insurer: '',
  member: '',
  relationship: 'self',
  order: '1',
  from: '',
  to: '',
  status: 'active',
};

export const insurerOf = ({ payor, type }: Coverage): string | undefined => payor?.[0]?.display ?? type?.text;
const isMemberNumber = ({ type }: NonNullable<Coverage['identifier']>[number]): boolean =>
  type?.coding?.some(({ code }) => code === 'MB') ?? false;
export const memberOf = ({ subscriberId, identifier = [] }: Coverage): string | undefined =>
  subscriberId ?? identifier.find(isMemberNumber)?.value;
const relationshipOf = ({ relationship }: Coverage): string | undefined =>
  relationship?.coding?.find(({ code }) => code !== undefined)?.code;

export const typedOf = (coverage: Coverage): TypedCoverage => ({
  insurer: insurerOf(coverage) ?? '',
  member: memberOf(coverage) ?? '',
  relationship: relationshipOf(coverage) ?? 'self',
  order: String(coverage.order ?? 1),
  from: coverage.period?.start ?? '',
  to: coverage.period?.end ?? '',
  status: coverage.status,
});

/** The record as typed, or what cannot be read. What the form does not show, and what was not touched, stays as it was (`before`). */
export function readCoverage<C extends Coverage>(
  typed: TypedCoverage,
  { patient, monthFirst, before }: { patient: string; monthFirst: boolean; before?: C | undefined },
): { coverage: C | Coverage | undefined; faults: ReadonlySet<CoverageField> } {
  const faults = new Set<CoverageField>();
  const was = before && typedOf(before);
  const insurer = typed.insurer.trim();
  const member = typed.member.trim();
  const day = (field: 'from' | 'to') =>
    typed[field] === was?.[field] ? typed[field] || undefined : possibleDates(typed[field], monthFirst)[0];
  const [start, end] = [day('from'), day('to')];
  if (insurer.length < 2) faults.add('insurer');
  if (member === '' && was?.member !== '') faults.add('member');
  if (start === undefined && !(before && typed.from === '')) faults.add('from');
  if (typed.to.trim() !== '' && end === undefined) faults.add('to');
  if (start !== undefined && end !== undefined && end < start.slice(0, end.length)) faults.add('to');
  if (faults.size > 0) return { coverage: undefined, faults };
  const { period: _period, ...rest } = before ?? {};
  const coverage: Coverage = {
    ...(rest as Partial<Coverage>),
    resourceType: 'Coverage',
    status: typed.status as Coverage['status'],
    beneficiary: before?.beneficiary ?? { reference: `Patient/${patient}` },
    payor: insurer === was?.insurer && before ? before.payor : [{ display: insurer }],
    ...(insurer !== was?.insurer && before?.type && { type: { text: insurer } }),
    ...(member !== '' && { subscriberId: member }),
    ...(before?.identifier && {
      identifier: before.identifier.map((one) => (isMemberNumber(one) && member ? { ...one, value: member } : one)),
    }),
    ...(typed.relationship !== was?.relationship && {
      relationship: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship', code: typed.relationship }],
      },
    }),
    ...(typed.order !== (was?.order ?? '1') && { order: Number(typed.order) }),
    ...((start || end) && { period: { ...(start && { start }), ...(end && { end }) } }),
  };
  return { coverage, faults };
}

/**
 * The coverage that a new one takes the place of: active, of the same order, begun before and without an end on the day. It is ended the
 * day before in the same transaction. Undefined when there is none.
 */
export function replacedBy<C extends Coverage>(next: Coverage, all: readonly C[]): { before: C; after: C } | undefined {
  const from = next.period?.start;
  if (!from || next.status !== 'active') return undefined;
  const before = all.find(
    ({ status, order, period }) =>
      status === 'active' &&
      (order ?? 1) === (next.order ?? 1) &&
      (period?.start ?? '').slice(0, 10) < from &&
      (period?.end === undefined || period.end.slice(0, 10) >= from),
  );
  return before && { before, after: { ...before, period: { ...before.period, end: addDays(from, -1) } } };
}

/** Those in force first, then by their days, the latest first; what was recorded in error last. */
export const inOrder = <C extends Coverage>(all: readonly C[], day: string): readonly C[] => {
  const rank = (one: Coverage): number => (one.status === 'entered-in-error' ? 2 : holdsOn(one, day) ? 0 : 1);
  return [...all].sort(
    (a, b) =>
      rank(a) - rank(b) || (a.order ?? 1) - (b.order ?? 1) || ((a.period?.start ?? '') < (b.period?.start ?? '') ? 1 : -1),
  );
};
export const holdsOn = ({ status, period }: Coverage, day: string): boolean =>
  status === 'active' &&
  (period?.start ?? '').slice(0, 10) <= day &&
  (period?.end === undefined || day <= period.end.slice(0, 10));
