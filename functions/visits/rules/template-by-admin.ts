import { said } from '../../../core/outcome.ts';
import type { WriteRule } from '../../../core/rules.ts';
import { isNoteTemplate } from '../../../schemas/note-template.ts';

/** What notes look like is the clinic's own rule: its administrators make it. */
export const templateByAdmin: WriteRule = (resource, { scope }) =>
  resource.resourceType === 'Questionnaire' && isNoteTemplate(resource) && !scope.roles.includes('admin')
    ? [{ ...said('template-admin'), path: 'Questionnaire.code' }]
    : [];
