import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { LikelySame } from '../../../schemas/match.ts';
import { personName } from '../../../schemas/names.ts';
import { FaultList, FormFoot, RestoredNote, SaveError } from '../../components/FormParts.tsx';
import form from '../../components/form.module.css';
import { tellDone } from '../../components/notices.tsx';
import { EmptyState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import {
  NO_PERSON,
  newRecordNumber,
  type PatientFault,
  type PatientTyped,
  patientFaults,
  toPatient,
} from '../../lib/patient-form.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { writesMonthFirst } from '../../lib/typed-date.ts';
import { useDraft } from '../../lib/use-draft.ts';
import { dayIn } from '../../lib/wall-clock.ts';
import { LikelyDuplicates } from './LikelyDuplicates.tsx';
import { PatientFields } from './PatientFields.tsx';
import classes from './PatientsPage.module.css';

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'language' });
const empty = (): PatientTyped => ({ ...NO_PERSON, recordNumber: newRecordNumber(crypto.getRandomValues(new Uint8Array(8))) });

/** A new patient: who they are, and whether they are here already. */
export function NewPatientPage() {
  const { t } = useSay();
  const { may } = useTenant();
  usePageTitle(t('newPatient.title'));
  return (
    <div className={`${classes.page} ${classes.formPage}`}>
      <h1 className={classes.title}>{t('newPatient.title')}</h1>
      {may('Patient', 'create') ? <NewPatientForm /> : <EmptyState title={t('newPatient.notForYou')} />}
    </div>
  );
}

function NewPatientForm() {
  const say = useSay();
  const { t, locale } = say;
  const { slug, api, owner } = useTenant();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const draft = useDraft({ ...owner, patient: 'new', form: 'patient' }, empty);
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [likely, setLikely] = useState<readonly LikelySame[]>();
  const attempt = useAttempt();

  const typed = draft.value;
  const monthFirst = writesMonthFirst(navigator.language);
  const faults = patientFaults(typed, { today: dayIn(Date.now(), locale.timeZone), monthFirst });
  const words = ({ fault }: PatientFault) => t(`newPatient.faults.${fault}`);
  const faultText = (field: keyof PatientTyped) => {
    const fault = faults.find((candidate) => candidate.field === field);
    return fault && (tried || left.has(field)) ? words(fault) : undefined;
  };
  const patient: Patient = toPatient(typed, undefined, { slug, monthFirst, languageName: (code) => ENGLISH.of(code) });

  const save = useMutation({
    mutationFn: async ({ anyway }: { anyway: boolean }) => {
      if (!anyway) {
        const found = await api.match(patient);
        if (found.length > 0) return { likely: found };
      }
      return { made: await api.create(patient, attempt(patient)) };
    },
    onSuccess: async (outcome) => {
      if ('likely' in outcome) return setLikely(outcome.likely);
      draft.drop();
      await queries.invalidateQueries({ queryKey: [api.tenant, 'patients'] });
      const name = personName(patient.name) ?? t('patient.nameNotRecorded');
      tellDone(say, t('newPatient.created', { name }));
      void navigate(addresses.chart(slug, outcome.made.id), { replace: true });
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0) save.mutate({ anyway: false });
  };
  if (likely)
    return (
      <>
        {save.isError && <SaveError error={save.error} />}
        <LikelyDuplicates
          slug={slug}
          typed={patient}
          matches={likely}
          saving={save.isPending}
          onSaveAnyway={() => save.mutate({ anyway: true })}
          onBack={() => setLikely(undefined)}
        />
      </>
    );
  return (
    <form className={`${form.form} ${classes.narrow}`} onSubmit={submit} noValidate>
      {draft.restored && (
        <RestoredNote
          onStartOver={() => {
            draft.change(empty());
            setTried(false);
          }}
        />
      )}
      {tried && <FaultList faults={faults.map((fault) => ({ field: `patient-${fault.field}`, text: words(fault) }))} />}
      {save.isError && <SaveError error={save.error} />}
      <PatientFields
        typed={typed}
        set={(change) => draft.change({ ...typed, ...change })}
        leave={(field) => setLeft(new Set([...left, field]))}
        faultText={faultText}
        monthFirst={monthFirst}
      />
      <FormFoot saving={save.isPending} save={t('newPatient.save')} onCancel={() => void navigate(addresses.patients(slug))} />
    </form>
  );
}
