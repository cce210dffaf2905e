import { Button, Text } from '@mantine/core';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import classes from './billing.module.css';
import { DeedError } from './parts.tsx';
import { useBillingDeed, useConnect } from './queries.ts';

/** Settings > Payments: the clinic's own account at Stripe, through which its patients pay. */
export function ConnectPage() {
  const { t } = useSay();
  const connect = useConnect();
  const begin = useBillingDeed<{ url: string }>();
  usePageTitle(t('billing.connect.title'));
  const { data } = connect;
  const toPages = () => begin.mutate({ path: '/connect' }, { onSuccess: ({ url }) => window.location.assign(url) });
  return (
    <>
      <h1>{t('billing.connect.title')}</h1>
      <Text c="dimmed" maw={720}>
        {t('billing.connect.intro')}
      </Text>
      {connect.isPending && (
        <LoadingLines lines={3} height={24} label={t('common.loading', { what: t('billing.connect.title') })} />
      )}
      {connect.isLoadingError && <ErrorState error={connect.error} onRetry={() => void connect.refetch()} />}
      {data && (
        <ul>
          <li>{t(data.takesPayments ? 'billing.connect.takes' : 'billing.connect.takesNot')}</li>
          {data.connected && <li>{t(data.paysOut ? 'billing.connect.paysOut' : 'billing.connect.paysOutNot')}</li>}
        </ul>
      )}
      {data?.asks && <p className={classes.notice}>{t('billing.connect.asks')}</p>}
      <DeedError error={begin.error} />
      {data && (!data.connected || data.asks || !data.takesPayments) && (
        <Button loading={begin.isPending} onClick={toPages}>
          {t(data.connected ? 'billing.connect.goOn' : 'billing.connect.begin')}
        </Button>
      )}
      <Text c="dimmed" mt="md" maw={720}>
        {t('billing.connect.others')}
      </Text>
    </>
  );
}
