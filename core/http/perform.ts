import type { FhirResource } from 'fhir/r4';
import * as z from 'zod';
import { type Interaction, isSystemWrite } from '../../schemas/access.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { isGone, Problem, type ProblemIssue, said } from '../outcome.ts';
import { may, type Scope } from '../scope.ts';
import type { Body } from './body.ts';
import type { AuditEntry, AuditTrail } from './tenant-scope.ts';
import type { Caller } from './tokens.ts';
import type { Endpoint, Reply, Request } from './types.ts';

/** Who stands behind a request: nobody on a public endpoint, a caller without a scope outside tenants. */
export interface Identity {
  readonly caller?: Caller;
  readonly scope?: Scope;
}
export type Incoming = Pick<Request, 'params' | 'query' | 'headers' | 'method' | 'origin' | 'remainingMs'> & {
  readonly body: () => Body;
};

/**
 * Permission, parsing, the feature's `run`, and the audit row of a read or a refusal: a request's way once its caller is known.
 * An entry of a batch takes the same way. An audit that cannot be written fails the request.
 */
export async function perform(
  endpoint: Endpoint,
  identity: Identity,
  incoming: Incoming,
  audit: AuditTrail | undefined,
): Promise<Reply> {
  let asked = incoming.query;
  let sent: Body = { kind: 'none' };
  const patientAskedFor = (interaction: Interaction, type: string): FhirId | undefined =>
    interaction === 'search' ? patientInQuery(asked, type) : patientInBody(sent);
  const record = async (outcome: AuditEntry['outcome'], answer?: Reply): Promise<void> => {
    const { access } = endpoint;
    if (access.kind !== 'tenant' || !identity.scope || !audit) return;
    const type = typeOf(endpoint, incoming);
    const id = FhirId.safeParse(incoming.params.id).data;
    const patient = answer?.patient ?? (type === 'Patient' && id ? id : patientAskedFor(access.interaction, type));
    const query = access.interaction === 'search' ? asked.toString() : '';
    await audit.record(identity.scope, {
      interaction: access.interaction,
      type,
      outcome,
      ...(id && { id }),
      ...(patient && { patient }),
      ...(query && { query }),
    });
  };

  if (!permitted(endpoint, identity, incoming)) {
    sent = bodyOfRefused(incoming);
    asked = withForm(asked, sent);
    await record('refused');
    const { access } = endpoint;
    if (access.kind === 'tenant' && isSystemWrite(typeOf(endpoint, incoming), access.interaction))
      throw new Problem('not-supported', 'The audit trail is written by the system alone. It can be read and searched.');
    throw new Problem('forbidden', said('role-forbids'));
  }
  const request = parse(endpoint, identity, incoming);
  asked = request.query;
  const reads = endpoint.access.kind === 'tenant' && READS.has(endpoint.access.interaction) && endpoint.auditedBy !== 'feature';
  try {
    const answer = await endpoint.run(request);
    if (reads) await record('success', answer);
    return answer;
  } catch (error) {
    if (reads && isGone(error)) await record('refused');
    throw error;
  }
}

function withForm(query: URLSearchParams, body: Body): URLSearchParams {
  return body.kind === 'form' ? new URLSearchParams([...query, ...body.parameters]) : new URLSearchParams(query);
}

/** What somebody sent who may not: only to tell whose chart it was about. A body that cannot be read tells nothing. */
function bodyOfRefused(incoming: Incoming): Body {
  try {
    return incoming.body();
  } catch {
    return { kind: 'none' };
  }
}

/** The one patient that a search names. */
function patientInQuery(query: URLSearchParams, type: string): FhirId | undefined {
  const parameters = type === 'Patient' ? ['_id'] : ['patient', 'subject'];
  const named = parameters.flatMap((name) => query.getAll(name)).map((value) => value.replace(/^Patient\//, ''));
  return named.length === 1 ? FhirId.safeParse(named[0]).data : undefined;
}

/** The patient of a resource that was not checked: it may be anything, and then it is nobody's. */
function patientInBody(body: Body): FhirId | undefined {
  if (body.kind !== 'json' || typeof body.value !== 'object' || body.value === null) return undefined;
  try {
    return patientOf(body.value as FhirResource);
  } catch {
    return undefined;
  }
}

/** Writes leave their audit row in the store's own transaction. */
const READS = new Set<string>(['read', 'vread', 'history', 'search']);

/** @throws Problem not-found when the path names no known type */
export function typeOf({ access }: Endpoint, { params }: Pick<Incoming, 'params'>): string {
  if (access.kind !== 'tenant') return 'Platform';
  return typeof access.type === 'string' ? access.type : access.type(params);
}

function permitted(endpoint: Endpoint, { caller, scope }: Identity, incoming: Incoming): boolean {
  const { access } = endpoint;
  switch (access.kind) {
    case 'public':
      return true;
    case 'signed-in':
      return caller !== undefined;
    case 'operator':
      return caller?.operator === true;
    case 'tenant':
      return (
        scope !== undefined &&
        (scope.confinedTo === undefined || access.patients === true) &&
        may(scope, typeOf(endpoint, incoming), access.interaction)
      );
  }
}

function parse({ body: schema }: Endpoint, { caller, scope }: Identity, incoming: Incoming): Request<never> {
  const body = incoming.body();
  const query = withForm(incoming.query, body);
  const parsed = schema ? schema.safeParse(sentIn(body)) : z.undefined().safeParse(undefined);
  if (!parsed.success) throw new Problem('invalid', parsed.error.issues.map(toIssue));
  const { params, headers, method, origin, remainingMs } = incoming;
  return {
    params,
    headers,
    method,
    origin,
    remainingMs,
    query,
    body: parsed.data as never,
    get caller() {
      if (!caller) throw new Error('A public endpoint has no caller.');
      return caller;
    },
    get scope() {
      if (!scope) throw new Error('An endpoint outside tenants has no scope.');
      return scope;
    },
  };
}

const sentIn = (body: Body): unknown => (body.kind === 'json' ? body.value : body.kind === 'raw' ? body.text : undefined);

const toIssue = ({ path, message }: z.core.$ZodIssue): ProblemIssue => ({
  text: message,
  path: path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  ),
});
