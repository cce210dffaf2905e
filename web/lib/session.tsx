import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { dropAllDrafts } from './kept-drafts.ts';
import { createTokens } from './tokens.ts';

/** GET /api/platform/config: who signs in where. */
interface PlatformConfig {
  readonly staff: { readonly issuer: string; readonly clientId: string };
  readonly patients: { readonly issuer: string; readonly clientId: string };
  readonly version: string;
}

/** Why the sign-in page is shown to somebody who was working a moment ago. */
export type EndReason = 'idle' | 'expired' | 'signed-out' | 'closed';

/** Who signs in here: those who work in a clinic, or its patients. Each has issuer, callback and memory of their own. */
export type Pool = keyof Pick<PlatformConfig, 'staff' | 'patients'>;
const HOME: Readonly<Record<Pool, string>> = { staff: '/', patients: '/p' };
const CALLBACK: Readonly<Record<Pool, string>> = { staff: '/callback', patients: '/p/callback' };
const isPatients = (path: string): boolean => path === '/p' || path.startsWith('/p/');
/** Whose pages stand at an address. */
export const poolOf = (path: string): Pool => (isPatients(path) ? 'patients' : 'staff');

export interface Session {
  readonly pool: Pool;
  readonly state: 'starting' | 'unreachable' | 'signed-out' | 'signed-in';
  /** The person's id in the staff directory. */
  readonly userId: string;
  readonly name: string;
  readonly endedBecause: EndReason | undefined;
  /**
   * Leaves for the sign-in page and comes back to `returnTo`. As somebody (an e-mail address): the page asks for the password even when
   * this browser is signed in there, which may be somebody else.
   */
  readonly signIn: (returnTo: string, as?: string) => Promise<void>;
  /** Leaves nothing behind: drafts are deleted too. A session that ends by itself keeps them. */
  readonly signOut: () => Promise<void>;
  /** Forgets the tokens and everything read with them, and stays at the address. */
  readonly end: (because: EndReason) => Promise<void>;
  /** An access token that is good for a while; undefined when the session is over. */
  readonly token: () => Promise<string | undefined>;
  /** Finishes the way back from the sign-in page; answers where the person was. */
  readonly finish: () => Promise<string>;
  readonly retry: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}

/** OpenID Connect with code and PKCE. Tokens are kept in this tab's sessionStorage and end with it. */
const managerFor = (config: PlatformConfig, pool: Pool): UserManager =>
  new UserManager({
    authority: config[pool].issuer,
    client_id: config[pool].clientId,
    redirect_uri: `${window.location.origin}${CALLBACK[pool]}`,
    post_logout_redirect_uri: `${window.location.origin}${HOME[pool]}`,
    scope: 'openid email profile',
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: 90,
  });

const CONFIG = 'tessera.config';
interface SignIn {
  readonly made: UserManager;
  readonly known: User | null;
}
/** A tab that is signed in knows already where: a reload need not ask before it reads the chart. Undefined when it is not. */
async function keptSignIn(pool: Pool): Promise<SignIn | undefined> {
  const text = sessionStorage.getItem(CONFIG);
  if (text === null) return undefined;
  const made = managerFor(JSON.parse(text) as PlatformConfig, pool);
  const known = await made.getUser();
  return known && !known.expired ? { made, known } : undefined;
}
async function newSignIn(pool: Pool): Promise<SignIn> {
  const response = await fetch('/api/platform/config', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`The configuration answered ${response.status}.`);
  const config = (await response.json()) as PlatformConfig;
  sessionStorage.setItem(CONFIG, JSON.stringify(config));
  const made = managerFor(config, pool);
  return { made, known: await made.getUser() };
}

const isFrom = (value: unknown): value is { returnTo: string } =>
  typeof (value as { returnTo?: unknown } | undefined)?.returnTo === 'string';

/** Only a path of our own and of the same people's, so that a crafted state cannot send anybody elsewhere. */
const ownPath = (path: string, pool: Pool): string =>
  /^\/(?!\/)/.test(path) && !path.startsWith(CALLBACK[pool]) && poolOf(path) === pool ? path : HOME[pool];

const ENDED: Readonly<Record<Pool, string>> = { staff: 'tessera.ended', patients: 'tessera.ended.patients' };
interface RememberedEnd {
  readonly because: EndReason;
  /** Where the person was. */
  readonly returnTo: string;
}
const rememberEnd = (pool: Pool, end: RememberedEnd): void => sessionStorage.setItem(ENDED[pool], JSON.stringify(end));
/** Why this tab's last session ended, across the way to the issuer and back; undefined when it did not end by itself. */
function rememberedEnd(pool: Pool): RememberedEnd | undefined {
  const text = sessionStorage.getItem(ENDED[pool]);
  return text === null ? undefined : (JSON.parse(text) as RememberedEnd);
}

function sessionOf(
  manager: UserManager,
  queries: QueryClient,
  shown: Pick<Session, 'pool' | 'state' | 'userId' | 'name' | 'endedBecause' | 'retry'>,
  ended: (because: EndReason) => void,
  token: Session['token'],
): Session {
  const forget = async (because: EndReason) => {
    await manager.removeUser();
    queries.clear();
    ended(because);
  };
  /** Ends the session at the issuer too: else its cookie would let the next person in without a password. */
  const leave = async (because: EndReason, returnTo: string) => {
    const user = await manager.getUser();
    rememberEnd(shown.pool, { because, returnTo });
    await forget(because);
    const endpoint = await manager.metadataService.getEndSessionEndpoint().catch(() => undefined);
    if (!endpoint) return;
    const back = `${window.location.origin}${HOME[shown.pool]}`;
    // Cognito wants client_id and logout_uri, OpenID providers id_token_hint and post_logout_redirect_uri: each ignores the other's.
    await manager.signoutRedirect({
      ...(user?.id_token && { id_token_hint: user.id_token }),
      extraQueryParams: { client_id: manager.settings.client_id, logout_uri: back },
    });
  };
  return {
    ...shown,
    token,
    end: (because) =>
      because === 'idle' ? leave(because, `${window.location.pathname}${window.location.search}`) : forget(because),
    signIn: (returnTo, as) =>
      manager.signinRedirect({
        state: { returnTo: returnTo === HOME[shown.pool] ? (rememberedEnd(shown.pool)?.returnTo ?? returnTo) : returnTo },
        ...(as !== undefined && { prompt: 'login', login_hint: as }),
      }),
    signOut: () => {
      dropAllDrafts(sessionStorage);
      return leave('signed-out', HOME[shown.pool]);
    },
    finish: async () => {
      const user = await manager.signinRedirectCallback();
      sessionStorage.removeItem(ENDED[shown.pool]);
      return isFrom(user.state) ? ownPath(user.state.returnTo, shown.pool) : HOME[shown.pool];
    },
  };
}

/** One for each loading of the app: who signs in follows from the address, and the two never share an answer in memory. */
export function SessionProvider({ pool, children }: { pool: Pool; children: ReactNode }) {
  const queries = useQueryClient();
  const [manager, setManager] = useState<UserManager>();
  const [user, setUser] = useState<User | null>();
  const [unreachable, setUnreachable] = useState(false);
  const [endedBecause, setEndedBecause] = useState<EndReason | undefined>(() => rememberedEnd(pool)?.because);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what "Try again" changes
  useEffect(() => {
    let current = true;
    const start = async () => {
      const { made, known } = (await keptSignIn(pool)) ?? (await newSignIn(pool));
      if (!current) return;
      setManager(made);
      setUser(known && !known.expired ? known : known?.refresh_token ? await made.signinSilent().catch(() => null) : null);
    };
    setUnreachable(false);
    start().catch(() => current && setUnreachable(true));
    return () => {
      current = false;
    };
  }, [attempt, pool]);

  const tokens = useMemo(() => manager && createTokens(manager), [manager]);
  useEffect(() => {
    if (!manager || !tokens) return;
    const loaded = (next: User) => setUser(next);
    const unloaded = () => setUser(null);
    /** A renewal that failed is not tried again by the library: here it is, and only what the issuer refuses ends the session. */
    const lost = () =>
      void tokens().then(
        (token) => {
          if (token) return;
          setEndedBecause((because) => because ?? 'expired');
          void manager.removeUser();
          queries.clear();
        },
        () => undefined, // not reached: the next request tries again
      );
    manager.events.addUserLoaded(loaded);
    manager.events.addUserUnloaded(unloaded);
    manager.events.addAccessTokenExpired(lost);
    return () => {
      manager.events.removeUserLoaded(loaded);
      manager.events.removeUserUnloaded(unloaded);
      manager.events.removeAccessTokenExpired(lost);
    };
  }, [manager, queries, tokens]);

  const session = useMemo((): Session => {
    const state = unreachable ? 'unreachable' : user === undefined ? 'starting' : user ? 'signed-in' : 'signed-out';
    const shown = {
      pool,
      state,
      userId: user?.profile.sub ?? '',
      name: user?.profile.name ?? user?.profile.email ?? '',
      endedBecause,
      retry: () => setAttempt((number) => number + 1),
    } as const;
    if (manager && tokens) return sessionOf(manager, queries, shown, setEndedBecause, tokens);
    const notYet = () => Promise.reject(new Error('Sign-in is not ready yet.'));
    return { ...shown, signIn: notYet, signOut: notYet, end: notYet, finish: notYet, token: async () => undefined };
  }, [manager, tokens, user, unreachable, endedBecause, queries, pool]);

  return <SessionContext value={session}>{children}</SessionContext>;
}
