import { Text } from '@mantine/core';
import { useEffect } from 'react';
import { useSay } from '../../i18n/index.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { FailedEvents } from '../plan/FailedEvents.tsx';
import classes from './operator.module.css';

/** What Stripe has told and could not be worked through, of every clinic. */
export function EventsPage() {
  const { t } = useSay();
  const api = usePlatform();
  const title = t('plan.events.title');
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);
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
