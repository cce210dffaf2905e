import type { ChargeItem, ChargeItemDefinition, Encounter, Extension } from 'fhir/r4';
import { BILLING, BLOCKS, type Block, RATED_AS, type RatedAs, REASONS, type VisitCharge } from '../../schemas/billing.ts';
import { centsOf, toMoney } from '../../schemas/money.ts';
import { titleOf } from './fees.ts';
import type { Proposal, Why } from './propose.ts';

/* A charge as the ChargeItem that is stored, and back. Pure. */

/** The code of what stands for a visit that nothing could be proposed for. */
const UNPRICED = { system: 'urn:tessera:fee', code: 'unpriced' };

export interface ChargeAround {
  readonly id: string;
  readonly encounter: Encounter & { id?: string };
  readonly account: string | undefined;
  readonly currency: string;
  readonly ratedAs: RatedAs;
  readonly blocks: readonly Block[];
  readonly at: string;
}

const ours = new Set<string>([BILLING.why, BILLING.blocked, BILLING.ratedAs, BILLING.unitPrice]);

function marks({ why, ratedAs, blocks, unitCents, currency }: Marks): Extension[] {
  return [
    { url: BILLING.unitPrice, valueMoney: toMoney(unitCents, currency) },
    { url: BILLING.ratedAs, valueCode: ratedAs },
    ...why.map(({ reason, value }) => ({
      url: BILLING.why,
      valueCoding: { system: BILLING.why, code: reason, ...(value && { display: value }) },
    })),
    ...blocks.map((block) => ({ url: BILLING.blocked, valueCode: block })),
  ];
}
interface Marks {
  readonly why: readonly Why[];
  readonly ratedAs: RatedAs;
  readonly blocks: readonly Block[];
  readonly unitCents: number;
  readonly currency: string;
}

/** A planned charge of one; without a proposal, what holds the visit's place in the list. */
export function toCharge(
  around: ChargeAround,
  proposal: Pick<Proposal, 'fee' | 'unitCents' | 'why'> | undefined,
  quantity = 1,
): ChargeItem {
  const { encounter, account, at } = around;
  const performer = encounter.participant?.find(({ individual }) => individual)?.individual;
  return {
    resourceType: 'ChargeItem',
    id: around.id,
    extension: marks({ ...around, why: proposal?.why ?? [], unitCents: proposal?.unitCents ?? 0 }),
    ...(proposal?.fee.url && { definitionUri: [proposal.fee.url] }),
    status: 'planned',
    code: proposal ? codeOfFee(proposal.fee) : { coding: [UNPRICED], text: 'Not priced' },
    subject: encounter.subject ?? { display: 'Not recorded' },
    context: { reference: `Encounter/${encounter.id}` },
    ...(encounter.period && { occurrencePeriod: encounter.period }),
    ...(performer && { performer: [{ actor: performer }] }),
    quantity: { value: quantity },
    ...(account && { account: [{ reference: account }] }),
    enteredDate: at,
  };
}

const codeOfFee = (fee: ChargeItemDefinition): ChargeItem['code'] => ({
  ...(fee.code?.coding && { coding: fee.code.coding }),
  text: titleOf(fee),
});

/** The same charge as it stands under today's facts: what a person set by hand stays. */
export function rerated(charge: ChargeItem, around: ChargeAround, proposal: Proposal | undefined): ChargeItem {
  const why = proposal?.why ?? whyOf(charge);
  const unitCents = proposal?.unitCents ?? unitCentsOf(charge, around.currency);
  const others = (charge.extension ?? []).filter(({ url }) => !ours.has(url));
  return { ...charge, extension: [...others, ...marks({ ...around, why, unitCents })] };
}

const extensions = ({ extension = [] }: ChargeItem, url: string): Extension[] => extension.filter((one) => one.url === url);
export const whyOf = (charge: ChargeItem): Why[] =>
  extensions(charge, BILLING.why).flatMap(({ valueCoding }) => {
    const reason = REASONS.find((known) => known === valueCoding?.code);
    return reason ? [{ reason, ...(valueCoding?.display && { value: valueCoding.display }) }] : [];
  });
export const blocksOf = (charge: ChargeItem): Block[] =>
  extensions(charge, BILLING.blocked).flatMap(({ valueCode }) => BLOCKS.find((known) => known === valueCode) ?? []);
export const ratedAsOf = (charge: ChargeItem): RatedAs =>
  RATED_AS.find((known) => known === extensions(charge, BILLING.ratedAs)[0]?.valueCode) ?? 'self-pay';
const unitCentsOf = (charge: ChargeItem, currency: string): number =>
  centsOf(extensions(charge, BILLING.unitPrice)[0]?.valueMoney, currency) ?? 0;
export const isPlaceholder = ({ code }: ChargeItem): boolean =>
  code.coding?.some(({ code: one }) => one === UNPRICED.code) ?? false;
export const codeOfCharge = ({ code }: ChargeItem): string => code.coding?.[0]?.code ?? '';
export const encounterOf = ({ context }: ChargeItem): string | undefined =>
  /^Encounter\/([^/]+)/.exec(context?.reference ?? '')?.[1];
/** Waits to be billed. */
export const isOpen = ({ status }: ChargeItem): boolean => status === 'planned' || status === 'billable';
/** Somebody has set its price by hand. */
export const isOverridden = ({ priceOverride }: ChargeItem): boolean => priceOverride !== undefined;
export const wasAdded = (charge: ChargeItem): boolean => whyOf(charge).some(({ reason }) => reason === 'added');

/** What the line comes to. */
export function totalCentsOf(charge: ChargeItem, currency: string): number {
  const set = centsOf(charge.priceOverride, currency);
  return set ?? unitCentsOf(charge, currency) * (charge.quantity?.value ?? 1);
}

const SHOWN: readonly VisitCharge['status'][] = ['planned', 'billable', 'billed', 'not-billable'];
export function toVisitCharge(charge: ChargeItem & { id: string; meta: { versionId: string } }, currency: string): VisitCharge {
  return {
    id: charge.id,
    version: Number(charge.meta.versionId),
    status: SHOWN.find((known) => known === charge.status) ?? 'not-billable',
    code: codeOfCharge(charge),
    text: charge.code.text ?? codeOfCharge(charge),
    quantity: charge.quantity?.value ?? 1,
    unitCents: unitCentsOf(charge, currency),
    totalCents: totalCentsOf(charge, currency),
    ...(charge.overrideReason && { overridden: charge.overrideReason }),
    why: whyOf(charge),
    placeholder: isPlaceholder(charge),
  };
}
