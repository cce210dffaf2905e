import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Directory } from '../../core/directory/directory.ts';
import { type Demo, loadDemo } from '../demo/load-demo.ts';
import type { Identity } from '../identity/identity.ts';
import type { Progress } from '../pages/progress.ts';
import type { Runtime } from '../runtime.ts';

export interface DemoOptions {
  readonly runtime: Runtime;
  readonly identity: Identity;
  readonly dataDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const TASK = 'Demo charts';

/** Opens the demo clinics: their people at once, their charts while people sign in. */
export async function openDemo({ runtime, identity, dataDir, progress, signal }: DemoOptions): Promise<Demo> {
  const { environment, resolver } = runtime;
  const client = new DynamoDBClient({
    endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  return loadDemo({
    dataDir,
    url: runtime.url,
    users: (pool) => identity.users(pool),
    directory: new Directory({ client, table: recordsTable(resolver) }),
    report: ({ done, total }) => progress.report({ title: TASK, done, total }),
    signal,
  });
}

/** The table that the template's functions know as RECORDS_TABLE. */
function recordsTable(resolver: Runtime['resolver']): string {
  for (const lambda of resolver.all('AWS::Lambda::Function')) {
    const variables = resolver.property<{ Variables?: Record<string, string> }>(lambda, 'Environment')?.Variables;
    if (variables?.RECORDS_TABLE) return variables.RECORDS_TABLE;
  }
  throw new Error('No function of the template has a RECORDS_TABLE.');
}
