import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { KeptDrafts } from '../components/KeptDrafts.tsx';
import { ErrorState, LoadingLines } from '../components/states.tsx';
import { IdleGuard } from '../features/session/IdleGuard.tsx';
import { useSay } from '../i18n/index.ts';
import { overviewQuery } from '../lib/chart-query.ts';
import { TenantProvider } from '../lib/tenant.tsx';
import classes from './Frame.module.css';
import { Frame } from './Frame.tsx';
import { Toasts } from './Toasts.tsx';

/** The workspace of the clinic in the address. A change of clinic starts it anew, so that nothing of the other one stays on screen. */
export function Workspace() {
  const { t } = useSay();
  const { tenant = '', id } = useParams();
  const queries = useQueryClient();
  return (
    <IdleGuard>
      <TenantProvider
        key={tenant}
        slug={tenant}
        early={(api) => void (id && queries.prefetchQuery(overviewQuery(api, id)))}
        waiting={<LoadingLines lines={6} label={t('session.opening')} />}
        failed={(error, retry) => (
          <main className={classes.failed}>
            <ErrorState error={error} onRetry={retry} />
            <KeptDrafts />
          </main>
        )}
      >
        <Frame />
        <Toasts />
      </TenantProvider>
    </IdleGuard>
  );
}
