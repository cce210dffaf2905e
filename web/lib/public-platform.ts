import type { Say } from '../i18n/index.ts';
import { ApiError, createApi } from './api.ts';

/** What can be asked of the platform by somebody who has no account. */
export const publicPlatform = createApi('platform', {
  token: async () => undefined,
  onSignedOut: () => undefined,
  fetch: (input, init) => fetch(input, init),
});

/** The fields that a refusal names, each with why; undefined when it names none. */
export function faultsByField(error: unknown, say: Say): Readonly<Record<string, string>> | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const named = error.issues.flatMap((issue) => issue.expression.map((field) => [field, say.fault(issue)] as const));
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}
