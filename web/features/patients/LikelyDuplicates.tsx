import { Button } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { LikelySame } from '../../../schemas/match.ts';
import { personName } from '../../../schemas/names.ts';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay } from '../../lib/dates.ts';
import { typedOf } from '../../lib/patient-form.ts';
import classes from './LikelyDuplicates.module.css';

const ROWS = ['name', 'birthDate', 'sex', 'phone', 'email', 'address', 'recordNumber'] as const;

function valuesOf(patient: Patient, { t, locale }: Say): Record<(typeof ROWS)[number], string> {
  const typed = typedOf(patient);
  return {
    name: personName(patient.name) ?? '',
    birthDate: formatDay(patient.birthDate, locale) ?? '',
    sex: patient.gender ? t(`newPatient.sexes.${patient.gender}`) : '',
    phone: typed.phone,
    email: typed.email,
    address: [typed.line, typed.city, typed.state, typed.postalCode].filter(Boolean).join(', '),
    recordNumber: typed.recordNumber,
  };
}

interface LikelyDuplicatesProps {
  slug: string;
  typed: Patient;
  matches: readonly LikelySame[];
  saving: boolean;
  onSaveAnyway: () => void;
  onBack: () => void;
}

/** The person as typed beside those who may be the same, with the reasons. It takes the focus when it appears. */
export function LikelyDuplicates({ slug, typed, matches, saving, onSaveAnyway, onBack }: LikelyDuplicatesProps) {
  const say = useSay();
  const { t } = say;
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const mine = valuesOf(typed, say);
  return (
    <section ref={box} tabIndex={-1} className={classes.box} aria-labelledby="duplicates-title">
      <div role="alert">
        <h2 id="duplicates-title" className={classes.title}>
          {t('newPatient.duplicates', { count: matches.length })}
        </h2>
        <p className={classes.text}>{t('newPatient.duplicatesText')}</p>
      </div>
      {matches.map(({ patient, grade, reasons }) => {
        const theirs = valuesOf(patient, say);
        return (
          <article key={patient.id} className={classes.pair} aria-label={theirs.name}>
            <p className={classes.reasons}>
              <strong>{t(`match.grades.${grade}`)}</strong>
              {': '}
              {reasons.map((reason) => t(`match.reasons.${reason}`)).join(', ')}
            </p>
            <table className={classes.table}>
              <thead>
                <tr>
                  <td />
                  <th scope="col">{t('newPatient.asTyped')}</th>
                  <th scope="col">{t('newPatient.onRecord')}</th>
                </tr>
              </thead>
              <tbody>
                {ROWS.filter((row) => mine[row] || theirs[row]).map((row) => (
                  <tr key={row} data-same={(mine[row] !== '' && mine[row] === theirs[row]) || undefined}>
                    <th scope="row">{t(`newPatient.rows.${row}`)}</th>
                    <td>{mine[row] || t('common.notRecorded')}</td>
                    <td>{theirs[row] || t('common.notRecorded')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Button component={Link} to={addresses.chart(slug, patient.id)} variant="default" size="xs">
              {t('newPatient.openExisting', { name: theirs.name })}
            </Button>
          </article>
        );
      })}
      <div className={classes.buttons}>
        <Button type="button" color="red" variant="light" loading={saving} onClick={onSaveAnyway}>
          {t('newPatient.saveAnyway')}
        </Button>
        <Button type="button" variant="default" onClick={onBack}>
          {t('newPatient.back')}
        </Button>
      </div>
    </section>
  );
}
