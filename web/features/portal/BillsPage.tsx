import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { QuestionThread } from '../../../schemas/billing.ts';
import type { OwnBill } from '../../../schemas/portal.ts';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useBills, useBillsChanged } from './own-chart.ts';
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

const refusalOf = (error: Error, say: Say): string => {
  const said = error instanceof ApiError ? error.issues.map(say.fault).filter(Boolean).join(' ') : '';
  const { title, next } = errorWords(error, say);
  return said && error instanceof ApiError && error.status < 500 && error.status > 0 ? said : `${title} ${next}`;
};

/** Leaves for the clinic's payment page. One attempt, however often it is pressed: it is paid once. */
function Pay({ bill, cents }: { bill: string; cents: number }) {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const billsChanged = useBillsChanged();
  const [attempt] = useState(() => crypto.randomUUID());
  const pay = useMutation({
    mutationFn: () => api.post<{ url?: string }>(`/billing/own/invoices/${bill}/checkout`, { attempt, cents }),
    onSuccess: ({ url }) => (url ? window.location.assign(url) : billsChanged()),
  });
  return (
    <>
      {pay.isError && (
        <p className={classes.notice} role="alert">
          {refusalOf(pay.error, say)}
        </p>
      )}
      <Button className={classes.big} loading={pay.isPending || Boolean(pay.data?.url)} onClick={() => pay.mutate()}>
        {t('portal.bills.pay')}
      </Button>
    </>
  );
}

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
  });
  if (look.isPending) return <LoadingLines lines={1} height={48} label={t('portal.bills.asking')} />;
  if (look.isError) return <ErrorState error={look.error} onRetry={() => void look.refetch()} />;
  const { progress = 'open' } = look.data;
  const key = progress === 'posted' ? 'done' : progress === 'processing' || progress === 'failed' ? progress : 'open';
  return (
    <p className={classes.notice} role="status">
      {t(`portal.bills.came.${key}`)}
    </p>
  );
}

/** Asked about one bill; what was answered stands below. The text stays when it cannot be sent. */
function Question({ bill }: { bill: string }) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const key = [api.tenant, 'portal', 'questions', bill];
  const thread = useQuery({
    queryKey: key,
    enabled: open,
    queryFn: ({ signal }) => api.get<QuestionThread>(`/billing/own/invoices/${bill}/questions`, signal),
  });
  const ask = useMutation({
    mutationFn: () => api.post<QuestionThread>(`/billing/own/invoices/${bill}/questions`, { attempt, text: text.trim() }),
    onSuccess: (answer) => {
      queries.setQueryData(key, answer);
      setText('');
      setAttempt(crypto.randomUUID());
    },
  });
  if (!open)
    return (
      <Button className={classes.big} variant="default" onClick={() => setOpen(true)}>
        {t('portal.bills.ask')}
      </Button>
    );
  return (
    <form
      className={classes.choices}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim().length > 1) ask.mutate();
      }}
    >
      {thread.data?.messages.map((message) => (
        <p key={message.id}>
          <strong>{t(`portal.bills.who.${message.from}`)}</strong> {formatDay(message.at, locale)}
          <br />
          {message.text}
        </p>
      ))}
      {thread.isError && <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />}
      {thread.data?.state === 'open' && thread.data.due && (
        <Quiet>{t('portal.bills.answerBy', { date: formatDay(thread.data.due, locale) ?? '' })}</Quiet>
      )}
      <Textarea
        label={t('portal.bills.question')}
        value={text}
        size="md"
        autosize
        minRows={3}
        maxLength={2000}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {ask.isError && (
        <p className={classes.notice} role="alert">
          {refusalOf(ask.error, say)}
        </p>
      )}
      <Button type="submit" className={classes.big} loading={ask.isPending}>
        {t('portal.bills.send')}
      </Button>
    </form>
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
          {state === 'open' && openCents - processingCents > 0 && <Pay bill={id} cents={openCents - processingCents} />}
          <Question bill={id} />
        </li>
      ))}
    </ul>
  );
}
