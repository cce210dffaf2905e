import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { fromPast, type Item, keyItem, stringOf } from './item.ts';
import {
  CHANGED_INDEX,
  changedPartition,
  changeTime,
  isRecordPk,
  type Key,
  keys,
  parseRecordSk,
  parseVersionsPk,
  pastVersionRange,
  versionOfSk,
} from './keys.ts';
import { orUnavailable, type Table } from './table.ts';

/** Where something that changed stands, and when it did. */
export interface Changed extends Key {
  /** The sort key of the index: later changes sort after it. */
  readonly csk: string;
}

/**
 * What of a type changed in [from, to], oldest first unless asked otherwise, from the index `changed`: keys only, eventually consistent.
 * `from` is an instant, or the `csk` that an earlier page ended at.
 */
export async function changedBetween(
  table: Table,
  tenant: TenantId,
  type: string,
  {
    from,
    to,
    limit,
    order = 'ascending',
  }: { from: { instant: string } | { csk: string }; to: string; limit: number; order?: 'ascending' | 'descending' },
  after?: Changed,
): Promise<{ items: Changed[]; after?: Changed }> {
  const cpk = changedPartition(tenant, type);
  const { Items = [], LastEvaluatedKey } = await orUnavailable(
    table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: CHANGED_INDEX,
        KeyConditionExpression: 'cpk = :cpk AND csk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':cpk': { S: cpk },
          ':from': { S: 'csk' in from ? from.csk : changeTime(from.instant) },
          ':to': { S: changeTime(to) },
        },
        ScanIndexForward: order === 'ascending',
        Limit: limit,
        ...(after && { ExclusiveStartKey: { ...keyItem(after), cpk: { S: cpk }, csk: { S: after.csk } } }),
      }),
    ),
  );
  return { items: Items.map(toChanged), ...(LastEvaluatedKey && { after: toChanged(LastEvaluatedKey) }) };
}

const toChanged = (item: Item): Changed => ({ pk: stringOf(item, 'pk'), sk: stringOf(item, 'sk'), csk: stringOf(item, 'csk') });

/** The record that a changed item is, alive or deleted; undefined for what is no record. */
export function recordOfChanged({ pk, sk }: Key): { type: string; id: FhirId } | undefined {
  if (isRecordPk(pk)) return parseRecordSk(sk);
  return parseVersionsPk(pk);
}

/** Names of what the replaced versions of a record made happen since then, newest first. */
export async function pastEvents(
  table: Table,
  tenant: TenantId,
  { type, id }: { type: string; id: FhirId },
  since: string,
): Promise<{ version: number; lastUpdated: string; events: readonly string[] }[]> {
  const { pk } = keys.pastVersion(tenant, type, id, 1);
  const found: { version: number; lastUpdated: string; events: readonly string[] }[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(pk, pastVersionRange(), { order: 'descending', limit: 20, after });
    for (const item of page.items) {
      const { lastUpdated, events = [] } = fromPast(item);
      if (lastUpdated < since) return found;
      if (events.length > 0) found.push({ version: versionOfSk(stringOf(item, 'sk')), lastUpdated, events });
    }
    after = page.endedAt;
  } while (after !== undefined);
  return found;
}
