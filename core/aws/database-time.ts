import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** How long at least one call to DynamoDB was under way (ms; calls side by side count once), and how many calls there were. */
export interface DatabaseTime {
  readonly ms: number;
  readonly calls: number;
}

let calls = 0;
let ms = 0;
let underWay = 0;
let sinceMs = 0;

/** Counts this client's calls in. */
export function timed<C extends DynamoDBClient>(client: C): C {
  client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (underWay === 0) sinceMs = performance.now();
      underWay += 1;
      try {
        return await next(args);
      } finally {
        underWay -= 1;
        if (underWay === 0) ms += performance.now() - sinceMs;
      }
    },
    { step: 'initialize', name: 'databaseTime', priority: 'high' },
  );
  return client;
}

/** What has been counted since the last take. An environment handles one event at a time, so between two takes lies one request. */
export function takeDatabaseTime(): DatabaseTime {
  const taken = { ms, calls };
  calls = 0;
  ms = 0;
  return taken;
}
