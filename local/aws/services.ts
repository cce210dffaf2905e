import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonAnswer } from '../events/sqs-api.ts';
import { callerOf } from './caller.ts';
import type { LocalCredentials, Principal } from './credentials.ts';
import type { XmlAnswer } from './sts.ts';

export interface Services {
  readonly credentials: LocalCredentials;
  readonly sqs: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<JsonAnswer>;
  readonly sts: (form: URLSearchParams, caller: Principal | undefined) => XmlAnswer;
  /** Answers the Cognito admin API itself. */
  readonly cognito: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** One loopback address for the AWS services that the functions call: the SDK's headers tell which is meant. */
export const createServices =
  ({ credentials, sqs, sts, cognito }: Services) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [service, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (service === 'AWSCognitoIdentityProviderService') return cognito(request, response);
    const body = await textOf(request);
    if (service === 'AmazonSQS') {
      const answer = await sqs(operation, JSON.parse(body) as Record<string, unknown>);
      const { __type: type } = answer.body as { __type?: string };
      response.writeHead(answer.status, {
        'content-type': 'application/x-amz-json-1.0',
        ...(type && { 'x-amzn-query-error': `${type.split('#').at(-1)};Sender` }),
      });
      response.end(JSON.stringify(answer.body));
      return;
    }
    const { status, xml } = sts(new URLSearchParams(body), callerOf(request, credentials));
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(xml);
  };

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
