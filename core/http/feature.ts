import { randomUUID, timingSafeEqual } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { takeDatabaseTime } from '../aws/database-time.ts';
import { Problem } from '../outcome.ts';
import { asProblem, toAnswer, toRefusal } from './answer.ts';
import { readBody } from './body.ts';
import { headersOf, originOf, queryOf } from './event.ts';
import { refuseOtherFormats } from './formats.ts';
import { errorLines, type Log } from './log.ts';
import { type Identity, perform, typeOf } from './perform.ts';
import { createRouter, type Match } from './router.ts';
import { type AuditTrail, openScope, type ScopeDeps } from './tenant-scope.ts';
import type { VerifyToken } from './tokens.ts';
import type { Endpoint, Headers, Reply } from './types.ts';

export interface FeatureDeps {
  /** What the front door sends in `x-origin-secret`, so that nobody reaches the gateway past the firewall. */
  readonly originSecret: string;
  readonly log: Log;
  /** All but a function without a single signed-in endpoint needs these. */
  readonly access?: { readonly verify: VerifyToken; readonly directory: ScopeDeps['directory']; readonly audit: AuditTrail };
}
export type FeatureHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Answers in our words this long before the service would end the function. */
const LAST_WORD_MS = 300;

/** What one request gathers on its way. */
interface Journey extends Record<string, unknown> {
  startedMs: number;
  requestId: string;
  headers: Headers;
  match?: Match;
  identity: Identity;
}

/**
 * One feature's Lambda handler, and the only place where middy is assembled. The order of a request's way:
 * origin secret, correlation id, outcome, scope, then permission, parsing, `run` and audit (`perform`), then the reply.
 */
export function featureHandler(endpoints: readonly Endpoint[], deps: FeatureDeps): FeatureHandler {
  const closed = endpoints.filter(({ access }) => access.kind !== 'public');
  if (closed.length > 0 && !deps.access) throw new Error('A feature with endpoints behind sign-in needs `access`.');
  const route = createRouter(endpoints);
  const journeys = new WeakMap<APIGatewayProxyEventV2, Journey>();
  const journeyOf = (event: APIGatewayProxyEventV2): Journey => {
    const known = journeys.get(event);
    if (known) return known;
    const fresh: Journey = { startedMs: performance.now(), requestId: randomUUID(), headers: headersOf(event), identity: {} };
    journeys.set(event, fresh);
    return fresh;
  };

  const answerOf = (event: APIGatewayProxyEventV2, reply: Reply): APIGatewayProxyStructuredResultV2 => {
    const { requestId, headers, match } = journeyOf(event);
    return toAnswer(reply, {
      requestId,
      database: takeDatabaseTime(),
      headers,
      method: event.requestContext.http.method,
      media: reply.status < 400 ? match?.endpoint.media : undefined,
    });
  };
  const logged = (event: APIGatewayProxyEventV2, status: number, error?: unknown): void => {
    const { requestId, match, identity, startedMs } = journeyOf(event);
    deps.log({
      level: status >= 500 ? 'error' : 'info',
      requestId,
      gatewayId: event.requestContext.requestId,
      method: event.requestContext.http.method,
      route: match?.endpoint.path,
      tenant: identity.scope?.tenant,
      user: identity.caller?.id,
      status,
      ms: Math.round(performance.now() - startedMs),
      ...(status >= 500 && errorLines(error)),
    });
  };

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
    timeoutEarlyInMillis: LAST_WORD_MS,
    timeoutEarlyResponse: () => {
      throw new Problem('unavailable', 'This took too long. Try again shortly, or ask for less at a time.');
    },
  })
    .use({ before: () => void takeDatabaseTime() })
    .use({ before: ({ event }) => checkOrigin(journeyOf(event).headers['x-origin-secret'], deps.originSecret) })
    .use({
      after: ({ event, response }) => logged(event, response?.statusCode ?? 500),
      onError: (request) => {
        const refusal = toRefusal(request.error);
        request.response = answerOf(request.event, refusal);
        logged(request.event, refusal.status, asProblem(request.error));
      },
    })
    .use({
      before: async ({ event }) => {
        const journey = journeyOf(event);
        journey.match = route(event.requestContext.http.method, event.rawPath);
        journey.identity = await identify(event, journey, deps);
      },
    })
    .handler(async (event, context) => {
      const { match, identity, headers } = journeyOf(event);
      if (!match) throw new Error('The route is found before the handler runs.');
      const query = queryOf(event);
      refuseOtherFormats(query, headers, match.endpoint.media);
      const reply = await perform(
        match.endpoint,
        identity,
        {
          params: match.params,
          query,
          headers,
          method: match.endpoint.method,
          origin: originOf(event, headers),
          remainingMs: () => context.getRemainingTimeInMillis(),
          body: () => readBody(event, headers, match.endpoint),
        },
        deps.access?.audit,
      );
      return answerOf(event, reply);
    }) as FeatureHandler;
}

/** @throws Problem forbidden */
function checkOrigin(sent: string | undefined, expected: string): void {
  const [one, other] = [Buffer.from(sent ?? ''), Buffer.from(expected)];
  if (expected === '' || one.length !== other.length || !timingSafeEqual(one, other))
    throw new Problem('forbidden', 'Use the address of the application.');
}

/** Who is calling, and the tenant they named. @throws Problem unauthenticated, not-found */
async function identify(
  event: APIGatewayProxyEventV2,
  { match, headers, requestId }: Journey,
  { access, log }: FeatureDeps,
): Promise<Identity> {
  if (!match || match.endpoint.access.kind === 'public' || !access) return {};
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1];
  if (!token) throw new Problem('unauthenticated', 'Sign in to use this address.');
  const caller = await access.verify(token);
  if (match.endpoint.access.kind !== 'tenant') return { caller };
  const { interaction } = match.endpoint.access;
  const wanted = {
    slug: match.params.tenant ?? '',
    type: knownType(match),
    interaction,
    requestId,
    origin: originOf(event, headers),
  };
  return { caller, scope: await openScope(caller, wanted, { ...access, log }) };
}

/** For the record of a refusal: a path may name no type at all, and then says so only to members. */
function knownType(match: Match): string {
  try {
    return typeOf(match.endpoint, match);
  } catch {
    return 'Unknown';
  }
}
