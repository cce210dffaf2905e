import { type GatewayRefusal, MOST_INVOCATION_BYTES, REFUSALS } from './limits.ts';

/** An HTTP answer, ready to be sent. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** The gateway's own answer: a bare message, not an OperationOutcome. */
export function refusal({ status, message }: GatewayRefusal): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}

/** What an HTTP API makes of a function's answer, given as JSON text: format 2.0, or any other value as a 200 of JSON. */
export function toHttpAnswer(payload: string): HttpAnswer {
  if (Buffer.byteLength(payload) > MOST_INVOCATION_BYTES) return refusal(REFUSALS.functionFailed);
  const answer = JSON.parse(payload) as unknown;
  if (!isStructured(answer)) return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(payload) };
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded = false } = answer;
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599 || typeof body !== 'string')
    return refusal(REFUSALS.functionFailed);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

interface StructuredAnswer {
  statusCode: number;
  headers?: Record<string, string | number | boolean>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}
const isStructured = (answer: unknown): answer is StructuredAnswer =>
  typeof answer === 'object' && answer !== null && 'statusCode' in answer;
