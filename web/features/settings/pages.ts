import type { ComponentType } from 'react';
import { bring } from '../../i18n/index.ts';
import type { SettingsSection } from './sections.ts';

/** The page of each section: beside the list of them, so that a rail loads names and no pages. */
export const SETTINGS_PAGES: Record<SettingsSection['path'], () => Promise<{ readonly Component: ComponentType }>> = {
  clinic: async () => ({ Component: (await bring(() => import('./ClinicPage.tsx'), 'pages', 'people')).ClinicPage }),
  'opening-hours': async () => ({
    Component: (await bring(() => import('../calendar/OpeningHoursPage.tsx'), 'pages', 'calendar')).OpeningHoursPage,
  }),
  'visit-types': async () => ({
    Component: (await bring(() => import('../calendar/VisitTypesPage.tsx'), 'pages', 'calendar')).VisitTypesPage,
  }),
  reminders: async () => ({
    Component: (await bring(() => import('../reminders/RemindersPage.tsx'), 'pages', 'reminders')).RemindersPage,
  }),
  tasks: async () => ({ Component: (await bring(() => import('./TaskHoursPage.tsx'), 'pages', 'tasks')).TaskHoursPage }),
  plan: async () => ({ Component: (await bring(() => import('../plan/PlanPage.tsx'), 'pages', 'plan')).PlanPage }),
  'document-workflows': async () => ({
    Component: (await bring(() => import('../scans/WorkflowsPage.tsx'), 'pages', 'scans')).WorkflowsPage,
  }),
  import: async () => ({
    Component: (await bring(() => import('./import/ImportPage.tsx'), 'pages', 'newPatient', 'imports')).ImportPage,
  }),
  staff: async () => ({ Component: (await bring(() => import('../staff/StaffPage.tsx'), 'pages', 'people')).StaffPage }),
  fees: async () => ({
    Component: (await bring(() => import('../billing/FeesPage.tsx'), 'problems', 'billing', 'pages')).FeesPage,
  }),
  payments: async () => ({
    Component: (await bring(() => import('../billing/ConnectPage.tsx'), 'billing', 'pages')).ConnectPage,
  }),
  'note-templates': async () => ({
    Component: (await bring(() => import('../note-templates/NoteTemplatesPage.tsx'), 'pages', 'visit')).NoteTemplatesPage,
  }),
  'access-log': async () => ({
    Component: (await bring(() => import('../access-log/AccessLogPage.tsx'), 'pages', 'accessLog')).AccessLogPage,
  }),
  'failed-work': async () => ({
    Component: (await bring(() => import('../failed-work/FailedWorkPage.tsx'), 'pages', 'failedWork', 'plan')).FailedWorkPage,
  }),
};
