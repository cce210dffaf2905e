import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions, FUNCTIONS_DIR, WEB_DIR } from './build.ts';
import { fingerprint, whenChanged } from './inputs.ts';
import { isMain, runNode } from './run-node.ts';

/**
 * Builds the functions and writes the CloudFormation templates into `outdir`, in a process of its own that needs no credentials and
 * no CDK command line. Skipped when nothing has changed. @throws when cdk-nag finds what no resource has accepted.
 */
export async function synth({
  outdir = 'cdk.out',
  context = {},
}: {
  readonly outdir?: string;
  /** Settings that differ from those of cdk.json. */
  readonly context?: Readonly<Record<string, string>>;
} = {}): Promise<'made' | 'unchanged'> {
  await buildFunctions();
  const { CDK_DEFAULT_ACCOUNT = '', CDK_DEFAULT_REGION = '' } = process.env;
  const inputs = fingerprint(
    ['infra', 'cdk.json', 'package-lock.json', FUNCTIONS_DIR, WEB_DIR],
    CDK_DEFAULT_ACCOUNT,
    CDK_DEFAULT_REGION,
    JSON.stringify(context),
  );
  return whenChanged({ made: join(outdir, 'manifest.json'), stamp: join(outdir, 'inputs'), inputs }, async () => {
    rmSync(outdir, { recursive: true, force: true });
    await runNode(['infra/app.ts'], {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...contextOfCdkJson(), ...context }),
    });
  });
}

/** What the CDK's command line would pass on. */
const contextOfCdkJson = (): object => (JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }).context;

if (isMain(import.meta.url)) {
  const { outdir } = parseArgs({ options: { outdir: { type: 'string', default: 'cdk.out' } } }).values;
  const startedMs = Date.now();
  const result = await synth({ outdir });
  console.log(`Templates in ${outdir} ${result}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}
