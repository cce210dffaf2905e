import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Headers } from './types.ts';

/** API Gateway v2 answers and takes header names in lower case; a test event or another front door may not. */
export function headersOf(event: APIGatewayProxyEventV2): Headers {
  return Object.fromEntries(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * From rawQueryString alone: the joined `queryStringParameters` put a comma between repeats, which would turn FHIR's AND into OR.
 * `_format` and `_pretty` are about the answer's form and were settled by `refuseOtherFormats`.
 */
export function queryOf(event: APIGatewayProxyEventV2): URLSearchParams {
  return new URLSearchParams(event.rawQueryString ?? '');
}

/** https://host as the browser knows it. The front door names the viewer's host; without one it is the gateway's own. */
export function originOf(event: APIGatewayProxyEventV2, headers: Headers): string {
  const host = [headers['x-forwarded-host'], headers.host, event.requestContext.domainName].find(
    (name) => name !== undefined && HOST.test(name),
  );
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return `${scheme}://${host ?? 'localhost'}`;
}
const HOST = /^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::\d{1,5})?$/;
