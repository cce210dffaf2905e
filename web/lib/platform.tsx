import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Api, createApi } from './api.ts';
import { useSession } from './session.tsx';

const PlatformContext = createContext<Api | undefined>(undefined);

/** The API of what stands above the clinics: paths below /api/platform. */
export function usePlatform(): Api {
  const api = useContext(PlatformContext);
  if (!api) throw new Error('usePlatform needs a PlatformProvider above it.');
  return api;
}

export function PlatformProvider({ children }: { children: ReactNode }) {
  const { token, end } = useSession();
  // No clinic is called "platform": the word is reserved.
  const api = useMemo(
    () => createApi('platform', { token, onSignedOut: () => void end('expired'), fetch: (input, init) => fetch(input, init) }),
    [token, end],
  );
  return <PlatformContext value={api}>{children}</PlatformContext>;
}
