import { createHash } from 'node:crypto';
import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type CountedReport, ProblemReport } from '../../schemas/reports.ts';
import { Problem, said } from '../outcome.ts';
import { expiresAt, type Item, keyItem, stringOf } from '../store/item.ts';
import { keys, REPORTS } from '../store/keys.ts';
import { orUnavailable } from '../store/table.ts';

/** A fault that nobody has met for so long is forgotten. */
const LIFE_SECONDS = 90 * 86_400;
/** Reports of one person in an hour: somebody whose screen breaks again and again has said enough. */
export const MOST_AN_HOUR = 10;
const HOUR_MS = 3_600_000;
/** Faults that operators are shown. */
const MOST_SHOWN = 200;

/** Reports of broken screens, each fault once with its count. Nothing in it names a person, a clinic or a record. */
export class ReportBook {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #nowMs: () => number;
  constructor({ client, table, nowMs = Date.now }: { client: DynamoDBClient; table: string; nowMs?: () => number }) {
    this.#client = client;
    this.#table = table;
    this.#nowMs = nowMs;
  }

  /** Counts the report. @throws Problem too-many-requests when the person has sent their share of this hour */
  async add(user: string, report: ProblemReport): Promise<void> {
    const now = new Date(this.#nowMs());
    await this.#countSender(user, now);
    await orUnavailable(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyItem(keys.report(faultOf(report))),
          UpdateExpression:
            'ADD #count :one SET #report = :report, #last = :now, #first = if_not_exists(#first, :now), #expires = :expires',
          ExpressionAttributeNames: {
            '#count': 'count',
            '#report': 'report',
            '#first': 'first',
            '#last': 'last',
            '#expires': 'expires',
          },
          ExpressionAttributeValues: {
            ':one': { N: '1' },
            ':report': { S: JSON.stringify(report) },
            ':now': { S: now.toISOString() },
            ':expires': expiresAt(now, LIFE_SECONDS),
          },
        }),
      ),
    );
  }

  async #countSender(user: string, now: Date): Promise<void> {
    const hour = Math.floor(now.getTime() / HOUR_MS);
    try {
      await orUnavailable(
        this.#client.send(
          new UpdateItemCommand({
            TableName: this.#table,
            Key: keyItem(keys.reportsOf(shortHash(user), hour)),
            UpdateExpression: 'ADD #count :one SET #expires = :expires',
            // The condition is judged with the write: of many at once, exactly the allowed number pass.
            ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
            ExpressionAttributeNames: { '#count': 'count', '#expires': 'expires' },
            ExpressionAttributeValues: {
              ':one': { N: '1' },
              ':most': { N: String(MOST_AN_HOUR) },
              ':expires': expiresAt(now, 2 * 3_600),
            },
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      throw new Problem('too-many-requests', said('reports-enough'), { cause: error });
    }
  }

  /** The faults, the last met first. */
  async list(): Promise<readonly CountedReport[]> {
    const { Items = [] } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: REPORTS } },
          ConsistentRead: true,
          Limit: MOST_SHOWN,
        }),
      ),
    );
    return Items.map(toCounted).sort((a, b) => b.last.localeCompare(a.last));
  }
}

/** Two reports are of one fault when the same version broke in the same way at the same place, whoever met it in whatever browser. */
const faultOf = ({ version, route, place, error, kind, frames }: ProblemReport): string =>
  shortHash(JSON.stringify([version, route, place, error, kind, frames[0] ?? null]));
const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const toCounted = (item: Item): CountedReport => ({
  id: stringOf(item, 'sk'),
  count: Number(item.count?.N ?? 0),
  first: stringOf(item, 'first'),
  last: stringOf(item, 'last'),
  report: ProblemReport.parse(JSON.parse(stringOf(item, 'report'))),
});
