import { said } from '../../../core/outcome.ts';
import type { DeleteRule, WriteRule } from '../../../core/rules.ts';
import { isSettingId } from '../../../core/settings/clinic-settings.ts';

/** A clinic's settings are records (`Basic`) that only the settings themselves write: they check the value and ask for the admin's role. */
export const keptSettings: WriteRule = ({ id = '' }) =>
  isSettingId(id) ? [{ ...said('settings-elsewhere'), path: 'Basic.id' }] : [];

export const keptSettingsStay: DeleteRule = (id) => (isSettingId(id) ? [said('settings-elsewhere')] : []);
