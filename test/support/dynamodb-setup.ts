import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../local/dynamodb.ts';

/** One DynamoDB Local, in memory, for each worker of the run: a database does one thing at a time. Each test brings its own tenant. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workers = Number(project.config.maxWorkers) || 1;
  const databases = await Promise.all(Array.from({ length: workers }, () => startDynamoDb({})));
  project.provide(
    'dynamoDbEndpoints',
    databases.map(({ endpoint }) => endpoint),
  );
  return async () => {
    await Promise.all(databases.map((database) => database.stop()));
  };
}

/** That of this worker. */
export function dynamoDbEndpoint(): string {
  const endpoints = inject('dynamoDbEndpoints');
  const endpoint = endpoints[(Number(process.env.VITEST_POOL_ID ?? 1) - 1) % endpoints.length];
  if (!endpoint) throw new Error('No database was started.');
  return endpoint;
}

declare module 'vitest' {
  export interface ProvidedContext {
    dynamoDbEndpoints: readonly string[];
  }
}
