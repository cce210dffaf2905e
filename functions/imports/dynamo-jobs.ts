import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { changedPartition, changeTime, keys } from '../../core/store/keys.ts';
import type { Table } from '../../core/store/table.ts';
import type { ImportJob, ImportJobs } from './jobs.ts';

type Item = NonNullable<Awaited<ReturnType<Table['get']>>>;
/** Import ids are made of these, so this range holds every one. */
const ALL_IDS = { from: '0', to: '~' };
const NINETY_DAYS_S = 90 * 24 * 3_600;

/** One item an import: b the job as deflated JSON, n its revision, expires; where it is the news of something also events, cpk and csk. */
export const dynamoJobs = (tableOf: (scope: Pick<Scope, 'tenant'>) => Table, nowMs: () => number): ImportJobs => {
  const put = async (
    scope: Scope,
    job: ImportJob,
    expected: number | undefined,
    events: readonly string[] = [],
  ): Promise<void> => {
    const { pk, sk } = keys.import(scope.tenant, job.id);
    const table = tableOf(scope);
    const command = new PutItemCommand({
      TableName: table.name,
      Item: {
        pk: { S: pk },
        sk: { S: sk },
        b: { B: deflateRawSync(JSON.stringify(job)) },
        n: { N: String(job.revision) },
        expires: { N: String(Math.floor(nowMs() / 1_000) + NINETY_DAYS_S) },
        ...(events.length > 0 && {
          events: { SS: [...events] },
          cpk: { S: changedPartition(scope.tenant, 'Import') },
          csk: { S: changeTime(job.updated) },
        }),
      },
      ...(expected === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'n = :expected', ExpressionAttributeValues: { ':expected': { N: String(expected) } } }),
    });
    try {
      await table.client.send(command);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      throw new Problem('conflict', said('import-busy'), { cause: error });
    }
  };
  return {
    add: (scope, job) => put(scope, job, undefined),
    async find(scope, id) {
      if (!/^[0-9a-z]{1,64}$/.test(id)) return undefined;
      const item = await tableOf(scope).get(keys.import(scope.tenant, id));
      return item && fromItem(item);
    },
    async latest(scope, count) {
      const { items } = await tableOf(scope).query(keys.import(scope.tenant, '').pk, ALL_IDS, {
        order: 'descending',
        limit: count,
      });
      return items.map(fromItem);
    },
    async save(scope, job, events) {
      const next = { ...job, revision: job.revision + 1, updated: new Date(nowMs()).toISOString() };
      await put(scope, next, job.revision, events);
      return next;
    },
  };
};

const fromItem = (item: Item): ImportJob => JSON.parse(inflateRawSync(item.b?.B ?? Buffer.alloc(0)).toString()) as ImportJob;
