import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { PlatformInvoices } from '../../../schemas/plans.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePlatform } from '../../lib/platform.tsx';
import { InvoiceTable } from './InvoiceTable.tsx';
import classes from './operator.module.css';

/** What the platform has billed to clinics, the newest first, as Stripe says it now. */
export function InvoicesPage() {
  const { t } = useSay();
  const api = usePlatform();
  const pages = useInfiniteQuery({
    queryKey: ['operator', 'invoices'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get<PlatformInvoices>(`/invoices${pageParam && `?after=${encodeURIComponent(pageParam)}`}`, signal),
    getNextPageParam: ({ next }) => next,
  });
  const title = t('plan.operator.invoices');
  usePageTitle(title);
  const invoices = pages.data?.pages.flatMap((page) => page.invoices) ?? [];
  return (
    <div className={classes.page}>
      <h1 className={classes.title} id="platform-invoices">
        {title}
      </h1>
      <Text c="dimmed" mb="md">
        {t('plan.operator.invoicesIntro')}
      </Text>
      {pages.isPending && <LoadingLines lines={6} height={32} label={t('common.loading', { what: title })} />}
      {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.data && invoices.length === 0 && <EmptyState title={t('plan.noInvoices')} />}
      {invoices.length > 0 && <InvoiceTable invoices={invoices} labelledBy="platform-invoices" clinics />}
      {pages.hasNextPage && (
        <Button variant="default" mt="md" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('operator.clinics.more')}
        </Button>
      )}
    </div>
  );
}
