import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { tessera } from '../../infra/tessera.ts';

export const STACKS = ['Firewall', 'Data', 'Edge', 'Identity', 'Features'] as const;
export type StackName = (typeof STACKS)[number];

/** What CloudFormation reads; the values below `Properties` may still hold intrinsic functions. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}
export interface Found extends Resource {
  readonly stack: StackName;
  readonly logicalId: string;
}

/** One synthesis of the app, without building anything: empty bundles and an empty web app stand in for the real ones. */
export class Synthesis {
  readonly app: App;
  /** Folder of the templates. */
  readonly directory: string;
  readonly templates: Readonly<Record<string, Template>>;

  /** @param change what to do to the app before it is synthesised. */
  constructor(context: Readonly<Record<string, unknown>> = {}, change: (app: App) => void = () => {}) {
    const assets = standIns();
    this.app = tessera({
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:disable-asset-staging': true,
      functionsDir: join(assets, 'functions'),
      webDir: join(assets, 'web'),
      ...context,
    });
    change(this.app);
    const assembly = this.app.synth();
    process.once('exit', () => rmSync(assembly.directory, { recursive: true, force: true }));
    this.directory = assembly.directory;
    this.templates = Object.fromEntries(assembly.stacks.map((stack) => [stack.id, stack.template as Template]));
  }

  /** Every resource of a type, over all stacks. */
  all(type: string): Found[] {
    return Object.entries(this.templates).flatMap(([stack, template]) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => ({ stack: stack as StackName, logicalId, ...resource })),
    );
  }

  /** The one resource of a type whose logical id begins as given. */
  one(type: string, prefix = ''): Found {
    const [found, ...others] = this.all(type).filter(({ logicalId }) => logicalId.startsWith(prefix));
    if (!found || others.length > 0)
      throw new Error(`${others.length + (found ? 1 : 0)} resources of ${type} begin with "${prefix}", not one.`);
    return found;
  }
}

function standIns(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-templates-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const entry of globSync('functions/*/lambda.ts')) {
    const feature = basename(dirname(entry));
    mkdirSync(join(folder, 'functions', feature), { recursive: true });
    writeFileSync(join(folder, 'functions', feature, 'index.mjs'), `export const handler = () => '${feature}';`);
  }
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html>');
  return folder;
}
