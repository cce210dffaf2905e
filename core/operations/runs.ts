import { type AttributeValue, type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../../schemas/ids.ts';
import { errorLines, type Log } from '../http/log.ts';
import { keyItem } from '../store/item.ts';
import { FAILED_PREFIX, keys } from '../store/keys.ts';
import { orUnavailable, type Table } from '../store/table.ts';

/** The last run of what runs by the clock. `note`: figures of that run, and where it goes on. No patient data. */
export const Run = z.object({
  ended: z.iso.datetime(),
  outcome: z.enum(['done', 'unfinished', 'failed']),
  ms: z.number(),
  note: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Run = z.infer<typeof Run>;
export type RunNote = Run['note'];

/** One row a schedule: how its last run went. */
export class Runs {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  constructor({ client, table }: { client: DynamoDBClient; table: string }) {
    this.#client = client;
    this.#table = table;
  }

  async last(schedule: string): Promise<Run | undefined> {
    const request = new GetItemCommand({ TableName: this.#table, Key: keyItem(keys.run(schedule)), ConsistentRead: true });
    const { Item } = await orUnavailable(this.#client.send(request));
    return Item?.run?.S === undefined ? undefined : Run.parse(JSON.parse(Item.run.S));
  }

  async keep(schedule: string, run: Run): Promise<void> {
    const Item = { ...keyItem(keys.run(schedule)), run: { S: JSON.stringify(run) } };
    await orUnavailable(this.#client.send(new PutItemCommand({ TableName: this.#table, Item })));
  }
}

/** How much of one clinic's work waits for a person. */
export async function waitingWorkOf(table: Table, tenant: TenantId): Promise<number> {
  const { pk, sk } = keys.failedCount(tenant, '');
  const { items } = await table.query(pk, { from: sk, to: `${sk}~` }, { order: 'ascending', limit: MOST_COUNTED });
  return items.length;
}
/** Who has more than this has more than can be looked at. */
const MOST_COUNTED = 1_000;

/** Work that waits for a person, over all clinics, by who was to do it. Counted from rows without content. */
export async function failedWorkCounts(client: DynamoDBClient, TableName: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await orUnavailable(
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `${FAILED_PREFIX}all` } },
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      ),
    );
    for (const { worker } of page.Items ?? []) counts[worker?.S ?? ''] = (counts[worker?.S ?? ''] ?? 0) + 1;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return counts;
}

export interface ScheduledDeps {
  readonly schedule: string;
  readonly runs: Runs;
  readonly log: Log;
}

/** What runs by the clock, with the row that says so written at its end. `work` is given the last run, and answers how it went. */
export const scheduled =
  ({ schedule, runs, log }: ScheduledDeps, work: (last: Run | undefined) => Promise<Pick<Run, 'outcome' | 'note'>>) =>
  async (): Promise<void> => {
    const startedMs = Date.now();
    const last = await runs.last(schedule);
    const keep = ({ outcome, note }: Pick<Run, 'outcome' | 'note'>): Promise<void> =>
      runs.keep(schedule, { outcome, note, ended: new Date().toISOString(), ms: Date.now() - startedMs });
    try {
      const result = await work(last);
      await keep(result);
      log({
        level: result.outcome === 'failed' ? 'error' : 'info',
        schedule,
        outcome: result.outcome,
        ms: Date.now() - startedMs,
        ...result.note,
      });
      if (result.outcome !== 'failed') return;
    } catch (error) {
      log({ level: 'error', schedule, ...errorLines(error) });
      await keep({ outcome: 'failed', note: last?.note ?? {} });
    }
    // The runtime logs what is thrown with its message: the lines above have all that a log may know.
    throw new Error('The run failed.');
  };
