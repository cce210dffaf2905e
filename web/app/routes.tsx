import { Button } from '@mantine/core';
import { Fragment, lazy, Suspense } from 'react';
import { createBrowserRouter, Link, Navigate, Outlet, type RouteObject, useRouteError } from 'react-router';
import { CrashScreen } from '../components/CrashScreen.tsx';
import { EmptyState } from '../components/states.tsx';
import { BILLING_SECTIONS } from '../features/billing/sections.ts';
import { OPERATOR_SECTIONS } from '../features/operator/sections.ts';
import { CallbackPage } from '../features/session/CallbackPage.tsx';
import { SignInPage } from '../features/session/SignInPage.tsx';
import { SETTINGS_SECTIONS } from '../features/settings/sections.ts';
import { useSay, wordsOfPages } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';

/**
 * The code of the pages behind the sign-in. The router loads what an address needs side by side and before it draws: React's lazy() would
 * load one layer after the other and hold each back for 300 ms.
 */
const pages = {
  status: async () => ({ Component: (await import('../features/status/PublicStatusPage.tsx')).PublicStatusPage }),
  workspace: async () => ({ Component: (await import('./Workspace.tsx')).Workspace }),
  operator: async () => ({ Component: (await import('./OperatorWorkspace.tsx')).OperatorWorkspace }),
  today: async () => ({ Component: (await import('../features/today/TodayPage.tsx')).TodayPage }),
  inbox: async () => ({ Component: (await import('../features/inbox/InboxPage.tsx')).InboxPage }),
  patients: async () => ({ Component: (await import('../features/patients/PatientsPage.tsx')).PatientsPage }),
  calendar: async () => ({ Component: (await import('../features/calendar/CalendarPage.tsx')).CalendarPage }),
  newPatient: async () => ({ Component: (await import('../features/patients/NewPatientPage.tsx')).NewPatientPage }),
  chart: async () => ({ Component: (await import('./Chart.tsx')).Chart }),
  overview: async () => ({ Component: (await import('../features/chart/OverviewPage.tsx')).OverviewPage }),
  documents: async () => ({ Component: (await import('../features/scans/DocumentsPage.tsx')).DocumentsPage }),
  document: async () => ({ Component: (await import('../features/scans/DocumentPage.tsx')).DocumentPage }),
  settings: async () => ({ Component: (await import('../features/settings/SettingsLayout.tsx')).SettingsLayout }),
  settingsStart: async () => ({ Component: (await import('../features/settings/SettingsLayout.tsx')).SettingsStart }),
  access: async () => ({ Component: (await import('../features/access-log/ChartAccessPage.tsx')).ChartAccessPage }),
  billing: async () => ({ Component: (await import('../features/billing/BillingLayout.tsx')).BillingLayout }),
  billingStart: async () => ({ Component: (await import('../features/billing/BillingStart.tsx')).BillingStart }),
  billedVisit: async () => ({ Component: (await import('../features/billing/VisitPage.tsx')).VisitPage }),
  invoice: async () => ({ Component: (await import('../features/billing/InvoicePage.tsx')).InvoicePage }),
  patientBilling: async () => ({
    Component: (await import('../features/billing/PatientBillingPage.tsx')).PatientBillingPage,
  }),
  portalAccess: async () => ({ Component: (await import('../features/portal-access/PortalAccessPage.tsx')).PortalAccessPage }),
  reminders: async () => ({
    Component: (await import('../features/reminders/PatientRemindersPage.tsx')).PatientRemindersPage,
  }),
  visit: async () => ({ Component: (await import('../features/visit/VisitPage.tsx')).VisitPage }),
  section: async () => ({ Component: (await import('../features/chart/SectionPage.tsx')).SectionPage }),
};

/** The patients' pages: a phone loads none of the workspace. */
const portal = {
  root: async () => ({ Component: (await import('../features/portal/PortalRoot.tsx')).PortalRoot }),
  start: async () => ({ Component: (await import('../features/portal/PortalStart.tsx')).PortalStart }),
  frame: async () => ({ Component: (await import('./Portal.tsx')).Portal }),
  home: async () => ({ Component: (await import('../features/portal/HomePage.tsx')).HomePage }),
  visits: async () => ({ Component: (await import('../features/portal/VisitsPage.tsx')).VisitsPage }),
  book: async () => ({ Component: (await import('../features/portal/BookPage.tsx')).BookPage }),
  records: async () => ({ Component: (await import('../features/portal/RecordsPage.tsx')).RecordsPage }),
  kind: async () => ({ Component: (await import('../features/portal/RecordsPage.tsx')).RecordKindPage }),
  documents: async () => ({ Component: (await import('../features/portal/DocumentsPage.tsx')).DocumentsPage }),
  document: async () => ({ Component: (await import('../features/portal/DocumentsPage.tsx')).DocumentPage }),
  bills: async () => ({ Component: (await import('../features/portal/BillsPage.tsx')).BillsPage }),
  you: async () => ({ Component: (await import('../features/portal/YouPage.tsx')).YouPage }),
};

/** React's own lazy here: the router would load it for those too who stand before the door. */
const ClinicChoicePage = lazy(async () => {
  const [page] = await Promise.all([import('../features/session/ClinicChoicePage.tsx'), wordsOfPages()]);
  return { default: page.ClinicChoicePage };
});

/** Pages for people who have no account yet: with their words. */
const signUpPage = async () => {
  const [page] = await Promise.all([import('../features/joining/SignUpPage.tsx'), wordsOfPages()]);
  return { Component: page.SignUpPage };
};
const linkPage = async () => {
  const [page] = await Promise.all([import('../features/joining/LinkPage.tsx'), wordsOfPages()]);
  return { Component: page.LinkPage };
};

const visitPage = async () => {
  const [page] = await Promise.all([import('../features/reminders/VisitLinkPage.tsx'), wordsOfPages()]);
  return { Component: page.VisitLinkPage };
};

/** Whoever is not signed in is shown the door, at the address they wanted. */
function SignedIn() {
  const { state } = useSession();
  return state === 'signed-in' ? <Outlet /> : <SignInPage />;
}

/** In place of a page that broke: inside the frame where the page stands in one. */
function BrokenPage() {
  return <CrashScreen error={useRouteError()} place="page" />;
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

/** A page that comes by itself brings the words with it: they are asked for side by side. */
function withWords({ lazy, children, ...route }: RouteObject): RouteObject {
  const page = typeof lazy === 'function' ? lazy : undefined;
  return {
    ...route,
    ...(page && { lazy: async () => (await Promise.all([page(), wordsOfPages()]))[0] }),
    ...(children && { children: children.map(withWords) }),
  } as RouteObject;
}

const ROUTES: readonly RouteObject[] = [
  { path: '/status', lazy: pages.status, errorElement: <BrokenPage /> },
  { path: '/callback', element: <CallbackPage />, errorElement: <BrokenPage /> },
  { path: '/signup', lazy: signUpPage, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  { path: '/p/callback', element: <CallbackPage />, errorElement: <BrokenPage /> },
  { path: '/p/link', lazy: linkPage, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  {
    path: '/p',
    lazy: portal.root,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Fragment />,
    children: [
      { index: true, lazy: portal.start },
      {
        path: ':tenant',
        lazy: portal.frame,
        children: [
          { index: true, lazy: portal.home, errorElement: <BrokenPage /> },
          { path: 'visits', lazy: portal.visits, errorElement: <BrokenPage /> },
          { path: 'visits/book', lazy: portal.book, errorElement: <BrokenPage /> },
          { path: 'records', lazy: portal.records, errorElement: <BrokenPage /> },
          { path: 'records/:kind', lazy: portal.kind, errorElement: <BrokenPage /> },
          { path: 'documents', lazy: portal.documents, errorElement: <BrokenPage /> },
          { path: 'documents/:id', lazy: portal.document, errorElement: <BrokenPage /> },
          { path: 'bills', lazy: portal.bills, errorElement: <BrokenPage /> },
          { path: 'you', lazy: portal.you, errorElement: <BrokenPage /> },
        ],
      },
    ],
  },
  { path: '/visit/:tenant', lazy: visitPage, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  { path: '/link', lazy: linkPage, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  {
    element: <SignedIn />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <Fragment />,
    children: [
      {
        path: '/',
        element: (
          <Suspense>
            <ClinicChoicePage />
          </Suspense>
        ),
      },
      {
        path: '/t/:tenant',
        lazy: pages.workspace,
        children: [
          { index: true, element: <Navigate to="today" replace /> },
          { path: 'today', lazy: pages.today, errorElement: <BrokenPage /> },
          { path: 'inbox', lazy: pages.inbox, errorElement: <BrokenPage /> },
          { path: 'patients', lazy: pages.patients, errorElement: <BrokenPage /> },
          { path: 'calendar', lazy: pages.calendar, errorElement: <BrokenPage /> },
          { path: 'patients/new', lazy: pages.newPatient, errorElement: <BrokenPage /> },
          {
            path: 'patients/:id',
            lazy: pages.chart,
            errorElement: <BrokenPage />,
            children: [
              { index: true, lazy: pages.overview, errorElement: <BrokenPage /> },
              { path: 'reminders', lazy: pages.reminders, errorElement: <BrokenPage /> },
              { path: 'access', lazy: pages.access, errorElement: <BrokenPage /> },
              { path: 'billing', lazy: pages.patientBilling, errorElement: <BrokenPage /> },
              { path: 'portal', lazy: pages.portalAccess, errorElement: <BrokenPage /> },
              { path: 'visits/:encounter', lazy: pages.visit, errorElement: <BrokenPage /> },
              { path: ':section', lazy: pages.section, errorElement: <BrokenPage /> },
            ],
          },
          {
            path: 'billing',
            lazy: pages.billing,
            errorElement: <BrokenPage />,
            children: [
              { index: true, lazy: pages.billingStart },
              { path: 'visits/:visit', lazy: pages.billedVisit, errorElement: <BrokenPage /> },
              { path: 'invoices/:invoice', lazy: pages.invoice, errorElement: <BrokenPage /> },
              ...BILLING_SECTIONS.map(({ path, page }) => ({ path, lazy: page, errorElement: <BrokenPage /> })),
            ],
          },
          { path: 'documents', lazy: pages.documents, errorElement: <BrokenPage /> },
          { path: 'documents/:upload', lazy: pages.document, errorElement: <BrokenPage /> },
          {
            path: 'settings',
            lazy: pages.settings,
            errorElement: <BrokenPage />,
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
          ...OPERATOR_SECTIONS.map(({ path, page }) => ({ path, lazy: page, errorElement: <BrokenPage /> })),
        ],
      },
      { path: '*', element: <NoSuchPage /> },
    ],
  },
];

export const makeRouter = () => createBrowserRouter(ROUTES.map(withWords));
