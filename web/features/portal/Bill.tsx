import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Progress, QuestionThread, SavedMethodLine } from '../../../schemas/billing.ts';
import type { OwnBill } from '../../../schemas/portal.ts';
import { PaperButton } from '../../components/PaperButton.tsx';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useBillsChanged } from './own-chart.ts';
import { Quiet, Refusal } from './parts.tsx';
import classes from './portal.module.css';
import { useSavedMethods } from './saved-methods.ts';

/** One bill: what is left of it, what was paid and given back with receipts, and what can be done. */
export function Bill({ bill, currency }: { bill: OwnBill; currency: string }) {
  const { t, locale } = useSay();
  const { id, number, issued, state, totalCents, openCents, processingCents } = bill;
  return (
    <li className={classes.item}>
      <span className={classes.value}>{formatCents(state === 'open' ? openCents : totalCents, currency, locale)}</span>
      {state === 'open' && openCents !== totalCents && (
        <span>{t('portal.bills.of', { total: formatCents(totalCents, currency, locale) })}</span>
      )}
      <span>
        {[t('portal.bills.number', { number }), t('portal.bills.from', { date: formatDay(issued, locale) ?? '' })].join(' ')}
      </span>
      {processingCents > 0 && (
        <span>{t('portal.bills.processing', { amount: formatCents(processingCents, currency, locale) })}</span>
      )}
      <span className={classes.quiet}>{t(`portal.bills.states.${state}`)}</span>
      <Movements bill={bill} currency={currency} />
      {state === 'open' && openCents - processingCents > 0 && (
        <Pay bill={id} cents={openCents - processingCents} currency={currency} />
      )}
      <PaperButton
        className={classes.big}
        path={`/billing/own/invoices/${id}/paper`}
        name={`bill-${number}`}
        label={t('portal.bills.paper')}
      />
      <Question bill={id} />
    </li>
  );
}

function Movements({ bill: { id, number, movements }, currency }: { bill: OwnBill; currency: string }) {
  const { t, locale } = useSay();
  return movements.map((entry) => (
    <div key={entry.id} className={classes.movement}>
      <span>
        {t(`portal.bills.kinds.${entry.kind}`, {
          amount: formatCents(entry.cents, currency, locale),
          date: formatDay(entry.at, locale) ?? '',
          how: entry.instrument ?? t(`portal.bills.methods.${entry.method}`),
        })}
      </span>
      {entry.kind === 'payment' && (
        <PaperButton
          variant="subtle"
          mih={44}
          path={`/billing/own/invoices/${id}/entries/${entry.id}/receipt`}
          name={`receipt-${number}-${entry.id.slice(0, 8)}`}
          label={t('portal.bills.receipt')}
        />
      )}
    </div>
  ));
}

/** A saved card or account by one press and one more, or the clinic's payment page. Each attempt is paid once, however often it is pressed. */
function Pay({ bill, cents, currency }: { bill: string; cents: number; currency: string }) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const billsChanged = useBillsChanged();
  const saved = useSavedMethods();
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const [chosen, setChosen] = useState<{ method: SavedMethodLine; attempt: string }>();
  const pay = useMutation({
    mutationFn: () => api.post<{ url?: string }>(`/billing/own/invoices/${bill}/checkout`, { attempt, cents }),
    onSuccess: ({ url }) => (url ? window.location.assign(url) : billsChanged()),
    // What ended, or may have, is not begun again: the next press is an attempt of its own.
    onSettled: (answer) => !answer?.url && setAttempt(crypto.randomUUID()),
  });
  const charge = useMutation({
    mutationFn: (with_: { method: SavedMethodLine; attempt: string }) =>
      api.post<{ progress: Progress }>(`/billing/own/invoices/${bill}/charge`, {
        attempt: with_.attempt,
        cents,
        method: with_.method.id,
      }),
    onSuccess: async () => {
      setChosen(undefined);
      await billsChanged();
    },
    // What was refused is over, and the bill may be another one by now. What may have been heard is asked for again.
    onError: (error, { method }) => {
      if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) return;
      setChosen({ method, attempt: crypto.randomUUID() });
      void billsChanged();
    },
  });
  const amount = formatCents(cents, currency, locale);
  if (chosen)
    return (
      <>
        <span>{t('portal.bills.payWithTitle', { amount, instrument: chosen.method.instrument })}</span>
        <Refusal error={charge.error} />
        <Button className={classes.big} loading={charge.isPending} onClick={() => charge.mutate(chosen)}>
          {t('portal.bills.payNow', { amount })}
        </Button>
        <Button className={classes.big} variant="default" disabled={charge.isPending} onClick={() => setChosen(undefined)}>
          {t('portal.bills.payNot')}
        </Button>
      </>
    );
  return (
    <>
      {charge.data?.progress === 'failed' && (
        <p className={classes.notice} role="alert">
          {t('portal.bills.came.failed')}
        </p>
      )}
      <Refusal error={pay.error} />
      {saved.data?.methods.map((method) => (
        <Button key={method.id} className={classes.big} onClick={() => setChosen({ method, attempt: crypto.randomUUID() })}>
          {t('portal.bills.payWith', { instrument: method.instrument })}
        </Button>
      ))}
      <Button
        className={classes.big}
        variant={saved.data?.methods.length ? 'default' : 'filled'}
        loading={pay.isPending || Boolean(pay.data?.url)}
        onClick={() => pay.mutate()}
      >
        {saved.data?.methods.length ? t('portal.bills.payOther') : t('portal.bills.pay')}
      </Button>
    </>
  );
}

/** Asked about one bill; what was answered stands below. The text stays when it cannot be sent. */
function Question({ bill }: { bill: string }) {
  const { t, locale } = useSay();
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
      {thread.isLoadingError && <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />}
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
      <Refusal error={ask.error} />
      <Button type="submit" className={classes.big} loading={ask.isPending}>
        {t('portal.bills.send')}
      </Button>
    </form>
  );
}
