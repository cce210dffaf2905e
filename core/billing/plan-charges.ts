import type { ChargeItem } from 'fhir/r4';
import {
  type ChargeAround,
  codeOfCharge,
  isOpen,
  isOverridden,
  isPlaceholder,
  rerated,
  toCharge,
  wasAdded,
} from './charge-item.ts';
import { codeOf } from './fees.ts';
import type { Proposed } from './propose.ts';

/** What has to be written so that a visit's open charges are those that its facts ask for. Pure. */
export interface ChargePlan {
  readonly create: readonly ChargeItem[];
  readonly update: readonly ChargeItem[];
}

/**
 * The charges of a visit beside those that are proposed now. Once somebody has billed it nothing changes; what a person added, accepted or
 * priced by hand stays; the rest follows the facts. A visit that is left with nothing keeps a place in the list until a person says
 * that it costs nothing. `idOf`: the id of the n-th charge of the visit, so that of two who propose at once one finds the place taken.
 */
export function planCharges(
  existing: readonly (ChargeItem & { id: string })[],
  proposed: Proposed,
  around: Omit<ChargeAround, 'id'>,
  idOf: (nth: number) => string,
): ChargePlan {
  if (existing.some(({ status }) => status === 'billed')) return { create: [], update: [] };
  if (existing.length > 0 && !existing.some(isOpen)) return { create: [], update: [] }; // a person has said that it costs nothing
  const open = existing.filter(isOpen);
  const withId = (id: string): ChargeAround => ({ ...around, ...proposed, id });
  const update: ChargeItem[] = [];
  const taken = new Set(existing.map(({ id }) => id));
  let nth = 0;
  const nextId = (): string => {
    do nth += 1;
    while (taken.has(idOf(nth)));
    taken.add(idOf(nth));
    return idOf(nth);
  };

  const byCode = new Map(proposed.lines.map((line) => [codeOf(line.fee), line]));
  /** A code that a person has taken off stays off; what the facts took off comes back with them. */
  const gone = existing.filter((charge) => !isOpen(charge) && charge.overrideReason === NO_LONGER);
  const known = new Set(existing.filter((charge) => !gone.includes(charge)).map(codeOfCharge));
  for (const charge of open) {
    if (isPlaceholder(charge)) continue;
    const line = byCode.get(codeOfCharge(charge));
    const stays = line !== undefined || wasAdded(charge) || isOverridden(charge) || charge.status === 'billable';
    const next = rerated(charge, withId(charge.id), line);
    update.push(stays ? next : { ...next, status: 'not-billable', overrideReason: NO_LONGER });
  }
  const wanted = proposed.lines.filter(({ fee }) => !known.has(codeOf(fee)));
  const missing = wanted.filter((line) => {
    const before = gone.find((charge) => codeOfCharge(charge) === codeOf(line.fee));
    if (before) update.push({ ...toCharge(withId(before.id), line) });
    return !before;
  });
  const placeholder = open.find(isPlaceholder);
  const [first, ...rest] = missing;
  const create = (placeholder ? rest : missing).map((line) => toCharge(withId(nextId()), line));
  if (placeholder && first) update.push({ ...placeholder, ...toCharge(withId(placeholder.id), first) });
  const left = update.filter(isOpen).length + create.length;
  if (placeholder && !first) {
    const next = rerated(placeholder, withId(placeholder.id), undefined);
    update.push(left > 0 ? { ...next, status: 'not-billable', overrideReason: NO_LONGER } : next);
  }
  if (!placeholder && left === 0) create.push(toCharge(withId(nextId()), undefined));
  return { create, update: update.filter((charge) => differs(charge, existing)) };
}

/** Why a charge went that the facts no longer ask for. */
const NO_LONGER = 'No longer proposed';

const differs = (charge: ChargeItem, existing: readonly (ChargeItem & { id: string })[]): boolean =>
  JSON.stringify(charge) !== JSON.stringify(existing.find(({ id }) => id === charge.id));
