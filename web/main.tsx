import './mantine-styles.ts';
import './fonts/inter.css';
import './global.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { MutationCache, onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { AppNotices } from './app/AppNotices.tsx';
import { makeRouter } from './app/routes.tsx';
import { startWords } from './i18n/index.ts';
import { isOfTasks, retryLostOnes } from './lib/reading.ts';
import { poolOf, SessionProvider } from './lib/session.tsx';
import { theme, tokens } from './theme.ts';

const queries: QueryClient = new QueryClient({
  // Nearly every deed opens a task or closes one: after each, the numbers in the rail and the lists are read again.
  mutationCache: new MutationCache({ onSettled: () => void queries.invalidateQueries({ predicate: isOfTasks }) }),
  defaultOptions: {
    queries: {
      retry: retryLostOnes,
      gcTime: 300_000, // ms: a chart is not kept in memory long after it was left
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
      networkMode: 'always', // offline, a page says so at once instead of waiting in silence
    },
    // Never sent later by itself: a save that nobody is looking at is not a save that somebody decided.
    mutations: { retry: false, networkMode: 'always' },
  },
});

onlineManager.setOnline(navigator.onLine); // else a page that was opened offline would not notice the connection's return

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

const words = startWords();
const router = makeRouter();
// Not awaited here: this file is not done before it is, and the words may come in a file that waits for this one.
void words.then(() =>
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={tokens}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: 'tessera.scheme' })}
      >
        <QueryClientProvider client={queries}>
          <SessionProvider pool={poolOf(window.location.pathname)}>
            <RouterProvider router={router} />
            <AppNotices />
          </SessionProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
