import { Button, TextInput } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { useState } from 'react';
import { identityText } from '../../components/PatientLine.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePatientSearch, usePatients } from '../../lib/patient-search.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './calendar.module.css';

/** The patient of a booking: found as everywhere, then shown with what tells them from another of the same name. */
export function PatientPicker({
  chosen,
  error,
  onChoose,
}: {
  chosen: string | undefined;
  error: string | undefined;
  onChoose: (id: string | undefined) => void;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const [text, setText] = useState('');
  const found = usePatientSearch(api, text);
  const known = usePatients(api, chosen ? [chosen] : []);
  const lines = (patient: Patient) => {
    const summary = summarisePatient(patient, Date.now(), locale.timeZone);
    return { id: summary.id, name: summary.name ?? t('patient.nameNotRecorded'), identity: identityText(summary, say) };
  };
  if (chosen) {
    const [patient] = known.data ?? [];
    const line = patient && lines(patient);
    return (
      <div>
        <p className={classes.subTitle}>{t('calendar.patient')}</p>
        <div className={classes.chosen}>
          <div>
            <strong>{line?.name ?? '…'}</strong>
            <span>{line?.identity}</span>
          </div>
          <Button variant="subtle" size="compact-sm" onClick={() => onChoose(undefined)}>
            {t('calendar.changePatient')}
          </Button>
        </div>
      </div>
    );
  }
  const hits = found.asked && !found.settling ? (found.data ?? []).slice(0, 8) : [];
  return (
    <div>
      <TextInput
        id="booking-patient"
        label={t('calendar.patient')}
        placeholder={t('patients.hint')}
        value={text}
        error={error}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {hits.length > 0 && (
        <ul className={classes.hits} aria-label={t('patients.results')}>
          {hits.map((patient) => {
            const { id, name, identity } = lines(patient);
            return (
              <li key={id}>
                <button type="button" className={classes.hit} onClick={() => onChoose(id)}>
                  <strong>{name}</strong>
                  <span>{identity}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {found.asked && !found.settling && !found.isPending && hits.length === 0 && <p>{t('patients.none')}</p>}
    </div>
  );
}
