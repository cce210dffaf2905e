import type * as z from 'zod';
import type { Interaction } from '../../schemas/access.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import type { Caller } from './tokens.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Params = Readonly<Record<string, string>>;
/** Lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** What `run` is given: already signed in, permitted and parsed. */
export interface Request<Body = unknown> {
  /** Of a tenant's endpoint. Reading it elsewhere is a bug and throws. */
  readonly scope: Scope;
  /** Of every endpoint that is not public. Reading it there is a bug and throws. */
  readonly caller: Caller;
  /** Path parameters by name, decoded. */
  readonly params: Params;
  /** From rawQueryString alone, and for POST _search also from the form body: repeats are kept. Without `_format` and `_pretty`. */
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly headers: Headers;
  readonly method: Method;
  /** https://host, without a closing slash. */
  readonly origin: string;
  /** Milliseconds left before the function is ended. */
  readonly remainingMs: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose chart was looked into, for the audit row of a read. */
  readonly patient?: FhirId;
}

/**
 * Who may call: anybody; anybody signed in; an operator; or a tenant's member with this permission.
 * The type may come from the path; the function throws `not-found` when there is no such type.
 */
export type Access =
  | { readonly kind: 'public'; readonly why: string }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'operator' }
  | {
      readonly kind: 'tenant';
      readonly type: string | ((params: Params) => string);
      readonly interaction: Interaction;
      /** Also for patients, whose scope is confined to their own chart. Every other row is closed to them, whatever their role grants. */
      readonly patients?: true;
    };

/** One row of the endpoint table: dispatch, OpenAPI, permissions and hostile tests read nothing else. */
export interface Endpoint {
  readonly method: Method;
  /** `/api/{tenant}/fhir/R4/{type}/{id}`; literal segments win over parameters. */
  readonly path: string;
  readonly access: Access;
  /** One sentence for the API page. */
  readonly summary: string;
  /** JSON body. A FHIR resource is `z.unknown()` here and parsed by the feature, which knows its type. */
  readonly body?: z.ZodType;
  /** The body may be, or must be, application/x-www-form-urlencoded and joins the query (FHIR POST _search). */
  readonly form?: true;
  /** The body comes as the text that was sent: for whom its bytes are signed. `body` is then a schema of that text. */
  readonly raw?: true;
  /** Answers application/fhir+json unless said otherwise. A PDF's body is its bytes. */
  readonly media?: 'application/json' | 'application/pdf';
  /** The feature writes its own audit rows (one for each entry of a batch), or there is nothing of a patient in it. */
  readonly auditedBy?: 'feature';
  readonly run: (request: Request<never>) => Promise<Reply>;
}
