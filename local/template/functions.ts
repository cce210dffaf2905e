import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Located, Resolver } from './resolver.ts';

/** A Lambda function as the template describes it, ready to be run from its asset. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** Absolute path of the module. */
  readonly module: string;
  /** Name of the export that is called. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Undefined when only the account's limit holds. */
  readonly reservedConcurrency: number | undefined;
  readonly region: string;
}

/** Lambda's own values where the template says nothing. */
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;
const MODULE_EXTENSIONS = ['.mjs', '.js', '.cjs'];

/** The function that a value of the template points at, through an alias or a version too. */
export function functionBehind({
  stack,
  value,
  resolver,
}: {
  stack: Located['stack'];
  value: unknown;
  resolver: Resolver;
}): Located | undefined {
  const target = resolver.target(stack, value);
  if (!target || target.resource.Type === 'AWS::Lambda::Function') return target;
  const next = target.resource.Properties.FunctionName ?? target.resource.Properties.IntegrationUri;
  return next === undefined ? undefined : functionBehind({ stack: target.stack, value: next, resolver });
}

/** Reads one function. @throws Error when its code is not in the assembly. */
export function toLambdaFunction(located: Located, resolver: Resolver): LambdaFunction {
  const name = String(resolver.attribute(located));
  const [moduleName = 'index', handler = 'handler'] = (resolver.property<string>(located, 'Handler') ?? '').split('.');
  const variables = resolver.property<{ Variables?: Record<string, unknown> }>(located, 'Environment')?.Variables ?? {};
  return {
    name,
    arn: String(resolver.attribute(located, 'Arn')),
    module: moduleFile(join(assetOf(located, resolver), moduleName), name),
    handler,
    environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
    memoryMb: Number(resolver.property(located, 'MemorySize') ?? DEFAULT_MEMORY_MB),
    timeoutSeconds: Number(resolver.property(located, 'Timeout') ?? DEFAULT_TIMEOUT_SECONDS),
    reservedConcurrency: resolver.property<number>(located, 'ReservedConcurrentExecutions'),
    region: located.stack.region,
  };
}

/** The directory that becomes the function's code: by the asset's name in the bootstrap bucket, else by CDK's metadata. */
function assetOf(located: Located, resolver: Resolver): string {
  const key = resolver.property<{ S3Key?: string }>(located, 'Code')?.S3Key ?? '';
  const directory = located.stack.assets.get(key.replace(/\.zip$/, ''));
  if (directory && existsSync(directory) && statSync(directory).isDirectory()) return directory;
  const path = located.resource.Metadata['aws:asset:path'];
  const fallback = typeof path === 'string' ? resolve(resolver.assembly.directory, path) : undefined;
  if (fallback && existsSync(fallback)) return fallback;
  throw new Error(`The code of ${located.id} is not in ${resolver.assembly.directory}.`);
}

function moduleFile(withoutExtension: string, functionName: string): string {
  const found = MODULE_EXTENSIONS.map((extension) => withoutExtension + extension).find((file) => existsSync(file));
  if (!found) throw new Error(`The function ${functionName} has no module ${withoutExtension}${MODULE_EXTENSIONS[0]}.`);
  return found;
}
