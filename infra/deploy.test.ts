import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';
import { keptSecret } from './kept-secret.ts';
import { misplacedOrigin } from './stack-outputs.ts';

/** Parameter Store in memory: what it needs of it is two operations. */
function parameterStore(failure?: Error) {
  const values = new Map<string, string>();
  const send = async (command: unknown): Promise<unknown> => {
    if (failure) throw failure;
    if (command instanceof PutParameterCommand) {
      if (values.has(String(command.input.Name)) && !command.input.Overwrite) throw new Error('ParameterAlreadyExists');
      if (command.input.Type !== 'SecureString') throw new Error('A secret in the clear');
      values.set(String(command.input.Name), String(command.input.Value));
      return {};
    }
    if (!(command instanceof GetParameterCommand)) throw new Error('Unknown command');
    const Value = values.get(String(command.input.Name));
    if (Value === undefined) throw new ParameterNotFound({ $metadata: {}, message: 'none' });
    return { Parameter: { Value } };
  };
  return { send } as unknown as Pick<SSMClient, 'send'>;
}

describe('the origin secret', () => {
  test('is made once and then kept', async () => {
    const ssm = parameterStore();
    const first = await keptSecret(ssm);
    expect(await keptSecret(ssm)).toBe(first);
    expect(await keptSecret(parameterStore())).not.toBe(first);
  });

  test('is what the template asks for', async () => {
    const parameter = new Synthesis().templates.Features?.Parameters?.OriginSecret;
    const secret = await keptSecret(parameterStore());
    expect(secret).toMatch(new RegExp(`^${parameter?.AllowedPattern}$`));
    expect(secret.length).toBeGreaterThanOrEqual(Number(parameter?.MinLength));
    expect(secret.length).toBeLessThanOrEqual(Number(parameter?.MaxLength));
  });

  test('is not replaced because it could not be read', async () => {
    await expect(keptSecret(parameterStore(new Error('AccessDenied')))).rejects.toThrow('AccessDenied');
  });
});

describe('misplacedOrigin', () => {
  test.each([
    {
      data: 'https://app.invalid',
      edge: 'https://d1.cloudfront.net',
      expected: 'https://d1.cloudfront.net',
      because: 'the first deployment',
    },
    {
      data: 'https://d1.cloudfront.net',
      edge: 'https://ehr.example.com',
      expected: 'https://ehr.example.com',
      because: 'a new address',
    },
    { data: 'https://ehr.example.com', edge: 'https://ehr.example.com', expected: undefined, because: 'nothing to do' },
  ])('$data, $edge → $expected: $because', ({ data, edge, expected }) => {
    expect(misplacedOrigin({ TesseraData: { UploadOrigin: data }, TesseraEdge: { AppUrl: edge } })).toBe(expected);
  });

  test('the outputs it reads are in the templates', () => {
    const { templates } = new Synthesis();
    expect(templates.Data?.Outputs?.UploadOrigin?.Value).toEqual({ Ref: 'AppOrigin' });
    expect(templates.Edge?.Outputs?.AppUrl).toBeDefined();
  });
});
