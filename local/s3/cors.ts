import { fitsWildcard } from '../front-door/wildcard.ts';
import type { CorsRule } from '../template/buckets.ts';

/** The CORS headers for a request of this origin, or undefined when no rule of the bucket lets it in. */
export function corsHeaders(
  rules: readonly CorsRule[],
  { origin, method, requestHeaders }: { origin: string; method: string; requestHeaders: readonly string[] },
): Record<string, string> | undefined {
  const rule = rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
      AllowedOrigins.some((pattern) => fitsWildcard(pattern, origin)) &&
      AllowedMethods.includes(method) &&
      requestHeaders.every((header) =>
        AllowedHeaders.some((pattern) => fitsWildcard(pattern.toLowerCase(), header.toLowerCase())),
      ),
  );
  if (!rule) return undefined;
  return {
    'access-control-allow-origin': rule.AllowedOrigins.includes('*') ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(requestHeaders.length > 0 && { 'access-control-allow-headers': requestHeaders.join(', ') }),
    ...(rule.ExposedHeaders && { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
