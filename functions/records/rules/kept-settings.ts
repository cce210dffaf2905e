import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { DeleteRule, WriteRule } from '../../../core/rules.ts';
import { isSettingId } from '../../../core/settings/clinic-settings.ts';
import { isLeftId } from '../../../core/tasks/left.ts';

/**
 * A clinic's settings are records (`Basic`) that only the settings themselves write: they check the value and ask for the admin's role. So
 * is the mark that somebody has left, which the list of staff writes.
 */
const elsewhere = (id: string): ProblemIssue | undefined =>
  isSettingId(id) ? said('settings-elsewhere') : isLeftId(id) ? said('left-elsewhere') : undefined;

export const keptSettings: WriteRule = ({ id = '' }) => {
  const fault = elsewhere(id);
  return fault ? [{ ...fault, path: 'Basic.id' }] : [];
};

export const keptSettingsStay: DeleteRule = (id) => {
  const fault = elsewhere(id);
  return fault ? [fault] : [];
};
