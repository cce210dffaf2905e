import { Button } from '@mantine/core';
import { PatientFinder } from '../../components/PatientFinder.tsx';
import { identityText } from '../../components/PatientLine.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePatients } from '../../lib/patient-search.ts';
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
  const known = usePatients(api, chosen ? [chosen] : []);
  if (!chosen)
    return <PatientFinder id="booking-patient" label={t('calendar.patient')} error={error} onChoose={({ id }) => onChoose(id)} />;
  const [patient] = known.data ?? [];
  const summary = patient && summarisePatient(patient, Date.now(), locale.timeZone);
  return (
    <div>
      <p className={classes.subTitle}>{t('calendar.patient')}</p>
      <div className={classes.chosen}>
        <div>
          <strong>{summary ? (summary.name ?? t('patient.nameNotRecorded')) : '…'}</strong>
          <span>{summary && identityText(summary, say)}</span>
        </div>
        <Button variant="subtle" size="compact-sm" onClick={() => onChoose(undefined)}>
          {t('calendar.changePatient')}
        </Button>
      </div>
    </div>
  );
}
