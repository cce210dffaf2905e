import type { RecordRules } from '../core/rules.ts';
import { impossibleVitals } from './records/rules/impossible-vitals.ts';
import { keptSettings, keptSettingsStay } from './records/rules/kept-settings.ts';
import { noKnownAllergies } from './records/rules/no-known-allergies.ts';
import { ownProvenance } from './records/rules/own-provenance.ts';
import { patientWithChart } from './records/rules/patient-with-chart.ts';
import { keptTask, taskOfOurs } from './tasks/task-rules.ts';

/** Every feature's rules by type: the one place that knows them all, so that a Bundle or an import obeys them too. */
export const RECORD_RULES: RecordRules = {
  write: {
    AllergyIntolerance: [noKnownAllergies],
    Basic: [keptSettings],
    Observation: [impossibleVitals],
    Provenance: [ownProvenance],
    Task: [taskOfOurs],
  },
  delete: {
    Basic: [keptSettingsStay],
    Patient: [patientWithChart],
    Task: [keptTask],
  },
};
