import * as z from 'zod';
import type { JsonAnswer } from '../events/sqs-api.ts';

const GetParameter = z.object({ Name: z.string().startsWith('/'), WithDecryption: z.boolean().optional() });

export interface SsmOptions {
  /** The text of each parameter by its name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly region: string;
  readonly account: string;
}

/** GetParameter of Systems Manager, for the secrets that an operator would have put there. */
export const createSsm =
  ({ parameters, region, account }: SsmOptions) =>
  (operation: string, input: unknown, mayRead: (arn: string) => boolean): JsonAnswer => {
    if (operation !== 'GetParameter') return failure('ValidationException', `Parameters here do not know ${operation}.`);
    const asked = GetParameter.safeParse(input);
    if (!asked.success) return failure('ValidationException', z.prettifyError(asked.error));
    const { Name, WithDecryption } = asked.data;
    const ARN = `arn:aws:ssm:${region}:${account}:parameter${Name}`;
    if (!mayRead(ARN))
      return failure('AccessDeniedException', `The caller is not authorized to perform ssm:GetParameter on ${ARN}`);
    const value = parameters[Name];
    if (value === undefined) return failure('ParameterNotFound', `There is no parameter ${Name}.`);
    // Without the decryption that is asked for, its text would be of no use.
    const Value = WithDecryption ? value : 'encrypted';
    return { status: 200, body: { Parameter: { Name, ARN, Type: 'SecureString', Value, Version: 1, DataType: 'text' } } };
  };

const failure = (code: string, message: string): JsonAnswer => ({ status: 400, body: { __type: code, message } });
