import type { Bundle } from 'fhir/r4';
import * as z from 'zod';
import { Problem, type ProblemIssue } from '../../core/outcome.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { toIssue } from './write-check.ts';

/** One entry of a batch or transaction, with the resource unparsed: each is parsed under its own expression. */
export interface Entry {
  readonly index: number;
  readonly fullUrl?: string;
  readonly method: string;
  /** Relative to the FHIR base, without a leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
  readonly resource?: unknown;
}

const RequestPart = z.object({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']),
  url: z.string(),
  ifMatch: z.string().optional(),
  ifNoneMatch: z.string().optional(),
  ifModifiedSince: z.string().optional(),
  ifNoneExist: z.string().optional(),
});
const EntryPart = z.object({ fullUrl: z.string().optional(), request: RequestPart, resource: z.unknown().optional() });
const BundlePart = z.object({
  resourceType: z.literal('Bundle'),
  type: z.enum(['batch', 'transaction']),
  entry: z.array(EntryPart).default([]),
});

/** Reads a posted Bundle's envelope; its resources are checked one by one later. @throws Problem invalid with every issue */
export function entriesOf(
  body: unknown,
  fhirBase: string,
): { readonly type: 'batch' | 'transaction'; readonly entries: readonly Entry[] } {
  const bundle = BundlePart.safeParse(body);
  if (!bundle.success) throw new Problem('invalid', bundle.error.issues.map(envelopeIssue));
  const envelope = parseResource(withoutResources(body), { type: 'Bundle' });
  if ('issues' in envelope)
    throw new Problem(
      'invalid',
      envelope.issues.map((issue) => toIssue(issue)),
    );
  const entries = bundle.data.entry.map(({ fullUrl, resource, request: { url, ...request } }, index): Entry => {
    const relative = (url.startsWith(`${fhirBase}/`) ? url.slice(fhirBase.length + 1) : url).replace(/^\//, '');
    const [path = '', query = ''] = relative.split('?', 2);
    return {
      index,
      ...request,
      ...(fullUrl !== undefined && { fullUrl }),
      ...(resource !== undefined && { resource }),
      path,
      query: new URLSearchParams(query),
    };
  });
  return { type: bundle.data.type, entries };
}

/** The Bundle around its resources, so that its own rules are checked without parsing everything twice. */
function withoutResources(body: unknown): unknown {
  const { entry, ...rest } = body as Omit<Bundle, 'entry'> & { entry?: Record<string, unknown>[] };
  return { ...rest, ...(entry && { entry: entry.map(({ resource: _resource, ...part }) => part) }) };
}

const envelopeIssue = ({ path, message }: z.core.$ZodIssue): ProblemIssue => ({
  text: message,
  path: path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    'Bundle',
  ),
});
