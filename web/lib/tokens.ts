import { ErrorResponse, type User, type UserManager } from 'oidc-client-ts';
import { ApiError } from './api.ts';

/** Seconds that a token must be good for still: the way to the server takes some. */
const GOOD_FOR = 10;

/**
 * Where a request gets its token from; undefined when the session is over. Renewing shares one request, because a refresh token that is used
 * twice ends the session. @throws ApiError of status 0 when the issuer was not reached: a session does not end because a line was dead for a
 * moment, and the next request tries again.
 */
export function createTokens(manager: Pick<UserManager, 'getUser' | 'signinSilent'>): () => Promise<string | undefined> {
  let renewing: Promise<User | null> | undefined;
  return async () => {
    const user = await manager.getUser();
    if (!user) return undefined;
    if ((user.expires_in ?? 0) > GOOD_FOR) return user.access_token;
    renewing ??= manager.signinSilent().finally(() => {
      renewing = undefined;
    });
    try {
      return (await renewing)?.access_token;
    } catch (error) {
      if (error instanceof ErrorResponse) return undefined; // the issuer's own word
      throw new ApiError(0, [], { cause: error });
    }
  };
}
