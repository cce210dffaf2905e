import { type AttributeValue, DeleteItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type Happening, toEnvelope } from '../../core/events/happening.ts';
import type { Run, RunNote } from '../../core/operations/runs.ts';
import { Problem } from '../../core/outcome.ts';
import {
  ALL_DUE_SHARDS,
  type DueRow,
  duePartition,
  minuteAfter,
  minuteOf,
  minuteStartMs,
  toDueRow,
} from '../../core/store/due.ts';
import { keyItem } from '../../core/store/item.ts';
import { orUnavailable } from '../../core/store/table.ts';

export interface SweepDeps {
  /** Due rows of all tenants, to read and to take away. */
  readonly rows: DueRows;
  /** Hands messages to whoever does the work. Answers how many were not taken. */
  readonly handOver: (messages: readonly string[]) => Promise<number>;
  /** Writes down how far it is: a run that is ended from outside goes on from there. */
  readonly keepPlace: (note: RunNote) => Promise<void>;
  readonly nowMs: () => number;
  readonly remainingMs: () => number;
}

/** The first run of all begins this far back, minutes: nothing is older than the installation. */
const FIRST_LOOK_MINUTES = 60;
/** Every so many minutes it looks once more at those before: a row whose transaction took long may have come late. */
const LATE_EVERY_MINUTES = 5;
const LATE_MINUTES = 10;
/** Minutes of a long absence that are looked at at the same time. */
const LANES = 8;
/** With less left, the next run goes on. */
const STOP_EARLY_MS = 10_000;

/**
 * Hands out what is due, minute by minute, and keeps the last minute that it has finished. A row goes after it was handed over, so a run
 * that dies, or meets another, hands over twice what it had in hand: whoever does the work does it once.
 */
export async function sweep(deps: SweepDeps, last: Run | undefined): Promise<Pick<Run, 'outcome' | 'note'>> {
  const now = minuteOf(deps.nowMs());
  const finished = typeof last?.note.minute === 'string' ? last.note.minute : minuteAfter(now, -FIRST_LOOK_MINUTES);
  const late =
    Number(now.slice(-2)) % LATE_EVERY_MINUTES === 0 ? minutesBetween(minuteAfter(finished, -LATE_MINUTES), finished) : [];
  let handed = 0;
  for (const minute of late) handed += await handOut(deps, minute);
  let done = finished;
  const wanted = minutesBetween(finished, now);
  while (wanted.length > 0) {
    if (deps.remainingMs() < STOP_EARLY_MS) return { outcome: 'unfinished', note: { minute: done, handed } };
    const some = wanted.splice(0, LANES);
    const counts = await Promise.all(some.map((minute) => handOut(deps, minute)));
    handed += counts.reduce((sum, count) => sum + count, 0);
    done = some.at(-1) ?? done;
    if (wanted.length > 0) await deps.keepPlace({ minute: done, handed });
  }
  return { outcome: 'done', note: { minute: done, handed } };
}

/** The minutes after the first up to the last, oldest first. */
function minutesBetween(after: string, last: string): string[] {
  const count = Math.round((minuteStartMs(last) - minuteStartMs(after)) / 60_000);
  return Array.from({ length: Math.max(0, count) }, (_, at) => minuteAfter(after, at + 1));
}

async function handOut({ rows, handOver }: SweepDeps, minute: string): Promise<number> {
  let handed = 0;
  for (const shard of ALL_DUE_SHARDS) {
    for await (const page of rows.of(minute, shard)) {
      const refused = await handOver(page.map(toMessage));
      if (refused > 0) throw new Problem('unavailable', 'The queue did not take everything that is due.');
      await rows.remove(page);
      handed += page.length;
    }
  }
  return handed;
}

/** A due row as an event: the same whenever it is told, since its minute is part of its id. */
export function toMessage({ tenant, event, type, id, detail, minute }: DueRow): string {
  const happening: Happening = { tenant, type, id, version: 1, event, eventId: `due/${minute}/${event}/${type}/${id}/${detail}` };
  return toEnvelope({ happening, time: new Date(minuteStartMs(minute)).toISOString() });
}

export interface DueRows {
  of(minute: string, shard: number): AsyncIterable<readonly DueRow[]>;
  remove(rows: readonly DueRow[]): Promise<void>;
}

/** Rows taken away at the same time. */
const REMOVED_AT_ONCE = 25;
const PAGE = 250;

export const dynamoDueRows = (client: DynamoDBClient, TableName: string): DueRows => ({
  async *of(minute, shard) {
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await orUnavailable(
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: duePartition(minute, shard) } },
            ConsistentRead: true,
            Limit: PAGE,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      );
      const found = (page.Items ?? []).flatMap((item) => toDueRow(item) ?? []);
      if (found.length > 0) yield found;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  },
  async remove(found) {
    for (let at = 0; at < found.length; at += REMOVED_AT_ONCE) {
      await Promise.all(
        found
          .slice(at, at + REMOVED_AT_ONCE)
          .map((row) => orUnavailable(client.send(new DeleteItemCommand({ TableName, Key: keyItem(row) })))),
      );
    }
  },
});
