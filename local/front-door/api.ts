import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../lambda/function-pool.ts';
import type { Located } from '../template/resolver.ts';
import type { Route } from '../template/routes.ts';
import { type HttpAnswer, refusal, toHttpAnswer } from './gateway-answer.ts';
import { toGatewayEvent, type WireRequest } from './gateway-event.ts';
import { headBytes, MOST_GATEWAY_BODY_BYTES, MOST_HEADER_BYTES, MOST_INVOCATION_BYTES, REFUSALS } from './limits.ts';
import { matchRoute } from './match-route.ts';

export interface ApiOptions {
  readonly routes: readonly Route[];
  readonly apiId: string;
  readonly accountId: string;
  readonly invoke: (lambda: Located, event: unknown) => Promise<InvocationResult>;
}

/** The HTTP API: matches the route, makes the event, runs the function, and refuses what API Gateway and Lambda refuse. */
export const createApi =
  ({ routes, apiId, accountId, invoke }: ApiOptions) =>
  async (request: WireRequest, originHeaders: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
    if (headBytes(request.method, request.target, request.rawHeaders) > MOST_HEADER_BYTES)
      return refusal(REFUSALS.headersTooLarge);
    if (request.body.length > MOST_GATEWAY_BODY_BYTES) return refusal(REFUSALS.bodyTooLarge);
    const match = matchRoute(routes, request.method, request.target.split('?')[0] ?? '/');
    if (!match) return refusal(REFUSALS.notFound);
    const requestId = randomUUID();
    const { route, pathParameters } = match;
    const event = toGatewayEvent(request, {
      routeKey: route.key,
      pathParameters,
      originHeaders,
      apiId,
      accountId,
      requestId,
      nowMs: Date.now(),
    });
    // Only a body can make an event this large, and measuring costs a copy: small ones are let through unmeasured.
    if (request.body.length > MOST_INVOCATION_BYTES / 8 && Buffer.byteLength(JSON.stringify(event)) > MOST_INVOCATION_BYTES) {
      return refusal(REFUSALS.bodyTooLarge);
    }
    const answer = toAnswer(await within(invoke(route.function, event), route.integrationTimeoutMs));
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
  };

function toAnswer(result: InvocationResult | 'too-late'): HttpAnswer {
  if (result === 'too-late' || result.kind === 'throttled') return refusal(REFUSALS.unavailable);
  if (result.kind === 'error') return refusal(REFUSALS.functionFailed);
  return toHttpAnswer(result.payload);
}

/** The function goes on when the gateway has stopped waiting, as it does on AWS. */
async function within(result: Promise<InvocationResult>, limitMs: number): Promise<InvocationResult | 'too-late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'too-late'>((resolve) => {
    timer = setTimeout(() => resolve('too-late'), limitMs);
  });
  const first = await Promise.race([result, late]);
  clearTimeout(timer);
  return first;
}
