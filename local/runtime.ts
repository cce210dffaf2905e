import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCredentials } from './aws/credentials.ts';
import { startSweeper } from './aws/expiry-sweeper.ts';
import { createServices } from './aws/services.ts';
import { createSsm } from './aws/ssm.ts';
import { createSts } from './aws/sts.ts';
import { createTables } from './aws/tables.ts';
import { createCloudWatch } from './events/cloudwatch-api.ts';
import { EventSources } from './events/event-sources.ts';
import { createSqs } from './events/sqs-api.ts';
import { createApi } from './front-door/api.ts';
import { createDistribution } from './front-door/distribution.ts';
import { type OwnPages, openFrontDoor } from './front-door/server.ts';
import { KeyFile } from './kms/key-file.ts';
import { createKms } from './kms/kms-api.ts';
import { Functions } from './lambda/functions.ts';
import { LogFiles } from './lambda/log-files.ts';
import { LoopbackServer } from './loopback-server.ts';
import { malwareCheck } from './malware/malware-check.ts';
import { MessageStore } from './messages/message-store.ts';
import { createSes } from './messages/ses-api.ts';
import { createSms } from './messages/sms-api.ts';
import { textAnswers } from './messages/text-answers.ts';
import { inboxPages } from './pages/inbox.ts';
import { ObjectStore } from './s3/object-store.ts';
import { createS3 } from './s3/server.ts';
import { derivedSecret } from './startup/derived-secret.ts';
import { openPayments } from './stripe/open.ts';
import { readAssembly } from './template/assembly.ts';
import { attributesAt } from './template/attributes.ts';
import { readBuckets } from './template/buckets.ts';
import { readBehaviours } from './template/distribution.ts';
import { readMailEvents, readMailIdentities } from './template/mail-identities.ts';
import { readMalwarePlans } from './template/malware-plans.ts';
import { readPools, type UserPool } from './template/pools.ts';
import { type Located, Resolver } from './template/resolver.ts';
import { readRoles } from './template/roles.ts';
import { readRoutes } from './template/routes.ts';
import { readSigningKeys } from './template/signing-keys.ts';
import { readTables } from './template/tables.ts';
import { PageReader } from './textract/page-reader.ts';
import { createTextract } from './textract/textract-api.ts';

/** What answers for Cognito: the sign-in pages under /oidc/ and the admin API. */
export interface IdentityServer {
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  cognitoApi(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
export interface PoolWithTrigger extends UserPool {
  /** Runs the pool's pre-token trigger of the template and answers what it made of the event. */
  readonly trigger: ((event: unknown) => Promise<unknown>) | undefined;
}

export interface RuntimeOptions {
  /** Where the template was synthesised. */
  readonly assemblyDir: string;
  readonly dataDir: string;
  /** Random text of the data folder, from which all secrets of this installation follow. */
  readonly secret: string;
  readonly port: number;
  readonly dynamoDbEndpoint: string;
  /** Makes what stands for Cognito. Undefined: nobody can sign in. */
  readonly identity?: (pools: readonly PoolWithTrigger[], origin: string) => Promise<IdentityServer>;
  /** Further pages of the local runtime on the front door. */
  readonly ownPages?: readonly OwnPages[];
  /** A new thread for every event. */
  readonly freshWorkers?: boolean;
}

/** The whole of Tessera on one machine, as the template describes it. */
export interface Runtime {
  readonly url: string;
  readonly resolver: Resolver;
  /** AWS_ENDPOINT_URL_… and credentials of this machine, for programs that act as the installation's owner. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tablesMade: 'made' | 'there';
  /** Opens an environment of each function behind a route. Answers come without it, the first of each a little later. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Opens everything that the template in `assemblyDir` describes. Resolves when the front door answers. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir, port, dynamoDbEndpoint, secret } = options;
  const [s3, services] = [await LoopbackServer.open(), await LoopbackServer.open()];
  const origin = `http://localhost:${port}`;
  const resolver = new Resolver(readAssembly(options.assemblyDir), attributesAt({ origin, s3: s3.url, services: services.url }), {
    parameters: { AppOrigin: origin },
    secretFor: (name) => derivedSecret(secret, name),
  });
  const credentials = new LocalCredentials(derivedSecret(secret, 'credentials'));
  const logs = new LogFiles(join(dataDir, 'logs'));
  const payments = await openPayments({
    dataDir,
    origin,
    secret,
    log: (line) => logs.write('stripe', JSON.stringify(line)),
    onFault: (error) =>
      logs.write('runtime', `Stripe's stand-in failed: ${error instanceof Error ? error.stack : String(error)}`),
  });
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_STS: services.url,
    AWS_ENDPOINT_URL_SQS: services.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: services.url,
    AWS_ENDPOINT_URL_CLOUDWATCH: services.url,
    AWS_ENDPOINT_URL_TEXTRACT: services.url,
    AWS_ENDPOINT_URL_KMS: services.url,
    AWS_ENDPOINT_URL_SESV2: services.url,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: services.url,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: services.url,
    AWS_ENDPOINT_URL_SSM: services.url,
    ...payments.environment,
  };
  const functions = new Functions({
    resolver,
    credentials,
    endpoints,
    log: (name, line) => logs.write(name, line),
    freshEachTime: options.freshWorkers ?? false,
  });
  const invoke = (lambda: Located, event: unknown) => functions.invoke(lambda, event);

  const owner = ownerEnvironment(credentials, resolver, endpoints);
  const database = new DynamoDBClient({
    endpoint: dynamoDbEndpoint,
    region: owner.AWS_REGION,
    credentials: { accessKeyId: owner.AWS_ACCESS_KEY_ID, secretAccessKey: owner.AWS_SECRET_ACCESS_KEY },
  });
  const tables = readTables(resolver);
  const tablesMade = await createTables(database, tables);
  const stopSweeper = startSweeper(database, tables, (line) => logs.write('runtime', line));

  mkdirSync(join(dataDir, 's3'), { recursive: true });
  const roles = readRoles(resolver);
  const objects = new ObjectStore(join(dataDir, 's3'));
  const messages = new MessageStore(join(dataDir, 'messages.db'));
  const events = new EventSources({
    resolver,
    dataDir,
    dynamoDbEndpoint,
    invoke,
    log: (line) => logs.write('runtime', line),
    archive: (event) => logs.write('bus', event),
  });
  const created = malwareCheck({ plans: readMalwarePlans(resolver), objects, tell: (event) => events.tell(event) });
  s3.answerWith(createS3({ buckets: readBuckets(resolver), roles, store: objects, credentials, created }));
  const pageReader = new PageReader();
  const identity = await options.identity?.(poolsOf(resolver, invoke), origin);
  services.answerWith(
    createServices({
      credentials,
      roles,
      ses: createSes({
        identities: readMailIdentities(resolver),
        store: messages,
        eventsOf: readMailEvents(resolver),
        tell: (event) => events.tell(event),
      }),
      sms: createSms({ store: messages, tell: (event) => events.tell(event) }),
      kms: createKms({ signingKeys: readSigningKeys(resolver), keys: new KeyFile(join(dataDir, 'signing-keys.json')) }),
      sqs: createSqs({ queues: events.queues, store: events.store, sent: (queue) => events.wake(queue) }),
      events: events.bus,
      cloudWatch: createCloudWatch({ queues: events.queues, store: events.store }),
      ssm: createSsm({
        parameters: payments.parameters,
        region: owner.AWS_REGION,
        account: resolver.assembly.stacks[0]?.account ?? '000000000000',
      }),
      textract: createTextract(pageReader),
      sts: createSts({ roles, credentials }),
      cognito: async (request, response) =>
        identity ? identity.cognitoApi(request, response) : void response.writeHead(501).end(),
    }),
  );
  events.start();

  const routes = readRoutes(resolver);
  const [api] = resolver.all('AWS::ApiGatewayV2::Api');
  const serveApi = createApi({
    routes,
    apiId: api ? String(resolver.attribute(api)) : 'local',
    accountId: api?.stack.account ?? '000000000000',
    invoke,
  });
  const own = [
    ...(identity ? [(request: IncomingMessage, response: ServerResponse) => identity.handle(request, response)] : []),
    inboxPages(messages, textAnswers(resolver, invoke)),
    payments.pages,
    ...(options.ownPages ?? []),
  ];
  const door = await openFrontDoor({ port, serve: createDistribution(readBehaviours(resolver), serveApi), own });
  payments.ready();
  return {
    url: origin,
    resolver,
    environment: owner,
    tablesMade,
    warm: () => functions.warm([...new Map(routes.map(({ function: lambda }) => [lambda.id, lambda])).values()]),
    async close() {
      stopSweeper();
      events.close();
      const closed = new Promise((resolve) => door.close(resolve));
      door.closeAllConnections();
      await Promise.all([closed, functions.close(), s3.close(), services.close(), payments.close(), pageReader.close()]);
      events.store.close();
      messages.close();
      objects.close();
      database.destroy();
      await logs.close();
    },
  };
}

function ownerEnvironment(credentials: LocalCredentials, resolver: Resolver, endpoints: Readonly<Record<string, string>>) {
  const issued = credentials.issue({ role: 'root', tags: {}, expiresMs: Number.MAX_SAFE_INTEGER });
  return {
    ...endpoints,
    AWS_REGION: resolver.assembly.stacks[0]?.region ?? 'us-east-1',
    AWS_ACCESS_KEY_ID: issued.accessKeyId,
    AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
    AWS_SESSION_TOKEN: issued.sessionToken,
  };
}

function poolsOf(
  resolver: Resolver,
  invoke: (lambda: Located, event: unknown) => ReturnType<Functions['invoke']>,
): PoolWithTrigger[] {
  return readPools(resolver).map((pool) => {
    const { preToken } = pool;
    if (!preToken) return { ...pool, trigger: undefined };
    return {
      ...pool,
      async trigger(event) {
        const result = await invoke(preToken, event);
        if (result.kind === 'answer') return JSON.parse(result.payload) as unknown;
        throw new Error(`The pre-token trigger failed: ${result.kind === 'error' ? result.error.errorMessage : 'throttled'}`);
      },
    };
  });
}
