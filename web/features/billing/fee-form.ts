import type { Fee, FeeRule, SetFee } from '../../../schemas/billing.ts';
import { centsAsTyped, typedCents } from '../../lib/money.ts';
import { possibleDates } from '../../lib/typed-date.ts';

/* A fee as somebody types it, and the fee schedule as of a day. Pure. */

export interface TypedRule {
  readonly visitTypes: readonly string[];
  readonly patient: '' | 'new' | 'established';
  readonly minMinutes: string;
  readonly maxMinutes: string;
  readonly performed: string;
}
export interface TypedFee {
  readonly code: string;
  readonly system: SetFee['system'];
  readonly title: string;
  readonly from: string;
  readonly covered: string;
  readonly selfPay: string;
  readonly rules: readonly TypedRule[];
}

export const NO_RULE: TypedRule = { visitTypes: [], patient: '', minMinutes: '', maxMinutes: '', performed: '' };
export const NO_FEE: TypedFee = { code: '', system: 'own', title: '', from: '', covered: '', selfPay: '', rules: [] };

/** Where the form of a fee's next price begins: everything as it stands, but for the day. */
export const nextOf = (fee: Fee): TypedFee => ({
  code: fee.code,
  system: fee.system,
  title: fee.title,
  from: '',
  covered: centsAsTyped(fee.coveredCents, fee.currency),
  selfPay: fee.selfPayCents === fee.coveredCents ? '' : centsAsTyped(fee.selfPayCents, fee.currency),
  rules: fee.rules.filter(saysSomething).map((rule) => ({
    visitTypes: rule.visitTypes ?? [],
    patient: rule.patient ?? '',
    minMinutes: rule.minMinutes === undefined ? '' : String(rule.minMinutes),
    maxMinutes: rule.maxMinutes === undefined ? '' : String(rule.maxMinutes),
    performed: (rule.performed ?? []).join(', '),
  })),
});

/** A rule that names nothing proposes nothing. */
export const saysSomething = (rule: FeeRule): boolean => Object.values(rule).some((value) => value !== undefined);

export interface FeeFaults {
  readonly fields: ReadonlySet<'code' | 'title' | 'from' | 'covered' | 'selfPay'>;
  /** Of the rules by their place. */
  readonly rules: ReadonlyMap<number, 'empty' | 'minutes'>;
}

const MOST_MINUTES = 1440;

/** What was typed as the API takes it; undefined for what cannot be read, with its faults. */
export function readFee(
  typed: TypedFee,
  { currency, monthFirst }: { currency: string; monthFirst: boolean },
): { fee: SetFee | undefined; faults: FeeFaults } {
  const fields = new Set<'code' | 'title' | 'from' | 'covered' | 'selfPay'>();
  const code = typed.code.trim();
  const title = typed.title.trim();
  const from = possibleDates(typed.from, monthFirst)[0];
  const coveredCents = typedCents(typed.covered, currency);
  const selfPayCents = typed.selfPay.trim() === '' ? undefined : typedCents(typed.selfPay, currency);
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/.test(code)) fields.add('code');
  if (title.length < 2) fields.add('title');
  if (from === undefined) fields.add('from');
  if (coveredCents === undefined) fields.add('covered');
  if (typed.selfPay.trim() !== '' && selfPayCents === undefined) fields.add('selfPay');
  const rules = typed.rules.map(readRule);
  const ruleFaults = new Map(rules.flatMap((rule, at) => (typeof rule === 'string' ? [[at, rule] as const] : [])));
  const faults = { fields, rules: ruleFaults };
  if (fields.size > 0 || ruleFaults.size > 0 || from === undefined || coveredCents === undefined)
    return { fee: undefined, faults };
  return {
    faults,
    fee: {
      code,
      system: typed.system,
      title,
      from,
      coveredCents,
      ...(selfPayCents !== undefined && { selfPayCents }),
      rules: rules.filter((rule) => typeof rule !== 'string'),
    },
  };
}

function readRule(typed: TypedRule): FeeRule | 'empty' | 'minutes' {
  const [min, max] = [minutesOf(typed.minMinutes), minutesOf(typed.maxMinutes)];
  if (min === 'wrong' || max === 'wrong' || (min !== undefined && max !== undefined && min > max)) return 'minutes';
  const performed = typed.performed
    .split(/[,;\s]+/)
    .map((code) => code.trim())
    .filter(Boolean);
  const rule: FeeRule = {
    ...(typed.visitTypes.length > 0 && { visitTypes: [...typed.visitTypes] }),
    ...(typed.patient && { patient: typed.patient }),
    ...(min !== undefined && { minMinutes: min }),
    ...(max !== undefined && { maxMinutes: max }),
    ...(performed.length > 0 && { performed }),
  };
  return saysSomething(rule) ? rule : 'empty';
}

function minutesOf(text: string): number | 'wrong' | undefined {
  if (text.trim() === '') return undefined;
  const minutes = Number(text.trim());
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES ? minutes : 'wrong';
}

/** One fee with its prices: that of the day, those to come, those that were. */
export interface FeeLine {
  readonly code: string;
  readonly now: Fee | undefined;
  /** The next first. */
  readonly coming: readonly Fee[];
  /** The latest first. */
  readonly past: readonly Fee[];
}

/** The schedule on a day of the clinic's calendar (yyyy-mm-dd): of two prices that hold, the one that began later. */
export function linesOn(fees: readonly Fee[], day: string): readonly FeeLine[] {
  return [...Map.groupBy(fees, ({ code }) => code)].map(([code, versions]) => {
    const newest = [...versions].sort((a, b) => (a.from < b.from ? 1 : -1));
    const now = newest.find(({ from, to }) => from <= day && (to === undefined || day <= to));
    return {
      code,
      now,
      coming: newest.filter(({ from }) => from > day).reverse(),
      past: newest.filter((fee) => fee !== now && fee.from <= day),
    };
  });
}
