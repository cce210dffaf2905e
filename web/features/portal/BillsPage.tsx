import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { OwnBill } from '../../../schemas/portal.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { newestFirst } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { Bill } from './Bill.tsx';
import { useBills, useBillsChanged } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';
import { SavedMethods } from './SavedMethods.tsx';

/** What all open bills come to. */
export function OpenBills() {
  const say = useSay();
  const bills = useBills();
  if (bills.isPending) return <LoadingLines lines={1} height={24} label={say.t('portal.home.pay')} />;
  if (bills.isLoadingError) return <ErrorState error={bills.error} onRetry={() => void bills.refetch()} />;
  const { t, locale } = say;
  const { openCents, currency } = bills.data;
  return (
    <p className={classes.fact}>{openCents > 0 ? formatCents(openCents, currency, locale) : t('portal.home.nothingToPay')}</p>
  );
}

/** Every bill: what is open first. */
export function BillsPage() {
  const { t } = useSay();
  const bills = useBills();
  const [query] = useSearchParams();
  const paid = query.get('paid');
  const list = (bills.data?.bills ?? []).toSorted((a, b) => newestFirst(a.issued, b.issued));
  const [open, settled] = [list.filter(({ state }) => state === 'open'), list.filter(({ state }) => state !== 'open')];
  const currency = bills.data?.currency ?? 'USD';
  return (
    <>
      <PageTitle>{t('portal.bills.title')}</PageTitle>
      {paid && /^[0-9a-f-]{36}$/.test(paid) && <PaidNotice attempt={paid} />}
      {bills.isPending && <LoadingLines lines={4} height={48} label={t('portal.bills.title')} />}
      {bills.isLoadingError && <ErrorState error={bills.error} onRetry={() => void bills.refetch()} />}
      {bills.data && (
        <>
          <h2 className={classes.heading}>{t('portal.bills.open')}</h2>
          {open.length === 0 && <Quiet>{t('portal.bills.nothingOpen')}</Quiet>}
          <Bills bills={open} currency={currency} />
          {settled.length > 0 && <h2 className={classes.heading}>{t('portal.bills.settled')}</h2>}
          <Bills bills={settled} currency={currency} />
          <SavedMethods />
        </>
      )}
    </>
  );
}

/** A processor may need a moment after it has sent the person back: it is asked again for a minute. */
const LOOK_EVERY_MS = 3_000;
const LOOKS = 20;

/** The way back from the payment page: the processor is asked, and what it says is told. */
function PaidNotice({ attempt }: { attempt: string }) {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const billsChanged = useBillsChanged();
  const look = useQuery({
    queryKey: [api.tenant, 'portal', 'paid', attempt],
    queryFn: async () => {
      const answer = await api.post<{ progress?: string }>(`/billing/own/payments/${attempt}/look`, undefined);
      await billsChanged();
      return answer;
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data && (data.progress ?? 'open') === 'open' && dataUpdateCount < LOOKS ? LOOK_EVERY_MS : false,
  });
  if (look.isPending) return <LoadingLines lines={1} height={48} label={t('portal.bills.asking')} />;
  if (look.isLoadingError) return <ErrorState error={look.error} onRetry={() => void look.refetch()} />;
  const { progress = 'open' } = look.data;
  const key = progress === 'posted' ? 'done' : progress === 'processing' || progress === 'failed' ? progress : 'open';
  return (
    <p className={classes.notice} role="status">
      {t(`portal.bills.came.${key}`)}
    </p>
  );
}

function Bills({ bills, currency }: { bills: readonly OwnBill[]; currency: string }) {
  return (
    <ul className={classes.list}>
      {bills.map((bill) => (
        <Bill key={bill.id} bill={bill} currency={currency} />
      ))}
    </ul>
  );
}
