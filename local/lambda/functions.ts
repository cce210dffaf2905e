import { dirname } from 'node:path';
import type { LocalCredentials } from '../aws/credentials.ts';
import { constructName } from '../template/attributes.ts';
import { toLambdaFunction } from '../template/functions.ts';
import type { Located, Resolver } from '../template/resolver.ts';
import { FunctionPool, type InvocationResult } from './function-pool.ts';

export interface FunctionsOptions {
  readonly resolver: Resolver;
  readonly credentials: LocalCredentials;
  /** AWS_ENDPOINT_URL_…: where this machine answers for AWS. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly log: (name: string, line: string) => void;
  readonly freshEachTime: boolean;
}

/** Every function of the template, opened when it is first called. */
export class Functions {
  readonly #options: FunctionsOptions;
  readonly #pools = new Map<string, FunctionPool>();

  constructor(options: FunctionsOptions) {
    this.#options = options;
  }

  /** Runs the function once. Never rejects. */
  invoke(located: Located, event: unknown): Promise<InvocationResult> {
    return this.#pool(located).invoke(event);
  }

  /** Opens an environment of each function, one after the other: whoever signs in first waits for none. */
  async warm(all: readonly Located[]): Promise<void> {
    for (const located of all) await this.#pool(located).warm();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #pool(located: Located): FunctionPool {
    const key = `${located.stack.name}/${located.id}`;
    const known = this.#pools.get(key);
    if (known) return known;
    const { resolver, log, freshEachTime } = this.#options;
    const lambda = toLambdaFunction(located, resolver);
    const pool = new FunctionPool(lambda, {
      environment: { ...lambda.environment, ...this.#fromLambdaService(located, lambda) },
      log: (line) => log(constructName(located), line),
      freshEachTime,
    });
    this.#pools.set(key, pool);
    return pool;
  }

  /** What the Lambda service adds to the template's environment, and where the SDKs find the services of this machine. */
  #fromLambdaService(
    located: Located,
    { name, memoryMb, module, handler, region }: ReturnType<typeof toLambdaFunction>,
  ): Record<string, string> {
    const role = this.#options.resolver.property<string>(located, 'Role') ?? '';
    const { accessKeyId, secretAccessKey, sessionToken } = this.#options.credentials.issue({
      role,
      tags: {},
      expiresMs: Number.MAX_SAFE_INTEGER,
    });
    return {
      ...this.#options.endpoints,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      LAMBDA_TASK_ROOT: dirname(module),
      _HANDLER: `index.${handler}`,
      TZ: ':UTC',
    };
  }
}
