import type { ChargeItemDefinition, Coverage, Encounter } from 'fhir/r4';
import {
  BILLED_ELSEWHERE,
  BILLING,
  type Block,
  type FeeRule,
  type RatedAs,
  type Reason,
  VISIT_TYPE,
} from '../../schemas/billing.ts';
import { priceOf, rulesOf, scheduleOn } from './fees.ts';

/* What a finished visit should be charged, and why. Pure: the day and everything that is known come in. */

export interface VisitFacts {
  readonly encounter: Encounter;
  /** Codes of what was done, given and measured during the visit. */
  readonly performed: readonly { readonly code: string; readonly text: string }[];
  /** Nobody of the clinic has seen the patient in the three years before. */
  readonly isNew: boolean;
  readonly hasDiagnosis: boolean;
  /** In force on the day of the visit. */
  readonly coverage: Coverage | undefined;
}
export interface Why {
  readonly reason: Reason;
  readonly value?: string;
}
export interface Proposal {
  readonly fee: ChargeItemDefinition;
  readonly unitCents: number;
  readonly why: readonly Why[];
}
export interface Proposed {
  readonly ratedAs: RatedAs;
  readonly lines: readonly Proposal[];
  readonly blocks: readonly Block[];
}

/**
 * A visit that ended this many days before it was called finished is history that somebody brought in, not work that waits for a bill:
 * Medicare itself takes no claim after a calendar year (42 CFR 424.44).
 */
const OLDEST_DAYS = 365;

/** Whether charges are proposed for the visit at all. */
export function isToBill(encounter: Encounter, nowMs: number): boolean {
  if (encounter.status !== 'finished') return false;
  if (encounter.meta?.tag?.some(({ system, code }) => system === BILLING.tag && code === BILLED_ELSEWHERE)) return false;
  const ended = Date.parse(encounter.period?.end ?? encounter.period?.start ?? '');
  return !(nowMs - ended > OLDEST_DAYS * 86_400_000);
}

/** The clinic's visit type of a visit; undefined when it has none of ours. */
export function visitTypeOf(encounter: Encounter): { code: string; text: string } | undefined {
  const concepts = [encounter.serviceType, ...(encounter.type ?? [])];
  for (const concept of concepts) {
    const code = concept?.coding?.find(({ system }) => system === VISIT_TYPE)?.code;
    if (code) return { code, text: concept?.text ?? code };
  }
  return undefined;
}

/** Whole minutes of the visit; undefined when it does not say both ends. */
export function minutesOf({ period }: Encounter): number | undefined {
  const minutes = Math.round((Date.parse(period?.end ?? '') - Date.parse(period?.start ?? '')) / 60_000);
  return Number.isFinite(minutes) && minutes > 0 ? minutes : undefined;
}

/** The lines that the fee schedule has for this visit, and what keeps it from being billed. `day`: of the visit, on the clinic's calendar. */
export function propose(facts: VisitFacts, fees: readonly ChargeItemDefinition[], currency: string, day: string): Proposed {
  const ratedAs: RatedAs = facts.coverage ? 'covered' : 'self-pay';
  const found = scheduleOn(fees, day).flatMap((fee) => {
    const why = rulesOf(fee).flatMap((rule) => {
      const reasons = reasonsFor(rule, facts);
      return reasons ? [reasons] : [];
    })[0];
    return why ? [{ fee, why, unitCents: priceOf(fee, ratedAs, currency) }] : [];
  });
  const lines = found.flatMap(({ unitCents, ...line }) => (unitCents === undefined ? [] : [{ ...line, unitCents }]));
  return { ratedAs, lines, blocks: blocksOf(facts, found.length, lines.length) };
}

function blocksOf(facts: VisitFacts, found: number, priced: number): Block[] {
  const blocks: Block[] = [];
  if (!facts.encounter.subject?.reference) blocks.push('no-patient');
  if (priced === 0 && found === 0) blocks.push(visitTypeOf(facts.encounter) ? 'no-fee' : 'no-visit-type');
  if (priced < found) blocks.push('no-price');
  // An insurer pays for nothing without a diagnosis; who pays alone may be billed without one.
  if (facts.coverage && !facts.hasDiagnosis) blocks.push('no-diagnosis');
  return blocks;
}

/** Why the rule holds, each condition in words; undefined when one of them does not. A rule without any condition never holds. */
function reasonsFor(rule: FeeRule, { encounter, performed, isNew }: VisitFacts): Why[] | undefined {
  const why: Why[] = [];
  if (rule.visitTypes) {
    const type = visitTypeOf(encounter);
    if (!type || !rule.visitTypes.includes(type.code)) return undefined;
    why.push({ reason: 'visit-type', value: type.text });
  }
  if (rule.patient) {
    if ((rule.patient === 'new') !== isNew) return undefined;
    why.push({ reason: isNew ? 'new-patient' : 'established-patient' });
  }
  if (rule.minMinutes !== undefined || rule.maxMinutes !== undefined) {
    const minutes = minutesOf(encounter);
    if (minutes === undefined || minutes < (rule.minMinutes ?? 0) || minutes > (rule.maxMinutes ?? Number.POSITIVE_INFINITY))
      return undefined;
    why.push({ reason: 'minutes', value: String(minutes) });
  }
  if (rule.performed) {
    const done = performed.find(({ code }) => rule.performed?.includes(code));
    if (!done) return undefined;
    why.push({ reason: 'performed', value: done.text });
  }
  return why.length > 0 ? why : undefined;
}

/** The coverage that pays on a day (yyyy-mm-dd): active, its period holding the day; of several the first in order, then the latest begun. */
export function coverageOn(coverages: readonly Coverage[], day: string): Coverage | undefined {
  const holding = coverages.filter(
    ({ status, period }) =>
      status === 'active' &&
      (period?.start ?? '').slice(0, 10) <= day &&
      (period?.end === undefined || day <= period.end.slice(0, 10)),
  );
  return [...holding].sort(
    (a, b) => (a.order ?? 1) - (b.order ?? 1) || ((a.period?.start ?? '') < (b.period?.start ?? '') ? 1 : -1),
  )[0];
}
