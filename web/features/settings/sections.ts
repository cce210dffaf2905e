import type { ComponentType } from 'react';
import type { Interaction } from '../../../schemas/access.ts';
import { bring } from '../../i18n/index.ts';

/**
 * One page of the settings. `label` is the name of its text below `settingsPages.sections`; whoever lacks what it `needs` sees neither
 * its entry nor its page.
 */
export interface SettingsSection {
  readonly path: string;
  readonly label:
    | 'documentWorkflows'
    | 'clinic'
    | 'openingHours'
    | 'visitTypes'
    | 'reminders'
    | 'plan'
    | 'import'
    | 'staff'
    | 'accessLog'
    | 'failedWork'
    | 'payments'
    | 'fees'
    | 'noteTemplates';
  readonly needs: { readonly type: string; readonly interaction: Interaction };
  readonly page: () => Promise<{ Component: ComponentType }>;
}

/** The settings of a clinic in their order: the rail, the side list and the routes read this and nothing else. */
export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  {
    path: 'clinic',
    label: 'clinic',
    needs: { type: 'Tenant', interaction: 'update' },
    page: async () => ({ Component: (await bring(() => import('./ClinicPage.tsx'), 'pages', 'people')).ClinicPage }),
  },
  {
    path: 'opening-hours',
    label: 'openingHours',
    needs: { type: 'Schedule', interaction: 'update' },
    page: async () => ({
      Component: (await bring(() => import('../calendar/OpeningHoursPage.tsx'), 'problems', 'pages', 'calendar'))
        .OpeningHoursPage,
    }),
  },
  {
    path: 'visit-types',
    label: 'visitTypes',
    needs: { type: 'HealthcareService', interaction: 'update' },
    page: async () => ({
      Component: (await bring(() => import('../calendar/VisitTypesPage.tsx'), 'problems', 'pages', 'calendar')).VisitTypesPage,
    }),
  },
  {
    path: 'reminders',
    label: 'reminders',
    needs: { type: 'Communication', interaction: 'search' },
    page: async () => ({
      Component: (await bring(() => import('../reminders/RemindersPage.tsx'), 'pages', 'reminders')).RemindersPage,
    }),
  },
  {
    path: 'plan',
    label: 'plan',
    needs: { type: 'Plan', interaction: 'read' },
    page: async () => ({ Component: (await bring(() => import('../plan/PlanPage.tsx'), 'pages', 'plan')).PlanPage }),
  },
  {
    path: 'document-workflows',
    label: 'documentWorkflows',
    needs: { type: 'Settings', interaction: 'update' },
    page: async () => ({ Component: (await bring(() => import('../scans/WorkflowsPage.tsx'), 'pages', 'scans')).WorkflowsPage }),
  },
  {
    path: 'import',
    label: 'import',
    needs: { type: 'Tenant', interaction: 'import' },
    page: async () => ({
      Component: (await bring(() => import('./import/ImportPage.tsx'), 'pages', 'newPatient', 'imports')).ImportPage,
    }),
  },
  {
    path: 'staff',
    label: 'staff',
    needs: { type: 'Staff', interaction: 'read' },
    page: async () => ({ Component: (await bring(() => import('../staff/StaffPage.tsx'), 'pages', 'people')).StaffPage }),
  },
  {
    path: 'fees',
    label: 'fees',
    needs: { type: 'ChargeItemDefinition', interaction: 'create' },
    page: async () => ({ Component: (await import('../billing/FeesPage.tsx')).FeesPage }),
  },
  {
    path: 'payments',
    label: 'payments',
    needs: { type: 'Tenant', interaction: 'update' },
    page: async () => ({ Component: (await bring(() => import('../billing/ConnectPage.tsx'), 'billing')).ConnectPage }),
  },
  {
    path: 'note-templates',
    label: 'noteTemplates',
    needs: { type: 'NoteTemplate', interaction: 'create' },
    page: async () => ({
      Component: (await bring(() => import('../note-templates/NoteTemplatesPage.tsx'), 'pages', 'visit')).NoteTemplatesPage,
    }),
  },
  {
    path: 'access-log',
    label: 'accessLog',
    needs: { type: 'AuditEvent', interaction: 'search' },
    page: async () => ({
      Component: (await bring(() => import('../access-log/AccessLogPage.tsx'), 'pages', 'accessLog')).AccessLogPage,
    }),
  },
  {
    path: 'failed-work',
    label: 'failedWork',
    needs: { type: 'FailedWork', interaction: 'search' },
    page: async () => ({
      Component: (await bring(() => import('../failed-work/FailedWorkPage.tsx'), 'failedWork')).FailedWorkPage,
    }),
  },
];

export type May = (type: string, interaction: Interaction) => boolean;
export const permittedSections = (may: May): readonly SettingsSection[] =>
  SETTINGS_SECTIONS.filter(({ needs }) => may(needs.type, needs.interaction));
