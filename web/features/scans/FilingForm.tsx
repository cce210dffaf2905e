import { Alert, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { DOCUMENT_TYPES, type DocumentTypeCode } from '../../../schemas/document-types.ts';
import type { FhirId } from '../../../schemas/ids.ts';
import type { FileUpload, MoveUpload, UploadStatus } from '../../../schemas/uploads.ts';
import { refusalWords, tellDone, tellRefused } from '../../components/notices.tsx';
import { PatientFinder } from '../../components/PatientFinder.tsx';
import { errorWords } from '../../components/states.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { usePatients } from '../../lib/patient-search.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { useScanAction } from './queries.ts';
import { PutAwayButton } from './ReasonDialogs.tsx';
import classes from './scans.module.css';

/** What is suggested, to be confirmed or changed by a person. Nothing is chosen that the pages do not say clearly. */
export function FilingForm({ upload }: { upload: UploadStatus }) {
  const say = useSay();
  const { t } = say;
  const { api, slug } = useTenant();
  const navigate = useNavigate();
  const { suggestion } = upload;
  const file = useScanAction<FileUpload>(upload.id, 'file');
  const move = useScanAction<MoveUpload>(upload.id, 'move');
  const [chosen, setChosen] = useState<Patient>();
  const [searching, setSearching] = useState(false);
  const [type, setType] = useState<DocumentTypeCode | ''>(suggestion?.type?.code ?? '');
  const [date, setDate] = useState(suggestion?.date?.date ?? '');
  const [asked, setAsked] = useState(false);
  const typeField = useRef<HTMLSelectElement>(null);
  const wanted = [
    ...new Set([suggestion?.patient?.id, ...(suggestion?.possible ?? []).map(({ id }) => id)].flatMap((id) => id ?? [])),
  ];
  const patients = usePatients(api, wanted);
  const byId = (id: string | undefined): Patient | undefined => patients.data?.find((patient) => patient.id === id);
  const suggested = byId(suggestion?.patient?.id);
  const patient = chosen ?? (searching ? undefined : suggested);
  const facts = [...(suggestion?.patient ? [suggestion.patient] : []), ...(suggestion?.possible ?? [])];
  const choose = (one: Patient) => {
    setChosen(one);
    setSearching(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!patient?.id || !type) {
      if (patient) typeField.current?.focus();
      return;
    }
    const name = summarisePatient(patient, Date.now(), say.locale.timeZone).name ?? '';
    const body = { revision: upload.revision, patient: patient.id as FhirId, type, ...(date && { date }) };
    file.mutate(body, {
      onSuccess: (filed) => {
        const undo = () =>
          move.mutate(
            { revision: filed.revision, reason: t('scans.undoReason') },
            { onSuccess: () => tellDone(say, t('scans.undone')), onError: (error) => tellRefused(say, refusalWords(say, error)) },
          );
        tellDone(say, t('scans.filed', { name }), undo);
        void navigate(addresses.documents(slug));
      },
    });
  };
  const conflict = file.error instanceof ApiError && (file.error.status === 409 || file.error.status === 412);
  const words = file.error && errorWords(file.error, say);

  return (
    <form className={surfaces.surface} onSubmit={submit} noValidate>
      <h2 className={surfaces.heading}>{t('scans.fileTitle')}</h2>
      <fieldset className={classes.group}>
        <legend>{t('scans.patient')}</legend>
        {patient && (
          <>
            {!chosen && suggestion?.patient && <Text size="sm">{t('scans.suggested')}</Text>}
            <PatientFacts patient={patient} facts={facts.find(({ id }) => id === patient.id)?.facts ?? []} />
            {chosen && suggested && chosen.id !== suggested.id && (
              <Alert color="yellow" variant="light" role="status">
                {t('scans.differs')}
              </Alert>
            )}
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                setChosen(undefined);
                setSearching(true);
              }}
            >
              {t('scans.anotherPatient')}
            </Button>
          </>
        )}
        {!patient && !patients.isLoading && (
          <>
            <Text size="sm">{t(facts.length > 0 ? 'scans.possible' : 'scans.unsure')}</Text>
            {facts.map(({ id, facts: own }) => {
              const one = byId(id);
              return (
                one && (
                  <div key={id} className={classes.possible}>
                    <PatientFacts patient={one} facts={own} />
                    <Button size="xs" variant="default" onClick={() => choose(one)}>
                      {t('scans.choosePatient')}
                    </Button>
                  </div>
                )
              );
            })}
            <PatientFinder label={t('scans.search')} action={t('scans.choosePatient')} onChoose={choose} />
            {asked && (
              <Text role="alert" size="sm" c="red">
                {t('scans.needPatient')}
              </Text>
            )}
          </>
        )}
      </fieldset>
      <NativeSelect
        ref={typeField}
        label={t('scans.type')}
        description={
          suggestion?.type && type === suggestion.type.code
            ? t('scans.typeBecause', { words: suggestion.type.because.join(', ') })
            : undefined
        }
        value={type}
        error={asked && !type ? t('scans.needType') : undefined}
        data={[
          { value: '', label: t('scans.typeChoose') },
          ...DOCUMENT_TYPES.map(({ code }) => ({ value: code, label: t(`scans.types.${code}`) })),
        ]}
        onChange={(event) => setType(event.currentTarget.value as DocumentTypeCode | '')}
      />
      <TextInput
        type="date"
        label={t('scans.date')}
        description={
          suggestion?.date && date === suggestion.date.date
            ? t('scans.dateBecause', { line: suggestion.date.because })
            : t('scans.dateHint')
        }
        value={date}
        onChange={(event) => setDate(event.currentTarget.value)}
      />
      {file.error && (
        <Alert color="red" variant="light" role="alert" title={conflict ? undefined : words?.title}>
          {conflict ? (file.error as ApiError).issues.map(say.fault).join(' ') : words?.next}
        </Alert>
      )}
      <Group gap="xs">
        <Button type="submit" loading={file.isPending} disabled={patients.isLoading}>
          {t('scans.file')}
        </Button>
        <PutAwayButton upload={upload} />
      </Group>
    </form>
  );
}
