import { Button } from '@mantine/core';
import { Fragment } from 'react';
import { createBrowserRouter, Link, Navigate, Outlet, useRouteError } from 'react-router';
import { EmptyState } from '../components/states.tsx';
import { OPERATOR_SECTIONS } from '../features/operator/sections.ts';
import { CallbackPage } from '../features/session/CallbackPage.tsx';
import { ClinicChoicePage } from '../features/session/ClinicChoicePage.tsx';
import { SignInPage } from '../features/session/SignInPage.tsx';
import { SETTINGS_SECTIONS } from '../features/settings/sections.ts';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';

/**
 * The code of the pages behind the sign-in. The router loads what an address needs side by side and before it draws: React's lazy() would
 * load one layer after the other and hold each back for 300 ms.
 */
const pages = {
  workspace: async () => ({ Component: (await import('./Workspace.tsx')).Workspace }),
  operator: async () => ({ Component: (await import('./OperatorWorkspace.tsx')).OperatorWorkspace }),
  patients: async () => ({ Component: (await import('../features/patients/PatientsPage.tsx')).PatientsPage }),
  chart: async () => ({ Component: (await import('./Chart.tsx')).Chart }),
  overview: async () => ({ Component: (await import('../features/chart/OverviewPage.tsx')).OverviewPage }),
  settings: async () => ({ Component: (await import('../features/settings/SettingsLayout.tsx')).SettingsLayout }),
  settingsStart: async () => ({ Component: (await import('../features/settings/SettingsLayout.tsx')).SettingsStart }),
  section: async () => ({ Component: (await import('../features/chart/SectionPage.tsx')).SectionPage }),
};

/** Whoever is not signed in is shown the door, at the address they wanted. */
function SignedIn() {
  const { state } = useSession();
  return state === 'signed-in' ? <Outlet /> : <SignInPage />;
}

/** A page that failed while it was drawn: what is typed is in its drafts, and the address is unchanged. */
function BrokenPage() {
  const { t } = useSay();
  const error = useRouteError();
  console.error(error); // the browser's own console: nothing leaves this machine
  return (
    <main>
      <EmptyState title={t('errors.brokenPage')}>
        <Button onClick={() => window.location.reload()}>{t('errors.reload')}</Button>
      </EmptyState>
    </main>
  );
}

function NoSuchPage() {
  const { t } = useSay();
  return (
    <main>
      <EmptyState title={t('errors.noSuchPage')}>
        <Button component={Link} to={addresses.home()} variant="default">
          {t('errors.toStart')}
        </Button>
      </EmptyState>
    </main>
  );
}

export const makeRouter = () =>
  createBrowserRouter([
    { path: '/callback', element: <CallbackPage />, errorElement: <BrokenPage /> },
    {
      element: <SignedIn />,
      errorElement: <BrokenPage />,
      hydrateFallbackElement: <Fragment />,
      children: [
        { path: '/', element: <ClinicChoicePage /> },
        {
          path: '/t/:tenant',
          lazy: pages.workspace,
          children: [
            { index: true, element: <Navigate to="patients" replace /> },
            { path: 'patients', lazy: pages.patients },
            {
              path: 'patients/:id',
              lazy: pages.chart,
              children: [
                { index: true, lazy: pages.overview },
                { path: ':section', lazy: pages.section },
              ],
            },
            {
              path: 'settings',
              lazy: pages.settings,
              children: [
                { index: true, lazy: pages.settingsStart },
                ...SETTINGS_SECTIONS.map(({ path, page }) => ({ path, lazy: page })),
              ],
            },
          ],
        },
        {
          path: '/operator',
          lazy: pages.operator,
          children: [
            { index: true, element: <Navigate to={OPERATOR_SECTIONS[0]?.path ?? ''} replace /> },
            ...OPERATOR_SECTIONS.map(({ path, page }) => ({ path, lazy: page })),
          ],
        },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ]);
