import type { Patient } from 'fhir/r4';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { identityText } from '../../components/PatientLine.tsx';
import { useSay } from '../../i18n/index.ts';
import { initials } from '../../lib/names.ts';
import { bandOf, summarisePatient } from '../../lib/patient-summary.ts';
import classes from './PatientsPage.module.css';

/** Patients as a list one walks with the arrow keys; name first, then what tells two of the same name apart. */
export function PatientList({
  id,
  patients,
  chosen,
  addressOf,
}: {
  id: string;
  patients: readonly Patient[];
  chosen: number;
  addressOf: (id: string) => string;
}) {
  const say = useSay();
  const current = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is brought into sight when it changes
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div id={id} role="listbox" aria-label={say.t('patients.results')} className={classes.list}>
      {patients.map((patient, index) => {
        const summary = summarisePatient(patient, Date.now(), say.locale.timeZone);
        const name = summary.name ?? say.t('patient.nameNotRecorded');
        return (
          <Link
            key={summary.id}
            id={`${id}-${summary.id}`}
            ref={index === chosen ? current : undefined}
            role="option"
            aria-selected={index === chosen}
            to={addressOf(summary.id)}
            className={classes.row}
            data-chosen={index === chosen || undefined}
          >
            <span className={classes.badge} data-band={bandOf(summary.id)} aria-hidden="true">
              {initials(name)}
            </span>
            <span className={classes.name}>{name}</span>
            <span className={classes.identity}>{identityText(summary, say)}</span>
            <span className={classes.phone}>{summary.phone}</span>
          </Link>
        );
      })}
    </div>
  );
}
