import type * as z from 'zod';
import { DocumentWorkflows } from './document-workflows.ts';
import { PatientLog } from './patient-log.ts';
import { ReminderSettings } from './reminders.ts';
import { TaskSettings } from './tasks.ts';

/**
 * What a clinic configures and FHIR has no resource for, by name: the one list of settings. A name is for ever, since it is an address and
 * an id. Each schema fills in what a stored value lacks (`.default`), so that a setting may grow without anything stored being touched.
 */
export const SETTINGS = {
  'document-workflows': DocumentWorkflows,
  'patient-log': PatientLog,
  reminders: ReminderSettings,
  tasks: TaskSettings,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type SettingName = keyof typeof SETTINGS;
export type Setting<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]>;
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);

/** A setting as the API answers it. Version 0: nobody has changed it yet, and the value is what a clinic begins with. */
export interface KeptSetting<Name extends SettingName = SettingName> {
  readonly name: Name;
  readonly value: Setting<Name>;
  readonly version: number;
  /** UTC instant; absent while the version is 0. */
  readonly changed?: string;
}
