import type { Route } from '../template/routes.ts';

export interface Match<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}
type Matchable = Pick<Route, 'key' | 'method' | 'segments'>;

/**
 * The route that an HTTP API chooses: a full match first, then the greedy one with the most literal beginning, then `$default`.
 * Of two equal paths the one that names the method wins (API Gateway Developer Guide, "Routing API requests").
 */
export function matchRoute<R extends Matchable>(routes: readonly R[], method: string, path: string): Match<R> | undefined {
  const segments = path.split('/').slice(1);
  const matches = routes.flatMap((route) => {
    if (route.key === '$default' || (route.method !== 'ANY' && route.method !== method)) return [];
    const pathParameters = parametersOf(route, segments);
    return pathParameters ? [{ route, pathParameters }] : [];
  });
  const best = matches.sort((a, b) => compare(rank(b.route), rank(a.route)))[0];
  if (best) return best;
  const fallback = routes.find((route) => route.key === '$default');
  return fallback && { route: fallback, pathParameters: {} };
}

/** The path's values by parameter name, decoded; undefined when the route does not match. */
function parametersOf({ segments: pattern }: Matchable, segments: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    if (segment.kind === 'greedy') {
      const rest = segments.slice(index).join('/');
      if (rest === '') return undefined;
      values[segment.name] = decode(rest);
      return values;
    }
    const actual = segments[index];
    if (actual === undefined) return undefined;
    if (segment.kind === 'literal') {
      if (segment.text !== actual) return undefined;
    } else {
      if (actual === '') return undefined;
      values[segment.name] = decode(actual);
    }
  }
  return segments.length === pattern.length ? values : undefined;
}

/** Full before greedy, then segment by segment literal before parameter, then a named method before ANY. */
function rank({ segments, method }: Matchable): number[] {
  const weight = { literal: 2, parameter: 1, greedy: 0 };
  const greedy = segments.some((segment) => segment.kind === 'greedy');
  return [greedy ? 0 : 1, ...segments.map((segment) => weight[segment.kind]), method === 'ANY' ? 0 : 1];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
