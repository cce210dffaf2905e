import { type AttributeValue, GetItemCommand, type TransactWriteItem, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../schemas/ids.ts';
import { keyItem } from '../store/item.ts';
import { keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';

/*
 * Who races for a clinic's room for prescribers: one row that counts how often somebody has become one, and how often the clinic has come to
 * the free plan. It is read before the staff and the plan are, and what is decided by them holds only if it has not moved.
 */
type Place = Pick<Table, 'client' | 'name'>;
export interface Turn {
  readonly prescribers: number;
  readonly falls: number;
}
const PRESCRIBERS = 'n';
const FALLS = 'falls';

export async function turnOf({ client, name: table }: Place, tenant: TenantId): Promise<Turn> {
  const request = new GetItemCommand({ TableName: table, Key: keyItem(keys.seats(tenant)), ConsistentRead: true });
  const { Item } = await orUnavailable(client.send(request));
  return { prescribers: Number(Item?.[PRESCRIBERS]?.N ?? 0), falls: Number(Item?.[FALLS]?.N ?? 0) };
}

/**
 * Counts one more prescriber, in the transaction that makes one, however much room there is: who decides on limited room hears of it. `since`:
 * on condition that nobody has become one since the turn was read (a Query is not isolated from the transactions it meets, so the turn is read
 * before the list), or that the plan which has room for all has not ended since.
 */
export function onePrescriberMore(table: string, tenant: TenantId, since: Partial<Turn> = {}): TransactWriteItem {
  const rests = Object.entries({ [PRESCRIBERS]: since.prescribers, [FALLS]: since.falls }).flatMap(([name, count]) =>
    count === undefined ? [] : [{ name, count }],
  );
  const conditions = rests.map(({ name, count }) => (count === 0 ? `attribute_not_exists(#${name})` : `#${name} = :${name}`));
  const counts = rests.flatMap(({ name, count }): [string, AttributeValue][] =>
    count === 0 ? [] : [[`:${name}`, { N: String(count) }]],
  );
  return {
    Update: {
      TableName: table,
      Key: keyItem(keys.seats(tenant)),
      UpdateExpression: `ADD #${PRESCRIBERS} :one`,
      ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
      ExpressionAttributeNames: Object.fromEntries(
        [PRESCRIBERS, ...rests.map(({ name }) => name)].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: { ':one': { N: '1' }, ...Object.fromEntries(counts) },
    },
  };
}

/** Told after the gate is closed: whoever has read it open before begins anew. */
export async function planFell({ client, name: table }: Place, tenant: TenantId): Promise<void> {
  await orUnavailable(
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: keyItem(keys.seats(tenant)),
        UpdateExpression: 'ADD #n :one',
        ExpressionAttributeNames: { '#n': FALLS },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    ),
  );
}
