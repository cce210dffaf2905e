import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ChangeClinic, type ClinicFacts } from '../../../schemas/people.ts';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './facts.module.css';
import { PatientLogChoice } from './PatientLogChoice.tsx';

/** What the clinic is called, which clock it lives by, and where it is found. */
export function ClinicPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const clinic = useQuery({ queryKey: [api.tenant, 'clinic'], queryFn: ({ signal }) => api.get<ClinicFacts>('/clinic', signal) });
  usePageTitle(t('settingsPages.sections.clinic'));
  return (
    <>
      <h1>{t('settingsPages.sections.clinic')}</h1>
      {clinic.isPending && (
        <LoadingLines lines={5} height={28} label={t('common.loading', { what: t('settingsPages.sections.clinic') })} />
      )}
      {clinic.isLoadingError && <ErrorState error={clinic.error} onRetry={() => void clinic.refetch()} />}
      {clinic.data && <ClinicForm facts={clinic.data} />}
      <PatientLogChoice />
    </>
  );
}

function ClinicForm({ facts }: { facts: ClinicFacts }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const [name, setName] = useState(facts.name);
  const [timeZone, setTimeZone] = useState(facts.timeZone);
  const [missing, setMissing] = useState(false);
  const save = useMutation({
    mutationFn: () => api.put<ClinicFacts>('/clinic', { name: name.trim(), timeZone }),
    onSuccess: (saved) => {
      queries.setQueryData([slug, 'clinic'], saved);
      // The server believes the old name for another minute: this screen knows better.
      queries.setQueriesData({ queryKey: [slug, 'me'] }, (before: { tenant: object } | undefined) =>
        before ? { ...before, tenant: { ...before.tenant, name: saved.name, timeZone: saved.timeZone } } : before,
      );
      tellDone(say, t('people.clinic.saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isGood = ChangeClinic.safeParse({ name, timeZone }).success;
    setMissing(!isGood);
    if (isGood) save.mutate();
  };
  const zones = [...new Set([facts.timeZone, ...Intl.supportedValuesOf('timeZone')])].toSorted();
  const country = facts.country && new Intl.DisplayNames([locale.tag], { type: 'region' }).of(facts.country);
  const words = save.error && errorWords(save.error, say);
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <TextInput
        label={t('settingsPages.clinic.name')}
        value={name}
        error={missing ? t('people.signUp.faults.clinicName') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('people.signUp.timeZone')}
        description={t('people.signUp.timeZoneHint')}
        data={zones}
        value={timeZone}
        onChange={(event) => setTimeZone(event.currentTarget.value)}
      />
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
      <Button type="submit" loading={save.isPending} disabled={name.trim() === facts.name && timeZone === facts.timeZone}>
        {t('people.clinic.save')}
      </Button>
      <dl className={classes.facts}>
        <dt>{t('settingsPages.clinic.address')}</dt>
        <dd>
          {`${window.location.origin}/t/${slug}`}
          <Text c="dimmed" size="sm">
            {t('people.clinic.fixed')}
          </Text>
        </dd>
        {country && (
          <>
            <dt>{t('people.clinic.country')}</dt>
            <dd>{country}</dd>
          </>
        )}
        {facts.created && (
          <>
            <dt>{t('people.clinic.since')}</dt>
            <dd>{formatDay(facts.created, locale)}</dd>
          </>
        )}
      </dl>
    </form>
  );
}
