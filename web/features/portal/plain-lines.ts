import type {
  AllergyIntolerance,
  Condition,
  FhirResource,
  Immunization,
  Medication,
  MedicationRequest,
  MedicationStatement,
  Observation,
} from 'fhir/r4';
import type { ChartOverview } from '../../../schemas/chart.ts';
import { releaseOf } from '../../../schemas/portal-records.ts';
import type { Say } from '../../i18n/index.ts';
import { isNoKnownAllergy } from '../../lib/allergies.ts';
import { inOverview } from '../../lib/chart-query.ts';
import { anyCode, conceptKey, conceptText } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { judgedRange } from '../../lib/judged-range.ts';
import { quantityText, valueText } from '../../lib/quantity.ts';
import type { Standing } from '../../lib/reference-range.ts';
import { statusOf } from '../../lib/status.ts';
import { observedAt, standingOfObservation } from '../../lib/vital-signs.ts';

export const RECORD_KINDS = ['results', 'vitals', 'medications', 'allergies', 'problems', 'immunizations'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];
export const isRecordKind = (name: string | undefined): name is RecordKind => RECORD_KINDS.includes(name as RecordKind);

/** One record in plain words. */
export interface PlainLine {
  readonly id: string;
  readonly title: string;
  readonly value?: string | undefined;
  readonly standing?: Standing | undefined;
  /** The range a value is judged by. */
  readonly range?: string | undefined;
  readonly details: readonly string[];
  /** FHIR date, for the order. */
  readonly when?: string | undefined;
  readonly current: boolean;
}

const known = (...parts: readonly (string | undefined | false)[]): string[] =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '');

/** The newest of records that say the same. */
function newestOfEach<R extends FhirResource>(records: readonly R[], keyOf: (record: R) => string): readonly R[] {
  const seen = new Map<string, R>();
  for (const record of records) if (!seen.has(keyOf(record))) seen.set(keyOf(record), record);
  return [...seen.values()];
}

/** The records of a kind, what holds now first, then newest first. `adult` allows the usual adult ranges of measurements. */
export function plainLines(overview: ChartOverview, kind: RecordKind, say: Say, adult: boolean): readonly PlainLine[] {
  return linesOf(overview, kind, say, adult).toSorted(
    (a, b) => Number(b.current) - Number(a.current) || newestFirst(a.when, b.when),
  );
}

function linesOf(overview: ChartOverview, kind: RecordKind, say: Say, adult: boolean): readonly PlainLine[] {
  switch (kind) {
    case 'results':
      return observations(overview, 'laboratory').map((result) => observationLine(result, say, adult));
    case 'vitals':
      return newestOfEach(observations(overview, 'vital-signs'), ({ code }) => conceptKey(code)).map((vital) =>
        observationLine(vital, say, adult),
      );
    case 'medications':
      return [
        ...newestOfEach(inOverview<MedicationRequest>(overview, 'MedicationRequest'), medicineKey),
        ...newestOfEach(inOverview<MedicationStatement>(overview, 'MedicationStatement'), medicineKey),
      ].map((medicine) => medicineLine(overview, medicine, say));
    case 'allergies':
      return inOverview<AllergyIntolerance>(overview, 'AllergyIntolerance').map((allergy) => allergyLine(allergy, say));
    case 'problems':
      return newestOfEach(inOverview<Condition>(overview, 'Condition'), ({ code }) => conceptKey(code)).map((problem) =>
        problemLine(problem, say),
      );
    case 'immunizations':
      return inOverview<Immunization>(overview, 'Immunization').map((vaccine) => vaccineLine(vaccine, say));
  }
}

const observations = (overview: ChartOverview, category: string): readonly Observation[] =>
  inOverview<Observation>(overview, 'Observation').filter((one) => anyCode(one.category, category));

function titleOf(record: FhirResource, text: string | undefined, { t }: Say): string {
  if (releaseOf(record) === 'withheld') return t('portal.records.withheld');
  return text ?? t('portal.records.unnamed');
}

function observationLine(observation: Observation, say: Say, adult: boolean): PlainLine {
  const { t, locale } = say;
  const when = observedAt(observation);
  const isCorrected = observation.status === 'amended' || observation.status === 'corrected';
  return {
    id: observation.id ?? '',
    title: titleOf(observation, conceptText(observation.code), say),
    value: observationValue(observation, say),
    standing: standingOfObservation(observation, adult),
    range: judgedRange(observation, adult, locale),
    details: known(formatDay(when, locale), isCorrected && t('portal.records.corrected')),
    when,
    current: true,
  };
}

/** The value, or each part of one that has parts: a blood pressure as "120/80 mmHg". */
function observationValue(observation: Observation, { t, locale }: Say): string | undefined {
  const words = { yes: t('common.yes'), no: t('common.no') };
  const whole = valueText(observation, locale, words);
  if (whole) return whole;
  const parts = observation.component ?? [];
  const [one, other] = parts.map(({ valueQuantity }) => valueQuantity);
  if (parts.length === 2 && one?.value !== undefined && other?.value !== undefined && one.unit === other.unit) {
    const [high, low] = one.value >= other.value ? [one, other] : [other, one];
    return `${quantityText({ value: high.value ?? 0 }, locale)}/${quantityText(low, locale)}`;
  }
  const texts = parts.flatMap((part) => {
    const value = valueText(part, locale, words);
    return value ? [`${conceptText(part.code) ?? ''}: ${value}`] : [];
  });
  return texts.join('; ') || undefined;
}

const medicineKey = ({ medicationCodeableConcept, medicationReference }: MedicationRequest | MedicationStatement): string =>
  medicationCodeableConcept ? conceptKey(medicationCodeableConcept) : (medicationReference?.reference ?? '');

function medicineLine(overview: ChartOverview, medicine: MedicationRequest | MedicationStatement, say: Say): PlainLine {
  const { t, locale } = say;
  const { medicationReference: named, contained } = medicine;
  const inside = contained?.find(({ id }) => `#${id}` === named?.reference) as Medication | undefined;
  const elsewhere = inOverview<Medication>(overview, 'Medication').find(({ id }) => `Medication/${id}` === named?.reference);
  const title = conceptText(medicine.medicationCodeableConcept) ?? named?.display ?? conceptText((inside ?? elsewhere)?.code);
  const dosages = medicine.resourceType === 'MedicationRequest' ? medicine.dosageInstruction : medicine.dosage;
  const when = medicine.resourceType === 'MedicationRequest' ? medicine.authoredOn : medicine.dateAsserted;
  const since = formatDay(when, locale);
  return {
    id: medicine.id ?? '',
    title: titleOf(medicine, title, say),
    details: known(
      ...(dosages ?? []).map(({ patientInstruction, text }) => patientInstruction ?? text),
      since && t('portal.records.since', { date: since }),
    ),
    when,
    current: statusOf(medicine).current,
  };
}

function allergyLine(allergy: AllergyIntolerance, say: Say): PlainLine {
  const { t } = say;
  const reactions = (allergy.reaction ?? []).flatMap(({ manifestation }) => manifestation.map(conceptText)).filter(Boolean);
  const title = isNoKnownAllergy(allergy) ? t('portal.records.noKnownAllergies') : conceptText(allergy.code);
  const status = statusOf(allergy);
  return {
    id: allergy.id ?? '',
    title: titleOf(allergy, title, say),
    details: known(
      reactions.length > 0 && t('portal.records.reaction', { text: reactions.join(', ') }),
      status.trust === 'unconfirmed' && t('portal.records.beingChecked'),
    ),
    when: allergy.onsetDateTime ?? allergy.recordedDate,
    current: status.current,
  };
}

function problemLine(problem: Condition, say: Say): PlainLine {
  const { t, locale } = say;
  const when = problem.onsetDateTime ?? problem.onsetPeriod?.start ?? problem.recordedDate;
  const [since, until] = [formatDay(when, locale), formatDay(problem.abatementDateTime, locale)];
  const status = statusOf(problem);
  return {
    id: problem.id ?? '',
    title: titleOf(problem, conceptText(problem.code), say),
    details: known(
      since && t('portal.records.since', { date: since }),
      until && t('portal.records.until', { date: until }),
      status.trust === 'unconfirmed' && t('portal.records.beingChecked'),
    ),
    when,
    current: status.current,
  };
}

function vaccineLine(vaccine: Immunization, say: Say): PlainLine {
  const { t, locale } = say;
  return {
    id: vaccine.id ?? '',
    title: titleOf(vaccine, conceptText(vaccine.vaccineCode), say),
    details: known(formatDay(vaccine.occurrenceDateTime, locale), vaccine.status === 'not-done' && t('portal.records.notDone')),
    when: vaccine.occurrenceDateTime,
    current: true,
  };
}
