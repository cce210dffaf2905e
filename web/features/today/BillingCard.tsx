import { Link } from 'react-router';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useConnect, useInvoices, usePayments, usePayouts, useUnbilled } from '../billing/queries.ts';
import { Card } from './Card.tsx';
import classes from './today.module.css';

/** What is to be billed, what is owed, which payments failed, and the latest payout to the clinic's bank: each count is that of the list it leads to. */
export function BillingCard() {
  const { t, locale } = useSay();
  const { slug } = useTenant();
  const unbilled = useUnbilled();
  const open = useInvoices('open');
  const failed = usePayments('failed');
  const connect = useConnect();
  const payouts = usePayouts(connect.data?.connected === true);
  const [last] = payouts.data ?? [];
  const error = unbilled.error ?? open.error ?? failed.error;
  const invoices = open.data?.pages.flatMap((page) => page.invoices).length ?? 0;
  const withMore = (count: number, more: boolean) => (more ? t('places.moreThan', { count }) : String(count));
  const title = t('today.cards.money');
  return (
    <Card title={title} to={addresses.billing(slug)} toText={t('today.toBilling')}>
      {error && (
        <ErrorState error={error} onRetry={() => void Promise.all([unbilled.refetch(), open.refetch(), failed.refetch()])} />
      )}
      {!error && !(unbilled.data && open.data && failed.data) && (
        <LoadingLines lines={3} label={t('common.loading', { what: title })} />
      )}
      {unbilled.data && open.data && failed.data && (
        <ul className={classes.lines}>
          <li className={classes.line}>
            <Link to={addresses.billing(slug, 'unbilled')}>
              {t('today.unbilled', {
                count: unbilled.data.visits.length,
                number: withMore(unbilled.data.visits.length, unbilled.data.more),
              })}
            </Link>
          </li>
          <li className={classes.line}>
            <Link to={addresses.billing(slug, 'invoices')}>
              {t('today.openInvoices', { count: invoices, number: withMore(invoices, open.hasNextPage) })}
            </Link>
          </li>
          <li className={classes.line} data-overdue={failed.data.length > 0 || undefined}>
            <Link to={addresses.billing(slug, 'payments')}>
              {t('today.failedPayments', { count: failed.data.length, number: String(failed.data.length) })}
            </Link>
          </li>
          {last && (
            <li className={classes.line} data-overdue={last.state === 'failed' || undefined}>
              <Link to={addresses.billing(slug, 'payments')}>
                {t(`today.payouts.${last.state}`, {
                  sum: formatCents(last.cents, last.currency, locale),
                  date: formatDay(last.arrives, locale) ?? last.arrives,
                })}
              </Link>
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}
