import type { Interaction } from '../../../schemas/access.ts';

/**
 * One page of the settings. `label` is the name of its text below `settingsPages.sections`; whoever lacks what it `needs` sees neither
 * its entry nor its page.
 */
export interface SettingsSection {
  readonly path:
    | 'clinic'
    | 'opening-hours'
    | 'visit-types'
    | 'reminders'
    | 'tasks'
    | 'plan'
    | 'document-workflows'
    | 'import'
    | 'staff'
    | 'payments'
    | 'fees'
    | 'note-templates'
    | 'access-log'
    | 'failed-work';
  readonly label:
    | 'documentWorkflows'
    | 'clinic'
    | 'openingHours'
    | 'visitTypes'
    | 'reminders'
    | 'tasks'
    | 'plan'
    | 'import'
    | 'staff'
    | 'accessLog'
    | 'failedWork'
    | 'payments'
    | 'fees'
    | 'noteTemplates';
  readonly needs: { readonly type: string; readonly interaction: Interaction };
}

/** The settings of a clinic in their order: the rail, the side list and the routes read this and nothing else. */
export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  {
    path: 'clinic',
    label: 'clinic',
    needs: { type: 'Tenant', interaction: 'update' },
  },
  {
    path: 'opening-hours',
    label: 'openingHours',
    needs: { type: 'Schedule', interaction: 'update' },
  },
  {
    path: 'visit-types',
    label: 'visitTypes',
    needs: { type: 'HealthcareService', interaction: 'update' },
  },
  {
    path: 'reminders',
    label: 'reminders',
    needs: { type: 'Communication', interaction: 'search' },
  },
  {
    path: 'tasks',
    label: 'tasks',
    needs: { type: 'Settings', interaction: 'update' },
  },
  {
    path: 'plan',
    label: 'plan',
    needs: { type: 'Plan', interaction: 'read' },
  },
  {
    path: 'document-workflows',
    label: 'documentWorkflows',
    needs: { type: 'Settings', interaction: 'update' },
  },
  {
    path: 'import',
    label: 'import',
    needs: { type: 'Tenant', interaction: 'import' },
  },
  {
    path: 'staff',
    label: 'staff',
    needs: { type: 'Staff', interaction: 'read' },
  },
  {
    path: 'fees',
    label: 'fees',
    needs: { type: 'ChargeItemDefinition', interaction: 'create' },
  },
  {
    path: 'payments',
    label: 'payments',
    needs: { type: 'Tenant', interaction: 'update' },
  },
  {
    path: 'note-templates',
    label: 'noteTemplates',
    needs: { type: 'NoteTemplate', interaction: 'create' },
  },
  {
    path: 'access-log',
    label: 'accessLog',
    needs: { type: 'AuditEvent', interaction: 'search' },
  },
  {
    path: 'failed-work',
    label: 'failedWork',
    needs: { type: 'FailedWork', interaction: 'search' },
  },
];

export type May = (type: string, interaction: Interaction) => boolean;
export const permittedSections = (may: May): readonly SettingsSection[] =>
  SETTINGS_SECTIONS.filter(({ needs }) => may(needs.type, needs.interaction));
