import type { Say } from '../i18n/index.ts';
import { formatDay } from '../lib/dates.ts';
import type { PatientSummary } from '../lib/patient-summary.ts';

/** "52 years", "about 3 months", "died 20 Jul 1998 aged 83 years"; without a date of death only "died", since the age then is not known. */
export function ageText({ age, died }: PatientSummary, { t, locale }: Say): string | undefined {
  if (died === true) return t('age.died');
  if (!age) return died ? t('age.diedOn', { date: formatDay(died, locale) ?? died }) : undefined;
  const words = t(`age.${age.unit}`, { count: age.count });
  const said = age.about ? t('age.about', { age: words }) : words;
  return died === false ? said : t('age.diedAged', { date: formatDay(died, locale) ?? died, age: said });
}

export const sexText = ({ sex }: PatientSummary, { t }: Say): string => (sex ? t(`sex.${sex}`) : t('sex.notRecorded'));

/** "52 years · 3 Jan 1974 · female · MRN 1234", the same order everywhere. */
export const identityText = (patient: PatientSummary, say: Say): string =>
  [
    ageText(patient, say),
    formatDay(patient.birthDate, say.locale) ?? say.t('patient.birthDateNotRecorded'),
    sexText(patient, say),
    patient.recordNumber && say.t('patient.recordNumber', { number: shortNumber(patient.recordNumber) }),
  ]
    .filter(Boolean)
    .join(' · ');

/** A record number that is a UUID is cut to its first block; the whole one is in the record. */
export const shortNumber = (number: string): string =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(number) ? `${number.slice(0, 8)}…` : number;
