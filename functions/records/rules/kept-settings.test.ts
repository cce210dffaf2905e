import { expect, test } from 'vitest';
import type { RuleContext } from '../../../core/rules.ts';
import type { FhirId } from '../../../schemas/ids.ts';
import { keptSettings, keptSettingsStay } from './kept-settings.ts';

const context = {} as RuleContext;
const basic = (id?: string) => ({ resourceType: 'Basic' as const, ...(id && { id }), code: { text: 'Note' } });

test('a setting, or the mark that somebody has left, is neither written nor deleted as a record, and other records of its type are', async () => {
  expect(await keptSettings(basic('settings-reminders'), context)).toMatchObject([{ name: 'settings-elsewhere' }]);
  expect(await keptSettingsStay('settings-reminders' as FhirId, context)).toMatchObject([{ name: 'settings-elsewhere' }]);
  expect(await keptSettings(basic('left-0123'), context)).toMatchObject([{ name: 'left-elsewhere' }]);
  expect(await keptSettingsStay('left-0123' as FhirId, context)).toMatchObject([{ name: 'left-elsewhere' }]);
  expect(await keptSettings(basic('note-1'), context)).toEqual([]);
  expect(await keptSettings(basic(), context)).toEqual([]);
  expect(await keptSettingsStay('note-1' as FhirId, context)).toEqual([]);
});
