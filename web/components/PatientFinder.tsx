import { TextInput } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { useState } from 'react';
import { useSay } from '../i18n/index.ts';
import { usePatientSearch } from '../lib/patient-search.ts';
import { summarisePatient } from '../lib/patient-summary.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './PatientFinder.module.css';
import { identityText } from './PatientLine.tsx';
import { errorWords } from './states.tsx';

const SHOWN = 8;

/** Finds a patient within a form: each with what tells them from another of the same name. */
export function PatientFinder({
  label,
  id,
  error,
  action,
  onChoose,
}: {
  label: string;
  id?: string;
  error?: string | undefined;
  /** What choosing does, said beside each. */
  action?: string;
  onChoose: (patient: Patient & { readonly id: string }) => void;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const [text, setText] = useState('');
  const found = usePatientSearch(api, text);
  const hits = found.asked && !found.settling ? (found.data ?? []).slice(0, SHOWN) : [];
  const state = !found.asked
    ? undefined
    : found.isError
      ? errorWords(found.error, say).title
      : found.isPending || found.settling
        ? t('patients.searching')
        : hits.length === 0
          ? t('patients.none')
          : undefined;
  return (
    <div className={classes.finder}>
      <TextInput
        {...(id && { id })}
        label={label}
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
            const summary = summarisePatient(patient, Date.now(), locale.timeZone);
            return (
              <li key={summary.id}>
                <button type="button" className={classes.hit} onClick={() => onChoose({ ...patient, id: summary.id })}>
                  <strong>{summary.name ?? t('patient.nameNotRecorded')}</strong>
                  <span>{identityText(summary, say)}</span>
                  {action && <span className={classes.action}>{action}</span>}
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {state && (
        <p className={classes.state} role="status">
          {state}
        </p>
      )}
    </div>
  );
}
