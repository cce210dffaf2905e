import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../local/dynamodb.ts';

/** One DynamoDB Local, in memory, for the whole run; each test brings its own tenant. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await startDynamoDb({});
  project.provide('dynamoDbEndpoint', database.endpoint);
  return () => database.stop();
}

declare module 'vitest' {
  export interface ProvidedContext {
    dynamoDbEndpoint: string;
  }
}
