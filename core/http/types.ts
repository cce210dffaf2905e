import type * as z from 'zod';
import type { Interaction } from '../../schemas/access.ts';
import type { Scope } from '../scope.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What `run` is given: already signed in, permitted and parsed. */
export interface Request<Body = unknown> {
  readonly scope: Scope;
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** From rawQueryString alone, and for POST _search also from the form body: repeats are kept. */
  readonly query: URLSearchParams;
  readonly body: Body;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly method: Method;
  /** Milliseconds left before the function is ended. */
  readonly remainingMs: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who may call: anybody; anybody signed in; an operator; or a tenant's member with this permission (type may come from the path). */
export type Access =
  | { readonly kind: 'public'; readonly why: string }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'tenant'; readonly type: string | ((params: Readonly<Record<string, string>>) => string); readonly interaction: Interaction };

/** One row of the endpoint table: dispatch, OpenAPI, permissions and hostile tests read nothing else. */
export interface Endpoint {
  readonly method: Method;
  /** `/api/{tenant}/fhir/R4/{type}/{id}`; literal segments win over parameters. */
  readonly path: string;
  readonly access: Access;
  /** One sentence for the API page. */
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly run: (request: Request<never>) => Promise<Reply>;
}
