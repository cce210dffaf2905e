import { readFileSync } from 'node:fs';

/** Where a deployment's outputs are kept in this checkout. */
export const OUTPUTS_FILE = 'build/outputs.json';

/** What `cdk deploy --outputs-file` writes: outputs by stack name. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/** The outputs of the deployment that was made from this checkout. @throws Error when there was none */
export function deployedOutputs(): StackOutputs {
  try {
    return JSON.parse(readFileSync(OUTPUTS_FILE, 'utf8')) as StackOutputs;
  } catch (error) {
    throw new Error(`${OUTPUTS_FILE} is missing: run npm run deploy from this folder first.`, { cause: error });
  }
}

/** The app's address when the document bucket does not yet accept uploads from it. */
export function misplacedOrigin({ TesseraData, TesseraEdge }: StackOutputs): string | undefined {
  const appUrl = TesseraEdge?.AppUrl;
  return appUrl !== undefined && appUrl !== TesseraData?.UploadOrigin ? appUrl : undefined;
}
