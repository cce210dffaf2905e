import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../local/template/assembly.ts';

type Template = { Resources: Record<string, unknown> };

/** A copy of a synthesised template that a test may add resources to, as somebody who changes `infra/` would. */
export class TemplateCopy {
  readonly directory: string;

  constructor(original: string) {
    this.directory = join(mkdtempSync(join(tmpdir(), 'tessera-copy-')), 'assembly');
    cpSync(original, this.directory, { recursive: true });
  }

  /** Logical ids of a stack's resources of a type. */
  idsOf(type: string): { stack: string; id: string }[] {
    return readAssembly(this.directory).stacks.flatMap(({ name, resources }) =>
      [...resources].flatMap(([id, resource]) => (resource.Type === type ? [{ stack: name, id }] : [])),
    );
  }

  /** Adds resources to the stack. */
  add(
    stackName: string,
    resources: Readonly<
      Record<string, { Type: string; Properties: Record<string, unknown>; Metadata?: Record<string, unknown> }>
    >,
  ): void {
    const file = this.#templateOf(stackName);
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    Object.assign(template.Resources, resources);
    writeFileSync(file, JSON.stringify(template));
  }

  /** Writes a function's code, and answers the resource that runs it. */
  lambda(
    name: string,
    code: string,
    properties: Record<string, unknown> = {},
  ): { Type: string; Properties: Record<string, unknown>; Metadata: Record<string, unknown> } {
    const asset = join(this.directory, `asset.${name}`);
    mkdirSync(asset, { recursive: true });
    writeFileSync(join(asset, 'index.mjs'), code);
    return {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 5, MemorySize: 128, ...properties },
      Metadata: { 'aws:asset:path': `asset.${name}` },
    };
  }

  #templateOf(stackName: string): string {
    const manifest = JSON.parse(readFileSync(join(this.directory, 'manifest.json'), 'utf8')) as {
      artifacts: Record<string, { type: string; properties?: { stackName?: string; templateFile?: string } }>;
    };
    const [found] = Object.entries(manifest.artifacts).filter(
      ([id, { properties }]) => properties?.templateFile && (properties.stackName ?? id) === stackName,
    );
    if (!found) throw new Error(`There is no stack ${stackName}.`);
    return join(this.directory, found[1].properties?.templateFile ?? '');
  }
}
