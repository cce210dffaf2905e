import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4';
import { asProblem, toRefusal } from '../../core/http/answer.ts';
import type { Body } from '../../core/http/body.ts';
import { refuseOtherFormats } from '../../core/http/formats.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import { perform } from '../../core/http/perform.ts';
import { createRouter } from '../../core/http/router.ts';
import type { AuditTrail } from '../../core/http/tenant-scope.ts';
import type { Endpoint, Headers, Method, Reply, Request } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import { AnswerRoom, noRoom } from './answer-room.ts';
import type { Entry } from './bundle-entries.ts';
import { F } from './paths.ts';

/** Sends one entry of a Bundle the way that a request of its own would go: route, permission, parsing, run, audit. */
export type SendEntry = (around: Request<unknown>, entry: Entry) => Promise<Reply>;

/** Entries reach the same endpoints as requests do. Invariant: a Bundle inside a Bundle has no route here. */
export function createSender(endpoints: readonly Endpoint[], audit: AuditTrail): SendEntry {
  const route = createRouter(endpoints);
  return async (around, entry) => {
    const { endpoint, params } = route(entry.method, `${F.replace('{tenant}', around.scope.slug)}/${entry.path}`);
    const body: Body = entry.resource === undefined ? { kind: 'none' } : { kind: 'json', value: entry.resource };
    // Each entry is a request to the store: its own id tells its version from that of another entry on the same record.
    const scope = { ...around.scope, requestId: `${around.scope.requestId}.${entry.index}` };
    const { origin, remainingMs } = around;
    refuseOtherFormats(entry.query, {});
    const incoming = {
      params,
      query: entry.query,
      headers: headersOf(around.headers, entry),
      method: endpoint.method as Method,
      origin,
      remainingMs,
      body: () => body,
    };
    return perform(endpoint, { caller: around.caller, scope }, incoming, audit);
  };
}

function headersOf({ prefer, 'idempotency-key': key }: Headers, entry: Entry): Headers {
  return {
    prefer,
    // One key on the Bundle makes a key for each entry.
    'idempotency-key': key === undefined ? undefined : `${key.slice(0, 120)}:${entry.index}`,
    'if-match': entry.ifMatch,
    'if-none-match': entry.ifNoneMatch,
    'if-modified-since': entry.ifModifiedSince,
    'if-none-exist': entry.ifNoneExist,
  };
}

/** Left for the answer itself: an entry that has not begun by then is told to come again. */
const LAST_ENTRY_MS = 2_000;

/** Each entry by itself, in the order of the Bundle, with a status and outcome of its own (FHIR R4, RESTful API 3.1.0.11.1). */
export async function runBatch(request: Request<unknown>, entries: readonly Entry[], send: SendEntry, log: Log): Promise<Bundle> {
  const answers: BundleEntry[] = [];
  const room = new AnswerRoom(entries.length);
  for (const entry of entries) {
    const answer = room.isFull && isRead(entry) ? noRoom() : await sent(request, entry, send, log);
    answers.push(toResponseEntry(room.fit(answer)));
  }
  return { resourceType: 'Bundle', type: 'batch-response', entry: answers };
}

const isRead = ({ method }: Entry): boolean => method === 'GET' || method === 'HEAD';

async function sent(request: Request<unknown>, entry: Entry, send: SendEntry, log: Log): Promise<Reply> {
  try {
    if (request.remainingMs() < LAST_ENTRY_MS)
      throw new Problem('unavailable', 'This batch is too long for one request. Send the rest of it again.');
    return await send(request, entry);
  } catch (error) {
    const { status } = asProblem(error);
    if (status >= 500)
      log({ level: 'error', requestId: request.scope.requestId, entry: entry.index, status, ...errorLines(error) });
    return toRefusal(error);
  }
}

const STATUS_TEXT: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 204: 'No Content', 304: 'Not Modified' };

/** A reply as Bundle.entry.response; an error's OperationOutcome stands in the response, a resource beside it. */
export function toResponseEntry({ status, body, headers = {} }: Reply): BundleEntry {
  const text = STATUS_TEXT[status];
  const resource = body as FhirResource | undefined;
  const failed = status >= 400;
  return {
    ...(resource && !failed && { resource }),
    response: {
      status: text ? `${status} ${text}` : String(status),
      ...(headers.location && { location: headers.location }),
      ...(headers.etag && { etag: headers.etag }),
      ...(headers['last-modified'] && { lastModified: new Date(headers['last-modified']).toISOString() }),
      ...(resource && failed && { outcome: resource }),
    },
  };
}
