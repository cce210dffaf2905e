import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../schemas/ids.ts';
import { ADD_ONS, type AddOn, FREE_LIMITS, limitsPassed, PLANS, type PlanName } from '../../schemas/plans.ts';
import { activePatients } from '../../schemas/usage.ts';
import { Problem, type ProblemIssue, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { keyItem } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';
import { readLedger } from './ledger.ts';

/**
 * What a clinic's plan closes and opens, as a row among the clinic's own, for whoever acts in its name to read. It closes two things only:
 * bookings that patients make online, when a payment has been open for the notice or the free plan is outgrown, and the invitation of a
 * further prescriber into a free plan. Charting, signing, visits that are booked, the desk's own bookings and exports ask no gate.
 */
export interface Gate {
  readonly plan: PlanName;
  /** UTC instant from which patients can no longer book online; undefined: they can. */
  readonly closesOnline: string | undefined;
  readonly addOns: readonly AddOn[];
}
/** Without a row everything of the free plan is open. */
const OPEN: Gate = { plan: 'free', closesOnline: undefined, addOns: [] };

export async function readGate(table: Table, tenant: TenantId): Promise<Gate> {
  const item = await table.get(keys.gate(tenant));
  if (!item) return OPEN;
  const plan = PLANS.find((name) => name === item.plan?.S) ?? 'free';
  return { plan, closesOnline: item.closesOnline?.S, addOns: ADD_ONS.filter((name) => item.addOns?.SS?.includes(name)) };
}

export async function keepGate(table: Table, tenant: TenantId, { plan, closesOnline, addOns }: Gate): Promise<void> {
  await orUnavailable(
    table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: {
          ...keyItem(keys.gate(tenant)),
          plan: { S: plan },
          ...(closesOnline !== undefined && { closesOnline: { S: closesOnline } }),
          ...(addOns.length > 0 && { addOns: { SS: [...addOns] } }),
        },
      }),
    ),
  );
}

/** Whether a patient may make a new booking online. Pure. */
export const onlineBookingOpen = ({ closesOnline }: Pick<Gate, 'closesOnline'>, nowMs: number): boolean =>
  closesOnline === undefined || nowMs < Date.parse(closesOnline);

/**
 * Why patients cannot make new bookings online: the plan has been unpaid for longer than the notice, or more is done on the free plan than it
 * is meant for. Undefined while they can. One read, and one Query of the ledger for a clinic on the free plan.
 */
export async function whyNotOnline(table: Table, tenant: TenantId, nowMs: number): Promise<ProblemIssue | undefined> {
  const gate = await readGate(table, tenant);
  if (!onlineBookingOpen(gate, nowMs)) return said('online-booking-closed');
  if (gate.plan !== 'free') return undefined;
  const ledger = await readLedger(table, tenant);
  const now = new Date(nowMs);
  const month = now.toISOString().slice(0, 7);
  const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  // One busy month is forgiven: both have to be above the limit.
  const encounters = Math.min(...[month, before].map((each) => ledger.get(each)?.encountersFinished ?? 0));
  const counts = { encounters, patients: activePatients(ledger, month) };
  return limitsPassed({ providers: 0, ...counts }).length > 0 ? said('online-booking-closed') : undefined;
}

/** Where whoever looks after the clinic's money chooses a plan and its add-ons. */
const wayUp = ({ slug }: Pick<Scope, 'slug'>): string => `/t/${slug}/settings/plan`;

/** @throws Problem forbidden, that names the way to the add-on. What was recorded with it stays and can be read. */
export async function requireAddOn(table: Table, scope: Pick<Scope, 'tenant' | 'slug'>, name: AddOn): Promise<void> {
  const { addOns } = await readGate(table, scope.tenant);
  if (!addOns.includes(name)) throw new Problem('forbidden', said('add-on-missing', { addOn: name, way: wayUp(scope) }));
}

/**
 * Asked before one more person becomes a prescriber, with how many there would be then. Whoever works in the clinic already goes on, also
 * after a larger plan has ended. True when the room is limited: it has to be claimed in the transaction that makes the prescriber.
 * @throws Problem forbidden, that names the way to a plan with room
 */
export async function requireRoomFor(table: Table, scope: Pick<Scope, 'tenant' | 'slug'>, providers: number): Promise<boolean> {
  const count = FREE_LIMITS.providers;
  if (providers <= count) return true;
  if ((await readGate(table, scope.tenant)).plan !== 'free') return false;
  throw new Problem('forbidden', said('plan-full', { count, way: wayUp(scope) }));
}
