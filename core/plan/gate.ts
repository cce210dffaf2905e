import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../schemas/ids.ts';
import { ADD_ONS, type AddOn } from '../../schemas/plans.ts';
import { Problem, type ProblemIssue, said } from '../outcome.ts';
import { keyItem } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';

/**
 * What a clinic's plan closes and opens, as a row among the clinic's own, for whoever acts in its name to read. It closes one thing only:
 * bookings that patients make online, and only when a payment has been open for the notice. Charting, signing, visits that are booked, the
 * desk's own bookings and exports ask no gate.
 */
export interface Gate {
  /** UTC instant from which patients can no longer book online; undefined: they can. */
  readonly closesOnline: string | undefined;
  readonly addOns: readonly AddOn[];
}
/** Without a row everything of the free plan is open. */
const OPEN: Gate = { closesOnline: undefined, addOns: [] };

export async function readGate(table: Table, tenant: TenantId): Promise<Gate> {
  const item = await table.get(keys.gate(tenant));
  if (!item) return OPEN;
  return { closesOnline: item.closesOnline?.S, addOns: ADD_ONS.filter((name) => item.addOns?.SS?.includes(name)) };
}

export async function keepGate(table: Table, tenant: TenantId, { closesOnline, addOns }: Gate): Promise<void> {
  await orUnavailable(
    table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: {
          ...keyItem(keys.gate(tenant)),
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

/** Why patients cannot book online in a clinic whose plan has been unpaid for longer than the notice; undefined while they can. */
export async function whyNotOnline(table: Table, tenant: TenantId, nowMs: number): Promise<ProblemIssue | undefined> {
  return onlineBookingOpen(await readGate(table, tenant), nowMs) ? undefined : said('online-booking-closed');
}

/** @throws Problem forbidden, that names the way to the add-on. What was recorded with it stays and can be read. */
export async function requireAddOn(table: Table, tenant: TenantId, name: AddOn): Promise<void> {
  const { addOns } = await readGate(table, tenant);
  if (!addOns.includes(name)) throw new Problem('forbidden', said('add-on-missing'));
}
