import { Button, TextInput } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import { usePatientSearch } from '../../lib/patient-search.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import classes from './scans.module.css';

const SHOWN = 6;

/** Finds the patient by hand. */
export function PatientSearch({ action, onChoose }: { action: string; onChoose: (patient: Patient) => void }) {
  const { t } = useSay();
  const { api } = useTenant();
  const [text, setText] = useState('');
  const found = usePatientSearch(api, text);
  return (
    <div className={classes.search}>
      <TextInput
        label={t('scans.search')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
      />
      {found.asked && found.data?.length === 0 && !found.settling && <span role="status">{t('patients.none')}</span>}
      {found.asked &&
        found.data?.slice(0, SHOWN).map((patient) => (
          <div key={patient.id} className={classes.possible}>
            <PatientFacts patient={patient} facts={[]} />
            <Button size="xs" variant="default" onClick={() => onChoose(patient)}>
              {action}
            </Button>
          </div>
        ))}
    </div>
  );
}
