import { beforeAll, expect, test } from 'vitest';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { ReminderSettings } from '../../schemas/settings/reminders.ts';
import { createTestTable, plainClient, testStore } from '../support/records.ts';

beforeAll(() => createTestTable(plainClient()));

const begun = ReminderSettings.parse({});
const changed = { ...begun, offsetsMinutes: [60] };

test('a clinic begins with version 0; a change is version 1, and the next names it', async () => {
  const { records, scope } = await testStore();
  const settings = new ClinicSettings(records);
  expect(await settings.find(scope, 'reminders')).toEqual({ name: 'reminders', value: begun, version: 0 });
  expect(await settings.write(scope, 'reminders', changed, 0)).toMatchObject({ version: 1, value: changed });
  expect(await settings.write(scope, 'reminders', begun, 1)).toMatchObject({ version: 2, value: begun });
  expect(await settings.find(scope, 'reminders')).toMatchObject({ version: 2, value: begun });
});

test('of many who change what they read as version 0, and then as version 1, one each time is first and the others are told', async () => {
  const { records, scope } = await testStore();
  const settings = new ClinicSettings(records);
  for (const version of [0, 1]) {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, at) => settings.write(scope, 'reminders', { ...begun, offsetsMinutes: [30 + at] }, version)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(['stale-version', 'conflict']).toContain(result.reason.kind);
  }
  expect(await settings.find(scope, 'reminders')).toMatchObject({ version: 2 });
});

test('what was kept by an older version is filled in, and what nobody wrote is not taken for a setting', async () => {
  const { records, scope } = await testStore();
  const settings = new ClinicSettings(records);
  const keep = (valueString: string) =>
    records.update(scope, {
      resourceType: 'Basic',
      id: 'settings-reminders',
      code: { text: 'Settings' },
      extension: [{ url: 'https://tessera.example/fhir/StructureDefinition/setting-value', valueString }],
    });
  await keep('{"enabled":false}');
  expect(await settings.read(scope, 'reminders')).toEqual({ ...begun, enabled: false });
  await keep('{"enabled":"sometimes"}');
  await expect(settings.read(scope, 'reminders')).rejects.toThrow();
});
