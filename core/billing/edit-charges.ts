import type { ChargeItem, ChargeItemDefinition, Encounter } from 'fhir/r4';
import type { ChangeCharge } from '../../schemas/billing.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { toMoney } from '../../schemas/money.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Stored, Write } from '../store/types.ts';
import { blocksOf, isOpen, isPlaceholder, ratedAsOf, toCharge } from './charge-item.ts';
import { type BillingDeps, dayIn, readClinic } from './clinic.ts';
import { isInForce, priceOf } from './fees.ts';
import { accountId, chargeId, chargesOf, heldOpen, isLostRace, MOST_CHARGES } from './visits.ts';

/* What the biller does to a visit's charges before there is an invoice. */

const TRIES = 4;

/** @throws Problem not-found, rule-broken once it is billed */
async function openCharges(deps: BillingDeps, scope: Scope, visit: FhirId): Promise<Stored<ChargeItem>[]> {
  const charges = await chargesOf(deps, scope, visit);
  if (charges.length === 0) throw new Problem('not-found', said('visit-not-billable'));
  if (charges.some(({ status }) => status === 'billed')) throw new Problem('rule-broken', said('charge-billed'));
  return charges;
}

/** Adds a line from the fee schedule. What held the visit's place becomes that line. */
export async function addCharge(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  { fee, quantity }: { fee: FhirId; quantity: number },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const [charges, encounter, clinic] = await Promise.all([
      openCharges(deps, scope, visit),
      deps.records.read<Encounter>(scope, 'Encounter', visit),
      readClinic(deps, scope),
    ]);
    const day = dayIn(clinic.timeZone, encounter.period?.start ?? deps.now());
    const definition = clinic.fees.find(({ id }) => id === fee) as Stored<ChargeItemDefinition> | undefined;
    const [first] = charges;
    const ratedAs = first ? ratedAsOf(first) : 'self-pay';
    const unitCents = definition && isInForce(definition, day) ? priceOf(definition, ratedAs, clinic.currency) : undefined;
    if (!definition || unitCents === undefined) throw new Problem('rule-broken', said('no-such-fee'));
    const placeholder = charges.find((charge) => isOpen(charge) && isPlaceholder(charge));
    const nth = Array.from({ length: MOST_CHARGES }, (_, at) => at + 1).find(
      (number) => !charges.some(({ id }) => id === chargeId(scope, visit, number)),
    );
    if (!placeholder && nth === undefined) throw new Problem('rule-broken', said('charge-too-many'));
    const patient = patientOf(encounter);
    // What kept it from being billed was that there was no line: the rest stays in the way.
    const blocks = (first ? blocksOf(first) : []).filter((block) => block === 'no-patient' || block === 'no-diagnosis');
    const id = placeholder?.id ?? chargeId(scope, visit, nth ?? 1);
    const added = toCharge(
      {
        id,
        encounter,
        account: patient && `Account/${accountId(scope, patient)}`,
        currency: clinic.currency,
        ratedAs,
        blocks,
        at: deps.now().toISOString(),
      },
      { fee: definition, unitCents, why: [{ reason: 'added', ...(scope.user.name && { value: scope.user.name }) }] },
      quantity,
    );
    try {
      const write: Write = placeholder
        ? { kind: 'update', resource: { ...added, id }, ifMatch: Number(placeholder.meta.versionId) }
        : { kind: 'create', resource: added, id: FhirId.parse(id) };
      await deps.records.transact(scope, [write, ...heldOpen(charges, [write])]);
      return;
    } catch (error) {
      if (!isLostRace(error) || attempt >= TRIES) throw error;
    }
  }
}

/** Changes how many, or sets what the line comes to with a reason. @throws Problem stale-version when somebody has changed it since */
export async function changeCharge(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  id: FhirId,
  change: ChangeCharge,
): Promise<void> {
  const charge = (await openCharges(deps, scope, visit)).find((one) => one.id === id);
  if (!charge || isPlaceholder(charge)) throw new Problem('not-found', said('no-such-record'));
  const clinic = await readClinic(deps, scope);
  const { priceOverride: _price, overrideReason: _reason, ...rest } = charge;
  await deps.records.update(
    scope,
    {
      ...rest,
      quantity: { value: change.quantity },
      ...(change.totalCents !== undefined && {
        priceOverride: toMoney(change.totalCents, clinic.currency),
        overrideReason: change.reason,
      }),
    } as Stored<ChargeItem>,
    { ifMatch: change.version },
  );
}

/** Takes a line off, with a reason. The last one is taken off by saying that the visit is free. */
export async function removeCharge(deps: BillingDeps, scope: Scope, visit: FhirId, id: FhirId, reason: string): Promise<void> {
  const charges = await openCharges(deps, scope, visit);
  const charge = charges.find((one) => one.id === id);
  if (!charge || !isOpen(charge)) throw new Problem('not-found', said('no-such-record'));
  await deps.records.update(
    scope,
    { ...charge, status: 'not-billable', overrideReason: reason },
    { ifMatch: Number(charge.meta.versionId) },
  );
}

/** The biller has looked at the lines: nothing proposes them away any more. */
export const acceptCharges = (deps: BillingDeps, scope: Scope, visit: FhirId): Promise<void> =>
  changeAll(deps, scope, visit, (charge) => (isPlaceholder(charge) ? charge : { ...charge, status: 'billable' }));

/** Nothing is asked for the visit, with a reason: it leaves the list. */
export const makeFree = (deps: BillingDeps, scope: Scope, visit: FhirId, reason: string): Promise<void> =>
  changeAll(deps, scope, visit, (charge) => ({ ...charge, status: 'not-billable', overrideReason: reason }));

async function changeAll(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  change: (charge: Stored<ChargeItem>) => Stored<ChargeItem>,
): Promise<void> {
  const open = (await openCharges(deps, scope, visit)).filter(isOpen);
  const changed = open
    .map((charge) => ({ before: charge, next: change(charge) }))
    .filter(({ before, next }) => before !== next && before.status !== next.status);
  if (changed.length === 0) return;
  await deps.records.transact(
    scope,
    changed.map(({ before, next }) => ({ kind: 'update', resource: next, ifMatch: Number(before.meta.versionId) })),
    { via: 'transaction' },
  );
}
