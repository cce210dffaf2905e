import { randomBytes } from 'node:crypto';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

export const ORIGIN_SECRET_NAME = '/tessera/origin-secret';

/** The origin secret from Parameter Store; on the first deployment a new one (256 random bits) that is put there, encrypted. */
export async function keptSecret(ssm: Pick<SSMClient, 'send'>): Promise<string> {
  const kept = await findSecret(ssm);
  if (kept) return kept;
  const fresh = randomBytes(32).toString('base64url'); // 43 characters: the template asks for 32
  // Overwrite false: of two first deployments at once one fails here, instead of the two disagreeing.
  await ssm.send(
    new PutParameterCommand({
      Name: ORIGIN_SECRET_NAME,
      Value: fresh,
      Type: 'SecureString',
      Overwrite: false,
      Description: 'What the distribution tells the gateway in x-origin-secret',
    }),
  );
  return fresh;
}

async function findSecret(ssm: Pick<SSMClient, 'send'>): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: ORIGIN_SECRET_NAME, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
