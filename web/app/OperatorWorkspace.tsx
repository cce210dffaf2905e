import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState, ErrorState, LoadingLines } from '../components/states.tsx';
import { IdleGuard } from '../features/session/IdleGuard.tsx';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { PlatformProvider } from '../lib/platform.tsx';
import { usePerson } from '../lib/tenant.tsx';
import { OperatorFrame } from './OperatorFrame.tsx';
import { Toasts } from './Toasts.tsx';

/** The console of whoever runs the platform. The server judges each request by itself; this only spares others an empty frame. */
export function OperatorWorkspace() {
  const { t } = useSay();
  const person = usePerson();
  if (person.isPending) return <LoadingLines lines={6} label={t('common.loading', { what: t('session.operators') })} />;
  if (person.isLoadingError) return <ErrorState error={person.error} onRetry={() => void person.refetch()} />;
  if (!person.data.operator) {
    return (
      <main>
        <EmptyState title={t('operator.notYours')}>
          <Button component={Link} to={addresses.home()} variant="default">
            {t('errors.toStart')}
          </Button>
        </EmptyState>
      </main>
    );
  }
  return (
    <IdleGuard>
      <PlatformProvider>
        <OperatorFrame />
        <Toasts />
      </PlatformProvider>
    </IdleGuard>
  );
}
