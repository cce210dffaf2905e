import './mantine-styles.ts';
import '@fontsource-variable/inter';
import './global.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { makeRouter } from './app/routes.tsx';
import { startWords } from './i18n/index.ts';
import { retryLostOnes } from './lib/chart-query.ts';
import { SessionProvider } from './lib/session.tsx';
import { theme, tokens } from './theme.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: retryLostOnes, gcTime: 300_000, refetchOnWindowFocus: true }, // ms: a chart is not kept in memory long after it was left
    mutations: { retry: false },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

const router = makeRouter();
await startWords();
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokens}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'tessera.scheme' })}
    >
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </QueryClientProvider>
      <Notifications position="bottom-left" />
    </MantineProvider>
  </StrictMode>,
);
