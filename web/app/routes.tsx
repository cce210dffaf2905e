import { Button } from '@mantine/core';
import { lazy } from 'react';
import { createBrowserRouter, Link, Navigate, Outlet, useRouteError } from 'react-router';
import { EmptyState } from '../components/states.tsx';
import { CallbackPage } from '../features/session/CallbackPage.tsx';
import { ClinicChoicePage } from '../features/session/ClinicChoicePage.tsx';
import { SignInPage } from '../features/session/SignInPage.tsx';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';

/** What comes after sign-in is loaded when somebody is signed in. */
const Workspace = lazy(async () => ({ default: (await import('./Workspace.tsx')).Workspace }));
const PatientsPage = lazy(async () => ({ default: (await import('../features/patients/PatientsPage.tsx')).PatientsPage }));
const Chart = lazy(async () => ({ default: (await import('./Chart.tsx')).Chart }));
const OverviewPage = lazy(async () => ({ default: (await import('../features/chart/OverviewPage.tsx')).OverviewPage }));
const SectionPage = lazy(async () => ({ default: (await import('../features/chart/SectionPage.tsx')).SectionPage }));

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
      children: [
        { path: '/', element: <ClinicChoicePage /> },
        {
          path: '/t/:tenant',
          element: <Workspace />,
          children: [
            { index: true, element: <Navigate to="patients" replace /> },
            { path: 'patients', element: <PatientsPage /> },
            {
              path: 'patients/:id',
              element: <Chart />,
              children: [
                { index: true, element: <OverviewPage /> },
                { path: ':section', element: <SectionPage /> },
              ],
            },
          ],
        },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ]);
