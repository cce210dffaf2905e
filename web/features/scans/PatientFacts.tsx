import { Text } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import type { PatientFact } from '../../../schemas/uploads.ts';
import { identityText } from '../../components/PatientLine.tsx';
import { useSay } from '../../i18n/index.ts';
import { bandOf, summarisePatient } from '../../lib/patient-summary.ts';
import classes from './scans.module.css';

/** Who it is, and beside it the words of the pages that speak for it. */
export function PatientFacts({ patient, facts }: { patient: Patient; facts: readonly PatientFact[] }) {
  const say = useSay();
  const { t, locale } = say;
  const summary = summarisePatient(patient, Date.now(), locale.timeZone);
  return (
    <div className={classes.patient} data-band={bandOf(summary.id)}>
      <Text fw={650}>{summary.name ?? t('patient.nameNotRecorded')}</Text>
      <Text size="sm">{identityText(summary, say)}</Text>
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ kind, text }) => (
            <div key={kind}>
              <dt>{t(`scans.facts.${kind}`)}</dt>
              {text && <dd>{text}</dd>}
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
