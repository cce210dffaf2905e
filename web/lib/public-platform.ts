import { ApiError, createApi } from './api.ts';

/** What can be asked of the platform by somebody who has no account. */
export const publicPlatform = createApi('platform', {
  token: async () => undefined,
  onSignedOut: () => undefined,
  fetch: (input, init) => fetch(input, init),
});

/** The fields that a refusal names, each with the server's words; undefined when it names none. */
export function faultsByField(error: unknown): Readonly<Record<string, string>> | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const named = error.issues.flatMap(({ text, expression }) => expression.map((field) => [field, text] as const));
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}
