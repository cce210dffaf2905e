/** What API Gateway and Lambda refuse, in bytes (API Gateway "Quotas for HTTP APIs", Lambda quotas). */
export const MOST_HEADER_BYTES = 10_240;
export const MOST_GATEWAY_BODY_BYTES = 10 * 1024 * 1024;
export const MOST_INVOCATION_BYTES = 6 * 1024 * 1024;

/** An answer of the gateway itself: our functions had no part in it. */
export interface GatewayRefusal {
  readonly status: number;
  readonly message: string;
}
export const REFUSALS = {
  headersTooLarge: { status: 431, message: 'Request Header Fields Too Large' },
  bodyTooLarge: { status: 413, message: 'Request Entity Too Large' },
  notFound: { status: 404, message: 'Not Found' },
  functionFailed: { status: 500, message: 'Internal Server Error' },
  unavailable: { status: 503, message: 'Service Unavailable' },
} as const satisfies Record<string, GatewayRefusal>;

/** Bytes of the request line and of all header lines, each with its line ending. */
export function headBytes(method: string, target: string, rawHeaders: readonly string[]): number {
  const requestLine = `${method} ${target} HTTP/1.1\r\n`.length;
  return rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part, 'latin1') + 2, requestLine);
}
