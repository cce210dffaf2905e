import { Button, Kbd, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import type { Patient } from 'fhir/r4';
import { type KeyboardEvent, useId, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useHasNoPatients, usePatientSearch, usePatients } from '../../lib/patient-search.ts';
import { recentPatients } from '../../lib/remembered.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientList } from './PatientList.tsx';
import classes from './PatientsPage.module.css';

/** By the entry of the history. A name that is looked for stands neither in the address nor in what the browser keeps of its history. */
const typedAt = new Map<string, string>();

/** What was typed, so that Back finds it again until the page is loaded anew. */
function useTypedText(): [string, (text: string) => void] {
  const { key } = useLocation();
  const [text, setText] = useState(() => typedAt.get(key) ?? '');
  const change = (next: string) => {
    setText(next);
    typedAt.set(key, next);
  };
  return [text, change];
}

/** Before anything is typed or was opened: how to begin, and in a clinic without patients the first thing to do. */
function Start() {
  const { t } = useSay();
  const { slug, api, may } = useTenant();
  const empty = useHasNoPatients(api, may('Patient', 'create'));
  if (!empty) return <EmptyState title={t('patients.start')} />;
  return (
    <EmptyState title={t('newPatient.first')}>
      <Button component={Link} to={addresses.newPatient(slug)}>
        {t('newPatient.title')}
      </Button>
      {may('Tenant', 'import') && (
        <Button component={Link} to={addresses.settings(slug, 'import')} variant="default">
          {t('newPatient.import')}
        </Button>
      )}
    </EmptyState>
  );
}

/** Finds a patient: search as you type, by name, birth date, phone or record number; the recent ones before anything is typed. */
export function PatientsPage() {
  const { t } = useSay();
  const { slug, api, owner, may } = useTenant();
  const navigate = useNavigate();
  const [text, setText] = useTypedText();
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const search = usePatientSearch(api, text);
  const recent = usePatients(api, recentPatients(owner));
  const shown: readonly Patient[] = search.asked ? (search.data ?? []) : (recent.data ?? []);

  usePageTitle(t('patients.title'));

  const open = (patient: Patient | undefined) => patient?.id && void navigate(addresses.chart(slug, patient.id));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((index) => Math.max(0, Math.min(shown.length - 1, index + step)));
    }
    // Not before the list belongs to what is typed: Enter must never open the patient of a moment ago.
    if (event.key === 'Enter' && !search.settling && !search.isPlaceholderData) open(shown[chosen]);
  };

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('patients.title')}</h1>
        {may('Patient', 'create') && (
          <Button component={Link} to={addresses.newPatient(slug)} leftSection={<IconUserPlus size={18} aria-hidden />}>
            {t('newPatient.title')}
          </Button>
        )}
      </div>
      <TextInput
        size="lg"
        label={t('patients.find')}
        description={t('patients.hint')}
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={<Kbd aria-hidden>/</Kbd>}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value.replace(/^\/+/, '')); // "/" leads to this field, where one already is
          setChosen(0);
        }}
        onKeyDown={onKey}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        data-page-search
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={listId}
        aria-activedescendant={shown[chosen]?.id ? `${listId}-${shown[chosen].id}` : undefined}
      />
      <section className={classes.results} aria-label={search.asked ? t('patients.results') : t('patients.recent')}>
        {!search.asked && (recent.data?.length ?? 0) > 0 && <h2 className={classes.heading}>{t('patients.recent')}</h2>}
        {!search.asked && recent.isLoading && (
          <LoadingLines lines={4} height={32} label={t('common.loading', { what: t('patients.recent') })} />
        )}
        {!search.asked && recent.isLoadingError && <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />}
        {!search.asked && recentPatients(owner).length === 0 && <Start />}
        {search.asked && search.isPending && (
          <LoadingLines lines={6} height={32} label={t('common.loading', { what: t('patients.title') })} />
        )}
        {search.asked && search.isError && <ErrorState error={search.error} onRetry={() => void search.refetch()} />}
        {search.asked && search.data?.length === 0 && !search.settling && (
          <EmptyState title={t('patients.none')}>
            <Text c="dimmed">{t('patients.noneHint')}</Text>
          </EmptyState>
        )}
        {shown.length > 0 && (
          <PatientList id={listId} patients={shown} chosen={chosen} addressOf={(id) => addresses.chart(slug, id)} />
        )}
        <p role="status" className="visually-hidden">
          {search.asked && search.data && !search.settling ? t('patients.found', { count: search.data.length }) : ''}
        </p>
      </section>
    </div>
  );
}
