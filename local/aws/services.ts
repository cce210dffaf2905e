import type { IncomingMessage, ServerResponse } from 'node:http';
import type { createCloudWatch } from '../events/cloudwatch-api.ts';
import type { createEventBus } from '../events/event-bus.ts';
import type { JsonAnswer } from '../events/sqs-api.ts';
import type { createKms } from '../kms/kms-api.ts';
import type { createSes } from '../messages/ses-api.ts';
import type { createSms } from '../messages/sms-api.ts';
import type { Role } from '../template/roles.ts';
import type { createTextract } from '../textract/textract-api.ts';
import { callerOf } from './caller.ts';
import type { LocalCredentials, Principal } from './credentials.ts';
import { isAllowed } from './policy.ts';
import type { createSsm } from './ssm.ts';
import type { XmlAnswer } from './sts.ts';

export interface Services {
  readonly credentials: LocalCredentials;
  /** What each function may do: a right that a template does not give is missed on one machine too. */
  readonly roles: readonly Role[];
  readonly sqs: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<JsonAnswer>;
  readonly events: ReturnType<typeof createEventBus>;
  readonly cloudWatch: ReturnType<typeof createCloudWatch>;
  readonly textract: ReturnType<typeof createTextract>;
  readonly sts: (form: URLSearchParams, caller: Principal | undefined) => XmlAnswer;
  readonly ses: ReturnType<typeof createSes>;
  readonly sms: ReturnType<typeof createSms>;
  readonly ssm: ReturnType<typeof createSsm>;
  readonly kms: ReturnType<typeof createKms>;
  /** Answers the Cognito admin API itself. */
  readonly cognito: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const SEND_EMAIL = '/v2/email/outbound-emails';

/** One loopback address for the AWS services that the functions call: the SDK's headers, and SES's path, tell which is meant. */
export const createServices =
  ({ credentials, roles, sqs, events, cloudWatch, textract, sts, ses, sms, ssm, kms, cognito }: Services) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [service, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (service === 'AWSCognitoIdentityProviderService') return cognito(request, response);
    const body = await textOf(request);
    const caller = callerOf(request, credentials);
    const may = (action: string, resource: string, context: Readonly<Record<string, readonly string[]>> = {}): boolean =>
      mayCall(caller, roles, { action, resource, context });
    if (service === 'AmazonSQS') return sendJson(response, await sqs(operation, JSON.parse(body) as Record<string, unknown>));
    if (service === 'AWSEvents') return sendJson(response, events(operation, JSON.parse(body), may));
    // CloudWatch's name on the wire since its first version.
    if (service === 'GraniteServiceVersion20100801')
      return sendJson(
        response,
        cloudWatch(operation, JSON.parse(body), () => may('cloudwatch:GetMetricData', '*')),
      );
    if (service === 'Textract')
      return sendJson(response, await textract(operation, JSON.parse(body), () => may('textract:DetectDocumentText', '*')));
    if (service === 'PinpointSMSVoiceV2')
      return sendJson(
        response,
        sms(operation, JSON.parse(body), (origin) => may('sms-voice:SendTextMessage', origin)),
      );
    if (service === 'AmazonSSM')
      return sendJson(
        response,
        ssm(operation, JSON.parse(body), (arn) => may('ssm:GetParameter', arn)),
      );
    // KMS's name on the wire.
    if (service === 'TrentService') return sendJson(response, kms(operation, JSON.parse(body), may));
    if (request.method === 'POST' && request.url === SEND_EMAIL)
      return sendJson(
        response,
        ses(JSON.parse(body), (identity, from) => may('ses:SendEmail', identity, { 'ses:FromAddress': [from] })),
      );
    const { status, xml } = sts(new URLSearchParams(body), caller);
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(xml);
  };

/** The runtime itself may do everything. */
function mayCall(caller: Principal | undefined, roles: readonly Role[], question: Parameters<typeof isAllowed>[2]): boolean {
  if (!caller) return false;
  if (caller.role === 'root') return true;
  return isAllowed(roles.find(({ arn }) => arn === caller.role)?.rights ?? [], caller, question);
}

function sendJson(response: ServerResponse, { status, body }: JsonAnswer): void {
  const { __type: type } = body as { __type?: string };
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    // SQS's old clients read the first, REST services' the second.
    ...(type && { 'x-amzn-query-error': `${type.split('#').at(-1)};Sender`, 'x-amzn-errortype': type }),
  });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
