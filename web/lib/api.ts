import type { Bundle, BundleEntry, FhirResource, OperationOutcome, Patient } from 'fhir/r4';
import { toLikelySame } from '../../schemas/match.ts';
import { PROBLEM_SYSTEM, PROBLEM_VALUE } from '../../schemas/problem-system.ts';

/** One fault in the server's words, which are English. */
export interface Issue {
  readonly text: string;
  readonly expression: readonly string[];
  /** FHIR's issue type. */
  readonly code?: string;
  /** By which the catalogue knows the text (schemas/problem-texts.ts), and what is filled into it. */
  readonly name?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** An answer that was not 2xx, with the server's own words for a person. `status` 0: the server was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  constructor(status: number, issues: ApiError['issues'], options?: ErrorOptions) {
    super(`The server answered ${status}.`, options);
    this.name = 'ApiError';
    this.status = status;
    this.issues = issues;
  }
}

/** A resource as answered: it has an id and a version. */
export type Kept<R extends FhirResource = FhirResource> = R & { id: string; meta: { versionId: string; lastUpdated?: string } };

export interface ApiDeps {
  /** A token that is good for at least a few seconds; undefined when nobody is signed in. @throws ApiError when it cannot be renewed now */
  readonly token: () => Promise<string | undefined>;
  /** The session is over: the token has expired, or the clinic has ended the access of the patient whose it is. */
  readonly onSignedOut: (because: 'expired' | 'closed') => void;
  readonly fetch: typeof fetch;
}

interface Sent {
  readonly method?: string;
  readonly body?: BodyInit;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** The answer is a file. */
  readonly file?: true;
}

export const issuesOf = (body: unknown): ApiError['issues'] =>
  ((body as OperationOutcome | undefined)?.issue ?? []).map((issue) => ({
    text: issue.details?.text ?? issue.diagnostics ?? '',
    expression: issue.expression ?? [],
    code: issue.code,
    ...nameIn(issue.details),
  }));

function nameIn(details: OperationOutcome['issue'][number]['details']): Pick<Issue, 'name' | 'values'> {
  const name = details?.coding?.find(({ system }) => system === PROBLEM_SYSTEM)?.code;
  if (!name) return {};
  const values = (details?.extension ?? [])
    .filter(({ url }) => url.startsWith(PROBLEM_VALUE))
    .map(({ url, valueString = '' }) => [url.slice(PROBLEM_VALUE.length), valueString]);
  return { name, values: Object.fromEntries(values) };
}

const FHIR_JSON = 'application/fhir+json';

/** Whether it has a version to replace. */
export const isKept = <R extends FhirResource>(resource: R | Kept<R>): resource is Kept<R> =>
  Boolean(resource.id && resource.meta?.versionId);

/** A new resource that others of its transaction refer to is named by an id like this; the server gives it its own. */
const PLACEHOLDER = /^urn:uuid:/;

function toEntry<R extends FhirResource>(resource: R | Kept<R>): BundleEntry {
  if (isKept(resource)) {
    const url = `${resource.resourceType}/${resource.id}`;
    return { resource, request: { method: 'PUT', url, ifMatch: `W/"${resource.meta.versionId}"` } };
  }
  const request = { method: 'POST', url: resource.resourceType } as const;
  if (!resource.id || !PLACEHOLDER.test(resource.id)) return { resource, request };
  const { id: fullUrl, ...rest } = resource as FhirResource & { id: string };
  return { fullUrl, resource: rest as FhirResource, request };
}

/** One tenant's API. Every search is a POST, so that no name or date stands in an address or a log. */
export function createApi(tenant: string, deps: ApiDeps) {
  async function send<T>(path: string, { method = 'GET', body, headers, signal, file }: Sent = {}): Promise<T> {
    const token = await deps.token();
    let response: Response;
    try {
      response = await deps.fetch(path, {
        method,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
        headers: { accept: `${FHIR_JSON}, application/json`, ...(token && { authorization: `Bearer ${token}` }), ...headers },
        cache: 'no-store', // charts stay out of the browser's disk cache
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError(0, [], { cause: error });
    }
    if (file && response.ok) return (await response.blob()) as T;
    const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (response.ok) return answer as T;
    const issues = issuesOf(answer);
    if (response.status === 401) deps.onSignedOut('expired');
    if (issues.some(({ name }) => name === 'portal-ended')) deps.onSignedOut('closed');
    throw new ApiError(response.status, issues);
  }

  const fhir = `/api/${tenant}/fhir/R4`;
  return {
    tenant,
    /** A path under /api/{tenant}. */
    get: <T>(path: string, signal?: AbortSignal) => send<T>(`/api/${tenant}${path}`, signal ? { signal } : {}),
    file: (path: string) => send<Blob>(`/api/${tenant}${path}`, { file: true }),
    /** Sends JSON to a path under /api/{tenant}. */
    post: <T>(path: string, body: unknown, attempt?: string, version?: number) =>
      send<T>(`/api/${tenant}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(attempt && { 'idempotency-key': attempt }),
          ...(version && { 'if-match': `W/"${version}"` }),
        },
      }),
    /** `version` is the one that was read: replaced is that one or none. */
    put: <T>(path: string, body: unknown, version?: number) =>
      send<T>(`/api/${tenant}${path}`, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...(version && { 'if-match': `W/"${version}"` }) },
      }),
    remove: (path: string) => send<undefined>(`/api/${tenant}${path}`, { method: 'DELETE' }),
    read: <R extends FhirResource>(type: R['resourceType'], id: string, signal?: AbortSignal) =>
      send<Kept<R>>(`${fhir}/${type}/${id}`, signal ? { signal } : {}),
    search: <R extends FhirResource>(type: R['resourceType'], parameters: URLSearchParams, signal?: AbortSignal) =>
      send<Bundle<R>>(`${fhir}/${type}/_search`, { method: 'POST', body: parameters, ...(signal && { signal }) }),
    /** The page behind a Bundle's `next` link, whatever host the link was written for. */
    follow: <R extends FhirResource>(link: string, signal?: AbortSignal) => {
      const url = new URL(link, window.location.origin);
      return send<Bundle<R>>(url.pathname + url.search, signal ? { signal } : {});
    },
    /** Who this person may be already, the likeliest first. */
    match: async (patient: Patient, signal?: AbortSignal) => {
      const bundle = await send<Bundle<Patient>>(`${fhir}/Patient/$match`, {
        method: 'POST',
        body: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: patient }] }),
        headers: { 'content-type': FHIR_JSON },
        ...(signal && { signal }),
      });
      return (bundle.entry ?? []).flatMap((entry) => toLikelySame(entry) ?? []);
    },
    /** The same for many at once, in the same order: one request. */
    matchMany: async (patients: readonly Patient[]) => {
      const bundle = await send<Bundle<Bundle<Patient>>>(fhir, {
        method: 'POST',
        body: JSON.stringify({
          resourceType: 'Bundle',
          type: 'batch',
          entry: patients.map((patient) => ({
            resource: { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: patient }] },
            request: { method: 'POST', url: 'Patient/$match' },
          })),
        }),
        headers: { 'content-type': FHIR_JSON },
      });
      return (bundle.entry ?? []).map(({ resource, response }) => {
        const status = Number.parseInt(response?.status ?? '', 10);
        // One that could not be asked must not pass for a new person.
        if (!(status < 300)) throw new ApiError(status || 500, issuesOf(response?.outcome));
        return (resource?.entry ?? []).flatMap((entry) => toLikelySame(entry) ?? []);
      });
    },
    /** An operation of FHIR ("Appointment/$book"), with what it is given. `version` is the one that was seen, `attempt` as of `create`. */
    operate: <T>(
      path: string,
      body?: unknown,
      { version, attempt, signal }: { version?: string | undefined; attempt?: string; signal?: AbortSignal } = {},
    ) =>
      send<T>(`${fhir}/${path}`, {
        method: 'POST',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
        headers: {
          ...(body !== undefined && { 'content-type': FHIR_JSON }),
          ...(version && { 'if-match': `W/"${version}"` }),
          ...(attempt && { 'idempotency-key': attempt }),
        },
      }),
    history: (type: string, id: string, signal?: AbortSignal) =>
      send<Bundle<FhirResource>>(`${fhir}/${type}/${id}/_history?_count=50`, signal ? { signal } : {}),
    /** `attempt` is the same for every repeat of one press of "Save", so that a repeat after a lost answer writes nothing twice. */
    create: <R extends FhirResource>(resource: R, attempt: string) =>
      send<Kept<R>>(`${fhir}/${resource.resourceType}`, {
        method: 'POST',
        body: JSON.stringify(resource),
        headers: { 'content-type': FHIR_JSON, 'idempotency-key': attempt },
      }),
    /** Replaces exactly the version that was read. @throws ApiError 412 when somebody has changed it since. */
    update: <R extends FhirResource>(resource: Kept<R>, attempt: string) =>
      send<Kept<R>>(`${fhir}/${resource.resourceType}/${resource.id}`, {
        method: 'PUT',
        body: JSON.stringify(resource),
        headers: { 'content-type': FHIR_JSON, 'if-match': `W/"${resource.meta.versionId}"`, 'idempotency-key': attempt },
      }),
    /**
     * Creates and replaces several records, all or none, and answers them in the same order. Each that has a version replaces exactly that
     * version. @throws ApiError 412 when somebody has changed one of them since.
     */
    transact: async <R extends FhirResource>(
      resources: readonly (R | Kept<R>)[],
      attempt: string,
    ): Promise<readonly Kept<R>[]> => {
      const answer = await send<Bundle<Kept<R>>>(fhir, {
        method: 'POST',
        body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: resources.map(toEntry) }),
        headers: { 'content-type': FHIR_JSON, 'idempotency-key': attempt },
      });
      return (answer.entry ?? []).flatMap((entry) => entry.resource ?? []);
    },
  };
}
export type Api = ReturnType<typeof createApi>;

/** The page's resources that answer the question itself, without what was included beside them. */
export const matches = <R extends FhirResource>(bundle: Bundle<R>): readonly R[] =>
  (bundle.entry ?? [])
    .filter((entry) => entry.search?.mode !== 'include' && entry.search?.mode !== 'outcome')
    .flatMap((entry) => entry.resource ?? []);

export const nextLink = (bundle: Bundle): string | undefined => bundle.link?.find((link) => link.relation === 'next')?.url;
