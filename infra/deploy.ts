import { readFileSync } from 'node:fs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { buildFunctions, buildWeb } from './build.ts';
import { keptSecret } from './kept-secret.ts';
import { isMain, runNode } from './run-node.ts';
import { misplacedOrigin, OUTPUTS_FILE, type StackOutputs } from './stack-outputs.ts';

const CDK = 'node_modules/aws-cdk/bin/cdk';
/** Parameters that are not named keep the value of the last deployment. */
const secretParameters = (secret: string): string[] =>
  ['TesseraEdge', 'TesseraFeatures'].flatMap((stack) => ['--parameters', `${stack}:OriginSecret=${secret}`]);

/** Puts this checkout into the AWS account of the credentials in use. Arguments go on to `cdk deploy`. What it needs: docs/operations.md. */
async function deploy(passedOn: readonly string[]): Promise<void> {
  const { account, region } = await whoAndWhere();
  console.log(`Deploying to account ${account}, ${region}.`);
  await Promise.all([buildFunctions(), buildWeb()]);
  const secret = await keptSecret(new SSMClient({ region }));

  const environment = { AWS_REGION: region };
  await runNode([CDK, 'deploy', '--all', ...secretParameters(secret), '--outputs-file', OUTPUTS_FILE, ...passedOn], environment);

  const outputs = JSON.parse(readFileSync(OUTPUTS_FILE, 'utf8')) as StackOutputs;
  const origin = misplacedOrigin(outputs);
  // Only on the first deployment, or when the address changes: the distribution is younger than the document bucket.
  if (origin)
    await runNode(
      [CDK, 'deploy', 'Data', '--exclusively', '--parameters', `TesseraData:AppOrigin=${origin}`, ...passedOn],
      environment,
    );
  console.log(`Tessera is at ${outputs.TesseraEdge?.AppUrl}. The first operator: docs/operations.md.`);
}

/** @throws with one sentence when nobody is signed in or no region is chosen */
async function whoAndWhere(): Promise<{ account: string; region: string }> {
  const sts = new STSClient({});
  const region = await sts.config.region().catch(() => undefined);
  if (!region) throw new Error('Choose the region: set AWS_REGION, or a region in your AWS profile.');
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: String(Account), region };
  } catch (error) {
    throw new Error('Sign in to AWS first: no credentials were found, or they have expired (docs/operations.md).', {
      cause: error,
    });
  }
}

if (isMain(import.meta.url)) {
  try {
    await deploy(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
