import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reminderOf } from '../../../schemas/reminders.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { patientRemindersQuery } from './queries.ts';
import { reminderWords } from './ReminderTable.tsx';
import classes from './reminders.module.css';

/** The reminders of one visit and how each stands: for the panel that shows the visit. */
export function VisitReminders({ patient, appointment }: { patient: string; appointment: string }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, may } = useTenant();
  const permitted = may('Communication', 'read');
  const found = useQuery({ ...patientRemindersQuery(api, patient), enabled: permitted });
  if (!permitted) return null;
  if (found.isPending) return <LoadingLines lines={1} label={t('common.loading', { what: t('reminders.title') })} />;
  if (found.isLoadingError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const own = found.data.reminders.filter(({ about }) =>
    about?.some(({ reference }) => reference === `Appointment/${appointment}`),
  );
  if (own.length === 0) return <Text c="dimmed">{t('reminders.visit.none')}</Text>;
  return (
    <ul className={classes.list} aria-label={t('reminders.visit.label')}>
      {own.map((each) => {
        const reminder = reminderOf(each);
        const { text, needsLook } = reminderWords(each, say);
        return (
          <li key={each.id} className={needsLook ? classes.attention : undefined}>
            {reminder && `${t(`reminders.channels.${reminder.channel}`)}, `}
            {formatMoment(each.sent ?? each.meta?.lastUpdated, locale)}: {text}
          </li>
        );
      })}
    </ul>
  );
}
