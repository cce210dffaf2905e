import { Button } from '@mantine/core';
import { Fragment, lazy, Suspense } from 'react';
import { createBrowserRouter, Link, Navigate, Outlet, type RouteObject, useRouteError } from 'react-router';
import { CrashScreen } from '../components/CrashScreen.tsx';
import { DoorCard } from '../components/DoorCard.tsx';
import { BILLING_SECTIONS, type BillingSection } from '../features/billing/sections.ts';
import { OPERATOR_SECTIONS, type OperatorSection } from '../features/operator/sections.ts';
import { CallbackPage } from '../features/session/CallbackPage.tsx';
import { SignInPage } from '../features/session/SignInPage.tsx';
import { SETTINGS_SECTIONS, type SettingsSection } from '../features/settings/sections.ts';
import { bring, useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';

/**
 * The code of the pages behind the sign-in. The router loads what an address needs side by side and before it draws: React's lazy() would
 * load one layer after the other and hold each back for 300 ms.
 */
const pages = {
  status: async () => ({
    Component: (await bring(() => import('../features/status/PublicStatusPage.tsx'), 'statusPage')).PublicStatusPage,
  }),
  workspace: async () => ({
    Component: (await bring(() => import('./Workspace.tsx'), 'pages', 'help', 'newPatient')).Workspace,
  }),
  operator: async () => ({
    Component: (await bring(() => import('./OperatorWorkspace.tsx'), 'pages', 'operator', 'people', 'plan', 'statusPage'))
      .OperatorWorkspace,
  }),
  clinicPlan: async () => ({
    Component: (await bring(() => import('../features/operator/ClinicPlanPage.tsx'), 'plan')).ClinicPlanPage,
  }),
  today: async () => ({ Component: (await bring(() => import('../features/today/TodayPage.tsx'), 'pages', 'tasks')).TodayPage }),
  inbox: async () => ({ Component: (await bring(() => import('../features/inbox/InboxPage.tsx'), 'pages', 'tasks')).InboxPage }),
  patients: async () => ({
    Component: (await bring(() => import('../features/patients/PatientsPage.tsx'), 'pages', 'newPatient')).PatientsPage,
  }),
  calendar: async () => ({
    Component: (await bring(() => import('../features/calendar/CalendarPage.tsx'), 'problems', 'pages', 'calendar', 'reminders'))
      .CalendarPage,
  }),
  newPatient: async () => ({
    Component: (await bring(() => import('../features/patients/NewPatientPage.tsx'), 'pages', 'newPatient')).NewPatientPage,
  }),
  chart: async () => ({ Component: (await bring(() => import('./Chart.tsx'), 'pages')).Chart }),
  overview: async () => ({
    Component: (await bring(() => import('../features/chart/OverviewPage.tsx'), 'pages', 'tasks')).OverviewPage,
  }),
  documents: async () => ({
    Component: (await bring(() => import('../features/scans/DocumentsPage.tsx'), 'scans')).DocumentsPage,
  }),
  document: async () => ({
    Component: (await bring(() => import('../features/scans/DocumentPage.tsx'), 'pages', 'scans')).DocumentPage,
  }),
  settings: async () => ({
    Component: (await bring(() => import('../features/settings/SettingsLayout.tsx'), 'pages')).SettingsLayout,
  }),
  settingsStart: async () => ({
    Component: (await bring(() => import('../features/settings/SettingsLayout.tsx'), 'pages')).SettingsStart,
  }),
  access: async () => ({
    Component: (await bring(() => import('../features/access-log/ChartAccessPage.tsx'), 'pages', 'accessLog')).ChartAccessPage,
  }),
  billing: async () => ({
    Component: (await bring(() => import('../features/billing/BillingLayout.tsx'), 'billing')).BillingLayout,
  }),
  billingStart: async () => ({ Component: (await bring(() => import('../features/billing/BillingStart.tsx'))).BillingStart }),
  billedVisit: async () => ({
    Component: (await bring(() => import('../features/billing/VisitPage.tsx'), 'billing', 'pages')).VisitPage,
  }),
  invoice: async () => ({
    Component: (await bring(() => import('../features/billing/InvoicePage.tsx'), 'billing', 'pages')).InvoicePage,
  }),
  patientBilling: async () => ({
    Component: (await bring(() => import('../features/billing/PatientBillingPage.tsx'), 'problems', 'pages', 'billing'))
      .PatientBillingPage,
  }),
  portalAccess: async () => ({
    Component: (await bring(() => import('../features/portal-access/PortalAccessPage.tsx'), 'pages', 'portal')).PortalAccessPage,
  }),
  reminders: async () => ({
    Component: (await bring(() => import('../features/reminders/PatientRemindersPage.tsx'), 'pages', 'reminders'))
      .PatientRemindersPage,
  }),
  visit: async () => ({ Component: (await bring(() => import('../features/visit/VisitPage.tsx'), 'pages', 'visit')).VisitPage }),
  section: async () => ({
    Component: (await bring(() => import('../features/chart/SectionPage.tsx'), 'pages', 'scans')).SectionPage,
  }),
};

/** The pages of a list of sections: the list of pages comes first, then the page. */
const sections = {
  settings: (path: SettingsSection['path']) => async () => (await import('../features/settings/pages.ts')).SETTINGS_PAGES[path](),
  billing: (path: BillingSection['path']) => async () => (await import('../features/billing/pages.ts')).BILLING_PAGES[path](),
  operator: (path: OperatorSection['path']) => async () => (await import('../features/operator/pages.ts')).OPERATOR_PAGES[path](),
};

/** The patients' pages: a phone loads none of the workspace. */
const portal = {
  root: async () => ({ Component: (await bring(() => import('../features/portal/PortalRoot.tsx'), 'portal')).PortalRoot }),
  start: async () => ({ Component: (await bring(() => import('../features/portal/PortalStart.tsx'), 'portal')).PortalStart }),
  frame: async () => ({ Component: (await bring(() => import('./Portal.tsx'), 'portal')).Portal }),
  home: async () => ({ Component: (await bring(() => import('../features/portal/HomePage.tsx'), 'portal')).HomePage }),
  visits: async () => ({ Component: (await bring(() => import('../features/portal/VisitsPage.tsx'), 'portal')).VisitsPage }),
  book: async () => ({ Component: (await bring(() => import('../features/portal/BookPage.tsx'), 'portal')).BookPage }),
  records: async () => ({ Component: (await bring(() => import('../features/portal/RecordsPage.tsx'), 'portal')).RecordsPage }),
  kind: async () => ({ Component: (await bring(() => import('../features/portal/RecordsPage.tsx'), 'portal')).RecordKindPage }),
  documents: async () => ({
    Component: (await bring(() => import('../features/portal/DocumentsPage.tsx'), 'portal', 'scans')).DocumentsPage,
  }),
  document: async () => ({
    Component: (await bring(() => import('../features/portal/DocumentsPage.tsx'), 'portal', 'scans')).DocumentPage,
  }),
  bills: async () => ({ Component: (await bring(() => import('../features/portal/BillsPage.tsx'), 'portal')).BillsPage }),
  you: async () => ({ Component: (await bring(() => import('../features/portal/YouPage.tsx'), 'portal')).YouPage }),
  whoLooked: async () => ({
    Component: (await bring(() => import('../features/portal/WhoLookedPage.tsx'), 'portal')).WhoLookedPage,
  }),
};

/** React's own lazy here: the router would load it for those too who stand before the door. */
const ClinicChoicePage = lazy(async () => ({
  default: (await bring(() => import('../features/session/ClinicChoicePage.tsx'), 'pages')).ClinicChoicePage,
}));

/** Pages for people who have no account yet. */
const joining = {
  signUp: async () => ({ Component: (await bring(() => import('../features/joining/SignUpPage.tsx'), 'people')).SignUpPage }),
  link: async () => ({ Component: (await bring(() => import('../features/joining/LinkPage.tsx'), 'pages', 'people')).LinkPage }),
  visit: async () => ({
    Component: (await bring(() => import('../features/reminders/VisitLinkPage.tsx'), 'reminders')).VisitLinkPage,
  }),
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
    <DoorCard>
      <h1>{t('errors.noSuchPage')}</h1>
      <Button component={Link} to={addresses.home()} variant="default">
        {t('errors.toStart')}
      </Button>
    </DoorCard>
  );
}

const ROUTES: readonly RouteObject[] = [
  { path: '/status', lazy: pages.status, errorElement: <BrokenPage /> },
  { path: '/callback', element: <CallbackPage />, errorElement: <BrokenPage /> },
  { path: '/signup', lazy: joining.signUp, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  { path: '/p/callback', element: <CallbackPage />, errorElement: <BrokenPage /> },
  { path: '/p/link', lazy: joining.link, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
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
          { path: 'you/who-looked', lazy: portal.whoLooked, errorElement: <BrokenPage /> },
        ],
      },
    ],
  },
  { path: '/visit/:tenant', lazy: joining.visit, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
  { path: '/link', lazy: joining.link, errorElement: <BrokenPage />, hydrateFallbackElement: <Fragment /> },
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
              ...BILLING_SECTIONS.map(({ path }) => ({ path, lazy: sections.billing(path), errorElement: <BrokenPage /> })),
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
              ...SETTINGS_SECTIONS.map(({ path }) => ({ path, lazy: sections.settings(path) })),
            ],
          },
        ],
      },
      {
        path: '/operator',
        lazy: pages.operator,
        children: [
          { index: true, element: <Navigate to={OPERATOR_SECTIONS[0]?.path ?? ''} replace /> },
          { path: 'plans/:slug', lazy: pages.clinicPlan, errorElement: <BrokenPage /> },
          ...OPERATOR_SECTIONS.map(({ path }) => ({ path, lazy: sections.operator(path), errorElement: <BrokenPage /> })),
        ],
      },
      { path: '*', element: <NoSuchPage /> },
    ],
  },
];

export const makeRouter = () => createBrowserRouter([...ROUTES]);
