import { Text } from '@mantine/core';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { FailedEvents } from '../plan/FailedEvents.tsx';
import classes from './operator.module.css';

/** What Stripe has told and could not be worked through, of every clinic. */
export function EventsPage() {
  const { t } = useSay();
  const api = usePlatform();
  const title = t('plan.events.title');
  usePageTitle(title);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{title}</h1>
      <Text c="dimmed" mb="md">
        {t('plan.events.intro')}
      </Text>
      <FailedEvents api={api} path="/stripe-events" title={title} clinics />
    </div>
  );
}
