import { Problem, said } from '../outcome.ts';
import type { Endpoint, Method, Params } from './types.ts';

export interface Match {
  readonly endpoint: Endpoint;
  readonly params: Params;
}
/** A known path that does not have the method: the answer names those it has. */
export class MethodNotAllowed extends Problem {
  readonly allow: string;
  constructor(methods: readonly Method[]) {
    const allow = [...new Set<string>(methods.includes('GET') ? ['GET', 'HEAD', ...methods] : methods)].sort().join(', ');
    super('not-supported', `This address does not have that method. It has: ${allow}.`);
    this.allow = allow;
  }
}

interface Pattern {
  readonly path: string;
  readonly segments: readonly string[];
  readonly endpoints: readonly Endpoint[];
}
const parameterOf = (segment: string): string | undefined => /^\{(\w+)\}$/.exec(segment)?.[1];

/**
 * Finds the row for a method and a path. Of the patterns that fit, the one whose first differing segment is literal wins:
 * `{type}/_search` before `{type}/{id}`. HEAD is served by the GET row.
 */
export function createRouter(endpoints: readonly Endpoint[]): (method: string, path: string) => Match {
  const patterns = [...Map.groupBy(endpoints, ({ path }) => path)]
    .map(([path, rows]): Pattern => ({ path, segments: path.split('/'), endpoints: rows }))
    .sort((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  for (const { path, endpoints: rows } of patterns) {
    if (new Set(rows.map(({ method }) => method)).size !== rows.length)
      throw new Error(`Two endpoints share a method and the path ${path}.`);
  }

  return (method, path) => {
    const segments = path.split('/').map(decoded);
    for (const pattern of patterns) {
      const params = paramsOf(pattern.segments, segments);
      if (!params) continue;
      const wanted = method === 'HEAD' ? 'GET' : method;
      const found = pattern.endpoints.find((row) => row.method === wanted);
      if (!found) throw new MethodNotAllowed(pattern.endpoints.map((row) => row.method));
      return { endpoint: found, params };
    }
    throw new Problem('not-found', said('nothing-here'));
  };
}

/** Lower for literal segments, the earlier ones weighing more. Paths have at most 12 segments. */
const rank = ({ segments }: Pattern): number =>
  segments.reduce((sum, segment, index) => sum + (parameterOf(segment) === undefined ? 0 : 2 ** (12 - index)), 0);

function paramsOf(pattern: readonly string[], segments: readonly string[]): Params | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    const name = parameterOf(expected);
    if (name === undefined ? actual !== expected : actual === '') return undefined;
    if (name !== undefined) params[name] = actual;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem('invalid', 'The address holds a broken percent escape.');
  }
}
