import type { Invoice } from 'fhir/r4';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useInvoices } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

/** As the currency writes it. */
export const moneyText = (amount: Invoice['totalGross'], { locale }: Say): string =>
  new Intl.NumberFormat(locale.tag, { style: 'currency', currency: amount?.currency ?? 'USD' }).format(amount?.value ?? 0);

const isOpen = ({ status }: Invoice): boolean => status === 'issued';

/** What all open bills come to, by currency. */
export function OpenBills() {
  const say = useSay();
  const invoices = useInvoices();
  if (invoices.isPending) return <LoadingLines lines={1} height={24} label={say.t('portal.home.pay')} />;
  if (invoices.isError) return <ErrorState error={invoices.error} onRetry={() => void invoices.refetch()} />;
  const open = invoices.data.filter(isOpen);
  const sums = Map.groupBy(open, ({ totalGross }) => totalGross?.currency ?? 'USD');
  const texts = [...sums].map(([currency, bills]) => {
    // In cents, so that a hundred small bills are no cent off.
    const cents = bills.reduce((sum, { totalGross }) => sum + Math.round((totalGross?.value ?? 0) * 100), 0);
    return moneyText({ value: cents / 100, currency } as Invoice['totalGross'], say);
  });
  return <p className={classes.fact}>{texts.join(' + ') || say.t('portal.home.nothingToPay')}</p>;
}

/** Every bill: what is open first. */
export function BillsPage() {
  const { t } = useSay();
  const invoices = useInvoices();
  const list = (invoices.data ?? []).toSorted((a, b) => newestFirst(a.date, b.date));
  const [open, settled] = [list.filter(isOpen), list.filter((invoice) => !isOpen(invoice))];
  return (
    <>
      <PageTitle>{t('portal.bills.title')}</PageTitle>
      {invoices.isPending && <LoadingLines lines={4} height={48} label={t('portal.bills.title')} />}
      {invoices.isError && <ErrorState error={invoices.error} onRetry={() => void invoices.refetch()} />}
      {invoices.data && (
        <>
          <h2 className={classes.heading}>{t('portal.bills.open')}</h2>
          {open.length === 0 && <Quiet>{t('portal.bills.nothingOpen')}</Quiet>}
          <Bills invoices={open} />
          {settled.length > 0 && <h2 className={classes.heading}>{t('portal.bills.settled')}</h2>}
          <Bills invoices={settled} />
        </>
      )}
    </>
  );
}

function Bills({ invoices }: { invoices: readonly Invoice[] }) {
  const say = useSay();
  const { t, locale } = say;
  return (
    <ul className={classes.list}>
      {invoices.map((invoice) => {
        const number = invoice.identifier?.find(({ value }) => value)?.value;
        const date = formatDay(invoice.date, locale);
        const state = (['issued', 'balanced', 'cancelled'] as const).find((one) => one === invoice.status);
        return (
          <li key={invoice.id} className={classes.item}>
            <span className={classes.value}>{moneyText(invoice.totalGross, say)}</span>
            <span>
              {[number && t('portal.bills.number', { number }), date && t('portal.bills.from', { date })]
                .filter(Boolean)
                .join(' ')}
            </span>
            {state && <span className={classes.quiet}>{t(`portal.bills.states.${state}`)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
