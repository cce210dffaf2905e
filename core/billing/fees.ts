import type { ChargeItemDefinition, Money } from 'fhir/r4';
import { BILLING, FeeRule, type RatedAs } from '../../schemas/billing.ts';
import { centsOf } from '../../schemas/money.ts';

/* The fee schedule: ChargeItemDefinitions, a version of a fee each, told apart by their days. Pure. */

/** Until a clinic writes rules of its own, what its starter fees are proposed for, by their codes. */
const STARTER_RULES: Readonly<Record<string, readonly FeeRule[]>> = {
  'visit-new': [{ visitTypes: ['new-patient', 'follow-up'], patient: 'new' }],
  'visit-follow-up': [{ visitTypes: ['new-patient', 'follow-up'], patient: 'established' }],
  'visit-well': [{ visitTypes: ['well-visit'] }],
  'visit-telephone': [{ visitTypes: ['telephone'] }],
  'visit-nurse': [{ visitTypes: ['nurse-visit'] }],
  'procedure-small': [{ visitTypes: ['procedure'] }],
  /** Beyond an hour face to face. */
  'visit-long': [{ visitTypes: ['new-patient', 'follow-up', 'well-visit'], minMinutes: 60 }],
  // CVX (CDC): influenza and pneumococcal vaccines in use.
  G0008: [{ performed: ['140', '141', '150', '155', '158', '161', '168', '171', '185', '186', '197', '205'] }],
  G0009: [{ performed: ['33', '109', '133', '152', '215', '216'] }],
  /** LOINC: PHQ-9 total score. */
  G0444: [{ performed: ['44261-6'] }],
};

export const codeOf = (fee: ChargeItemDefinition): string => fee.code?.coding?.[0]?.code ?? fee.id ?? '';
export const titleOf = (fee: ChargeItemDefinition): string => fee.title ?? fee.code?.text ?? codeOf(fee);

/** When the fee is proposed by itself. A rule that does not read is no rule: better nothing proposed than something at random. */
export function rulesOf(fee: ChargeItemDefinition): readonly FeeRule[] {
  const written = (fee.extension ?? []).filter(({ url }) => url === BILLING.rule);
  if (written.length === 0) return STARTER_RULES[codeOf(fee)] ?? [];
  return written.flatMap(({ valueString }) => {
    const parsed = FeeRule.safeParse(parsedJson(valueString));
    return parsed.success ? [parsed.data] : [];
  });
}

function parsedJson(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the fee's price is in force on a day of the clinic's calendar (yyyy-mm-dd). Both ends count. */
export const isInForce = ({ status, effectivePeriod }: ChargeItemDefinition, day: string): boolean =>
  status === 'active' &&
  (effectivePeriod?.start === undefined || effectivePeriod.start.slice(0, 10) <= day) &&
  (effectivePeriod?.end === undefined || day <= effectivePeriod.end.slice(0, 10));

/** The version of each fee that is in force on the day; of two, the one that began later. */
export function scheduleOn(fees: readonly ChargeItemDefinition[], day: string): ChargeItemDefinition[] {
  const inForce = fees.filter((fee) => isInForce(fee, day));
  const latest = [...inForce].sort((a, b) => ((a.effectivePeriod?.start ?? '') < (b.effectivePeriod?.start ?? '') ? -1 : 1));
  return [...new Map(latest.map((fee) => [codeOf(fee), fee])).values()].sort((a, b) => (codeOf(a) < codeOf(b) ? -1 : 1));
}

type PriceGroup = NonNullable<ChargeItemDefinition['propertyGroup']>[number];
const isFor = (group: PriceGroup): string | undefined =>
  group.applicability?.flatMap(({ extension = [] }) => extension).find(({ url }) => url === BILLING.priceFor)?.valueCode;
const baseOf = (group: PriceGroup | undefined): Money | undefined =>
  group?.priceComponent?.find(({ type }) => type === 'base')?.amount;

/** The price of one, in cents: the group for who pays this way, else the one for everybody. Undefined when there is none in this currency. */
export function priceOf(fee: ChargeItemDefinition, ratedAs: RatedAs, currency: string): number | undefined {
  const groups = fee.propertyGroup ?? [];
  const group = groups.find((one) => isFor(one) === ratedAs) ?? groups.find((one) => isFor(one) === undefined) ?? groups[0];
  const cents = centsOf(baseOf(group), currency);
  return cents !== undefined && cents >= 0 ? cents : undefined;
}

/** The currency that the schedule is kept in: that of most of its prices. */
export function currencyOf(fees: readonly ChargeItemDefinition[]): string {
  const named = fees.flatMap(({ propertyGroup = [] }) => propertyGroup.flatMap((group) => baseOf(group)?.currency ?? []));
  const counts = Map.groupBy(named, (currency) => currency as string);
  return [...counts].sort((a, b) => b[1].length - a[1].length)[0]?.[0] ?? 'USD';
}
