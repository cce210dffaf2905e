import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request as it came over the wire, its body read. */
export interface WireRequest {
  readonly method: string;
  /** Path and query as sent: `/api/x?a=1`. */
  readonly target: string;
  /** Names and values alternating, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** The front door's own port. */
  readonly port: number;
}
export interface EventContext {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** What the distribution adds on the way: the origin's custom headers, lower-case. */
  readonly originHeaders: Readonly<Record<string, string>>;
  readonly apiId: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/** The event of payload format 2.0 that an HTTP API makes of a request. */
export function toGatewayEvent(request: WireRequest, context: EventContext): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.target, '?');
  const { headers, cookies } = joinHeaders(request.rawHeaders, forwardedBy(request), context.originHeaders);
  const query = joinRepeats(new URLSearchParams(rawQueryString));
  const asText = isText(headers['content-type']) && !headers['content-encoding'];
  const host = headers.host ?? 'localhost';
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? host,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: '$default',
      time: commonLogTime(context.nowMs),
      timeEpoch: context.nowMs,
    },
    ...(Object.keys(context.pathParameters).length > 0 && { pathParameters: { ...context.pathParameters } }),
    ...(request.body.length > 0 && { body: request.body.toString(asText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !asText,
  };
}

/** Bodies of these types reach the function as they are; all others, application/fhir+json too, in base64. */
export const isText = (contentType: string | undefined): boolean =>
  /^(text\/[^;]*|application\/(json|xml|javascript))\s*(;|$)/i.test(contentType?.trim() ?? '');

/** Lower-case names, repeats joined with commas, cookies apart. A header of the origin replaces the caller's of the same name. */
function joinHeaders(
  raw: readonly string[],
  forwarded: Readonly<Record<string, string>>,
  originHeaders: Readonly<Record<string, string>>,
): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/));
    else if (!HOP_BY_HOP.has(name)) headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers: { ...headers, ...forwarded, ...originHeaders }, cookies };
}
/** What the gateway tells of the caller, whatever the caller says of itself. */
const forwardedBy = ({ sourceIp, port }: WireRequest): Record<string, string> => ({
  'x-forwarded-for': sourceIp,
  'x-forwarded-port': String(port),
  'x-forwarded-proto': 'http',
});

/** Headers of one connection, which no gateway passes on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

function joinRepeats(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

/** 12/Mar/2020:19:03:58 +0000 */
function commonLogTime(epochMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
