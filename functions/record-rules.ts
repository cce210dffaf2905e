import type { RecordRules } from '../core/rules.ts';
import { coverageDays } from './billing/rules/coverage.ts';
import { balancedInvoice, billedCharge, ledgerEntry, ledgerStays, ownBasics, ownBasicsStay } from './billing/rules/invoices.ts';
import { impossibleVitals } from './records/rules/impossible-vitals.ts';
import { keptSettings, keptSettingsStay } from './records/rules/kept-settings.ts';
import { noKnownAllergies } from './records/rules/no-known-allergies.ts';
import { ownProvenance } from './records/rules/own-provenance.ts';
import { patientWithChart } from './records/rules/patient-with-chart.ts';
import { keptTask, taskOfOurs } from './tasks/task-rules.ts';
import { noteAnswers } from './visits/rules/note-answers.ts';
import { templateByAdmin } from './visits/rules/template-by-admin.ts';

/** Every feature's rules by type: the one place that knows them all, so that a Bundle or an import obeys them too. */
export const RECORD_RULES: RecordRules = {
  write: {
    AllergyIntolerance: [noKnownAllergies],
    Basic: [keptSettings, ownBasics],
    ChargeItem: [billedCharge],
    Coverage: [coverageDays],
    Invoice: [balancedInvoice],
    Observation: [impossibleVitals],
    PaymentReconciliation: [ledgerEntry],
    Provenance: [ownProvenance],
    Task: [taskOfOurs],
    Questionnaire: [templateByAdmin],
    QuestionnaireResponse: [noteAnswers],
  },
  delete: {
    Basic: [keptSettingsStay, ownBasicsStay],
    Account: [ledgerStays],
    ChargeItem: [ledgerStays],
    Invoice: [ledgerStays],
    Patient: [patientWithChart],
    PaymentReconciliation: [ledgerStays],
    Task: [keptTask],
  },
};
