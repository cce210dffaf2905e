import { sign } from 'node:crypto';
import * as z from 'zod';
import type { JsonAnswer } from '../events/sqs-api.ts';
import type { KeyFile } from './key-file.ts';

export interface KmsOptions {
  /** ARNs of the template's keys that sign. */
  readonly signingKeys: readonly string[];
  readonly keys: KeyFile;
}

const Asked = z.object({ KeyId: z.string() });
const Sign = Asked.extend({
  Message: z.base64().max(5_464), // KMS takes 4,096 bytes
  MessageType: z.literal('RAW'),
  SigningAlgorithm: z.literal('ECDSA_SHA_256'),
});

/** Sign and GetPublicKey of KMS for asymmetric P-256 keys: all that the application asks. */
export const createKms =
  ({ signingKeys, keys }: KmsOptions) =>
  (operation: string, body: unknown, mayCall: (action: string, keyArn: string) => boolean): JsonAnswer => {
    const asked = Asked.safeParse(body);
    const wanted = Sign.safeParse(body);
    if (!asked.success) return failure(400, 'ValidationException', z.prettifyError(asked.error));
    const { KeyId: arn } = asked.data;
    if (!mayCall(`kms:${operation}`, arn))
      return failure(400, 'AccessDeniedException', `The caller is not authorized to perform kms:${operation} on ${arn}`);
    if (!signingKeys.includes(arn)) return failure(400, 'NotFoundException', `Key '${arn}' does not exist`);
    if (operation === 'GetPublicKey') {
      const der = keys.publicKey(arn).export({ format: 'der', type: 'spki' });
      return ok({
        KeyId: arn,
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        PublicKey: der.toString('base64'),
        SigningAlgorithms: ['ECDSA_SHA_256'],
      });
    }
    if (operation !== 'Sign') return failure(400, 'UnknownOperationException', `KMS on this machine knows no ${operation}.`);
    if (!wanted.success) return failure(400, 'ValidationException', z.prettifyError(wanted.error));
    const Signature = sign('sha256', Buffer.from(wanted.data.Message, 'base64'), keys.privateKey(arn)).toString('base64');
    return ok({ KeyId: arn, Signature, SigningAlgorithm: 'ECDSA_SHA_256' });
  };

const ok = (body: Record<string, unknown>): JsonAnswer => ({ status: 200, body });
const failure = (status: number, code: string, message: string): JsonAnswer => ({ status, body: { __type: code, message } });
