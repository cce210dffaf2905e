import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One entry of a CloudFormation template's Resources. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Stack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, { Value: unknown; Export?: { Name: unknown } }>>;
  readonly parameters: Readonly<Record<string, { Type: string; Default?: unknown }>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Directory (or file) of each asset, by the name it has in the bootstrap bucket without its extension. */
  readonly assets: ReadonlyMap<string, string>;
}

/** What `cdk synth` wrote: the only list of tables, buckets, functions, queues, schedules and routes there is. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly Stack[];
}

interface Artifact {
  type: string;
  environment?: string;
  properties?: { templateFile?: string; stackName?: string; file?: string; directoryName?: string };
}

/** Reads every stack of a cloud assembly, those of nested stages too. @throws Error when nothing was synthesised there. */
export function readAssembly(directory: string): Assembly {
  if (!existsSync(join(directory, 'manifest.json')))
    throw new Error(`There is no synthesised template in ${directory}: run npm run synth.`);
  return { directory, stacks: stacksIn(directory) };
}

function stacksIn(directory: string): Stack[] {
  const artifacts = Object.entries(readJson<{ artifacts: Record<string, Artifact> }>(join(directory, 'manifest.json')).artifacts);
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue;
    const { files } = readJson<{ files: Record<string, { source: { path?: string } }> }>(join(directory, properties.file));
    for (const [hash, { source }] of Object.entries(files)) if (source.path) assets.set(hash, resolve(directory, source.path));
  }
  return artifacts.flatMap(([id, { type, properties, environment }]) => {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName) return stacksIn(join(directory, properties.directoryName));
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) return [];
    return [toStack(properties.stackName ?? id, environment, join(directory, properties.templateFile), assets)];
  });
}

function toStack(
  name: string,
  environment: string | undefined,
  templateFile: string,
  assets: ReadonlyMap<string, string>,
): Stack {
  const template = readJson<{
    Resources?: Record<
      string,
      { Type: string; Properties?: Record<string, unknown>; Metadata?: Record<string, unknown>; Condition?: string }
    >;
    Outputs?: Stack['outputs'];
    Parameters?: Stack['parameters'];
    Conditions?: Stack['conditions'];
  }>(templateFile);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
  return {
    name,
    account: account && /^\d{12}$/.test(account) ? account : '000000000000',
    region: region && /^[a-z]+-[a-z-]+-\d$/.test(region) ? region : 'us-east-1',
    resources: new Map(
      Object.entries(template.Resources ?? {}).map(([id, { Properties = {}, Metadata = {}, ...rest }]) => [
        id,
        { Properties, Metadata, ...rest },
      ]),
    ),
    outputs: template.Outputs ?? {},
    parameters: template.Parameters ?? {},
    conditions: template.Conditions ?? {},
    assets,
  };
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
