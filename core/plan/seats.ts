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
 * Counts one more prescriber, in the transaction that makes one. With a turn, on condition that nobody has become one since: a Query is not
 * isolated from the transactions it meets, so the turn is read before the list, and who joins counts too.
 */
export function onePrescriberMore(table: string, tenant: TenantId, turn?: Turn): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: keyItem(keys.seats(tenant)),
      UpdateExpression: 'ADD #n :one',
      ...(turn && { ConditionExpression: unmoved(turn.prescribers) }),
      ExpressionAttributeNames: { '#n': PRESCRIBERS },
      ExpressionAttributeValues: { ':one': { N: '1' }, ...(turn && turnIs(turn.prescribers)) },
    },
  };
}

/** That the plan which has room for all of them has not ended since the turn was read. */
export const planHasNotFallen = (table: string, tenant: TenantId, turn: Turn): TransactWriteItem => ({
  ConditionCheck: {
    TableName: table,
    Key: keyItem(keys.seats(tenant)),
    ConditionExpression: unmoved(turn.falls),
    ExpressionAttributeNames: { '#n': FALLS },
    ...(turn.falls > 0 && { ExpressionAttributeValues: turnIs(turn.falls) }),
  },
});
const unmoved = (count: number): string => (count === 0 ? 'attribute_not_exists(#n)' : '#n = :turn');
const turnIs = (count: number): Record<string, AttributeValue> => (count > 0 ? { ':turn': { N: String(count) } } : {});

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
