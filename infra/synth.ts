import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions, FUNCTIONS_DIR, WEB_DIR } from './build.ts';
import { fingerprint, whenChanged } from './inputs.ts';
import { isMain, runNode } from './run-node.ts';

export interface SynthOptions {
  /** Where the templates go. */
  readonly outdir?: string;
  /** Whether cdk-nag looks at them too: about as long again. */
  readonly nag?: boolean;
}

/** Builds the functions and writes the CloudFormation templates, in a process of its own that needs no credentials. Skipped when nothing changed. */
export async function synth({ outdir = 'cdk.out', nag = false }: SynthOptions = {}): Promise<'made' | 'unchanged'> {
  await buildFunctions();
  const { CDK_DEFAULT_ACCOUNT = '', CDK_DEFAULT_REGION = '' } = process.env;
  const inputs = fingerprint(
    ['infra', 'cdk.json', 'package-lock.json', FUNCTIONS_DIR, WEB_DIR],
    CDK_DEFAULT_ACCOUNT,
    CDK_DEFAULT_REGION,
    String(nag),
  );
  return whenChanged(join(outdir, 'inputs'), inputs, async () => {
    rmSync(outdir, { recursive: true, force: true });
    await runNode(['infra/app.ts'], {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...contextOfCdkJson(), nag: String(nag) }),
    });
  });
}

/** What the CDK's command line would pass on. */
const contextOfCdkJson = (): Record<string, unknown> =>
  (JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> }).context;

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { outdir: { type: 'string' }, 'no-nag': { type: 'boolean' } } });
  const startedMs = Date.now();
  const outdir = values.outdir ?? 'cdk.out';
  const result = await synth({ outdir, nag: !values['no-nag'] });
  console.log(`Templates in ${outdir} ${result}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}
