import type { OwnBill } from '../../../schemas/portal.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useBills } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

/** As the currency writes it: whole cents of it, and of yen whole yen. */
function moneyText(cents: number, currency: string, { locale }: Say): string {
  const format = new Intl.NumberFormat(locale.tag, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(cents / 10 ** digits);
}

/** What all open bills come to. */
export function OpenBills() {
  const say = useSay();
  const bills = useBills();
  if (bills.isPending) return <LoadingLines lines={1} height={24} label={say.t('portal.home.pay')} />;
  if (bills.isError) return <ErrorState error={bills.error} onRetry={() => void bills.refetch()} />;
  const { openCents, currency } = bills.data;
  return (
    <p className={classes.fact}>{openCents > 0 ? moneyText(openCents, currency, say) : say.t('portal.home.nothingToPay')}</p>
  );
}

/** Every bill: what is open first. */
export function BillsPage() {
  const { t } = useSay();
  const bills = useBills();
  const list = (bills.data?.bills ?? []).toSorted((a, b) => newestFirst(a.issued, b.issued));
  const [open, settled] = [list.filter(({ state }) => state === 'open'), list.filter(({ state }) => state !== 'open')];
  const currency = bills.data?.currency ?? 'USD';
  return (
    <>
      <PageTitle>{t('portal.bills.title')}</PageTitle>
      {bills.isPending && <LoadingLines lines={4} height={48} label={t('portal.bills.title')} />}
      {bills.isError && <ErrorState error={bills.error} onRetry={() => void bills.refetch()} />}
      {bills.data && (
        <>
          <h2 className={classes.heading}>{t('portal.bills.open')}</h2>
          {open.length === 0 && <Quiet>{t('portal.bills.nothingOpen')}</Quiet>}
          <Bills bills={open} currency={currency} />
          {settled.length > 0 && <h2 className={classes.heading}>{t('portal.bills.settled')}</h2>}
          <Bills bills={settled} currency={currency} />
        </>
      )}
    </>
  );
}

function Bills({ bills, currency }: { bills: readonly OwnBill[]; currency: string }) {
  const say = useSay();
  const { t, locale } = say;
  return (
    <ul className={classes.list}>
      {bills.map(({ id, number, issued, state, totalCents, openCents, processingCents }) => (
        <li key={id} className={classes.item}>
          <span className={classes.value}>{moneyText(state === 'open' ? openCents : totalCents, currency, say)}</span>
          {state === 'open' && openCents !== totalCents && (
            <span>{t('portal.bills.of', { total: moneyText(totalCents, currency, say) })}</span>
          )}
          <span>
            {[t('portal.bills.number', { number }), t('portal.bills.from', { date: formatDay(issued, locale) ?? '' })].join(' ')}
          </span>
          {processingCents > 0 && (
            <span>{t('portal.bills.processing', { amount: moneyText(processingCents, currency, say) })}</span>
          )}
          <span className={classes.quiet}>{t(`portal.bills.states.${state}`)}</span>
        </li>
      ))}
    </ul>
  );
}
