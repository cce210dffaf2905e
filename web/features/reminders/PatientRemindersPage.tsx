import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { ReminderPreference, ReminderWish } from '../../../schemas/reminders.ts';
import { ChartPage } from '../../components/ChartPage.tsx';
import { tellDone } from '../../components/notices.tsx';
import { EmptyState, ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { patientRemindersQuery } from './queries.ts';
import { ReminderTable } from './ReminderTable.tsx';
import classes from './reminders.module.css';

/** How a patient wants to be reminded, and what was sent. */
export function PatientRemindersPage() {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { api, may } = useTenant();
  const found = useQuery({ ...patientRemindersQuery(api, id), enabled: may('Communication', 'read') });
  return (
    <ChartPage title={t('reminders.patient.title')}>
      <div className={classes.page}>
        {!may('Communication', 'read') && <EmptyState title={t('chart.withheld')} />}
        {found.isLoading && <LoadingLines lines={6} height={28} label={t('common.loading', { what: t('reminders.title') })} />}
        {found.isLoadingError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && (
          <>
            <section className={classes.group}>
              <h3 className={classes.title}>{t('reminders.patient.wants')}</h3>
              {found.data.preferences.map((preference) => (
                <Wish key={preference.channel} patient={id} preference={preference} />
              ))}
            </section>
            <section className={classes.group}>
              <h3 className={classes.title}>{t('reminders.patient.list')}</h3>
              {found.data.reminders.length === 0 ? (
                <Text c="dimmed">{t('reminders.patient.none')}</Text>
              ) : (
                <ReminderTable reminders={found.data.reminders} />
              )}
            </section>
          </>
        )}
      </div>
    </ChartPage>
  );
}

function Wish({ patient, preference }: { patient: string; preference: ReminderPreference }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, may } = useTenant();
  const queries = useQueryClient();
  const { channel, state, address, said, byMessage } = preference;
  const save = useMutation({
    mutationFn: (wish: ReminderWish['wish']) => api.put(`/patients/${patient}/reminders`, { channel, wish }),
    onSuccess: () => tellDone(say, t('reminders.patient.saved')),
    onSettled: () => queries.invalidateQueries({ queryKey: patientRemindersQuery(api, patient).queryKey }),
  });
  const when = said && formatMoment(said, locale);
  const words = save.error && errorWords(save.error, say);
  return (
    <div className={classes.wish}>
      <div>
        <Text fw={600}>{t(`reminders.channels.${channel}`)}</Text>
        <Text c="dimmed">{address ?? t('reminders.patient.noAddress')}</Text>
        <Text className={state === 'no' ? classes.attention : undefined}>
          {t(`reminders.patient.state.${state}`)}
          {when && `, ${t(byMessage ? 'reminders.patient.saidByMessage' : 'reminders.patient.said', { when })}`}
        </Text>
        {words && (
          <Text role="alert" c="red">
            {words.title} {words.next}
          </Text>
        )}
      </div>
      {may('Communication', 'update') && (
        <Group gap="xs">
          {state !== 'yes' && (
            <Button
              variant="default"
              loading={save.isPending}
              onClick={() => save.mutate('yes')}
              aria-label={`${t('reminders.patient.agree')}: ${t(`reminders.channels.${channel}`)}`}
            >
              {t('reminders.patient.agree')}
            </Button>
          )}
          {state !== 'no' && (
            <Button
              variant="default"
              loading={save.isPending}
              onClick={() => save.mutate('no')}
              aria-label={`${t('reminders.patient.refuse')}: ${t(`reminders.channels.${channel}`)}`}
            >
              {t('reminders.patient.refuse')}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
