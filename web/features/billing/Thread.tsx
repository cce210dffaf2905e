import { Button, Group, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { DeedError } from './parts.tsx';
import { useBillingDeed, useThread } from './queries.ts';

/** What was asked about an invoice and answered, with a day by which the next answer is due. */
export function Thread({ invoice }: { invoice: string }) {
  const { t, locale } = useSay();
  const { may } = useTenant();
  const thread = useThread(invoice);
  const deed = useBillingDeed();
  const [text, setText] = useState('');
  // A new message, a new attempt: a repeat of a lost one is the same message.
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim().length < 2) return;
    deed.mutate(
      { path: `/invoices/${invoice}/questions`, body: { attempt, text: text.trim() } },
      {
        onSuccess: () => {
          setText('');
          setAttempt(crypto.randomUUID());
        },
      },
    );
  };
  const { data } = thread;
  return (
    <section aria-label={t('billing.thread.title')}>
      <h2>{t('billing.thread.title')}</h2>
      {thread.isLoadingError && <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />}
      {data && data.state !== 'none' && (
        <p className={classes.facts}>
          <span className={data.state === 'open' ? classes.attention : classes.plain}>
            {t(`billing.thread.states.${data.state}`)}
          </span>
          {data.due && <span>{t('billing.thread.due', { date: formatDay(data.due, locale) ?? '' })}</span>}
        </p>
      )}
      {data?.messages.map((message) => (
        <div key={message.id} className={classes.message}>
          <Text size="sm" c="dimmed">
            {message.from === 'patient' ? t('billing.patient') : (message.by ?? t('billing.thread.clinic'))},{' '}
            {formatMoment(message.at, locale)}
          </Text>
          <Text className={classes.words}>{message.text}</Text>
        </div>
      ))}
      {may('PaymentReconciliation', 'create') && (
        <form onSubmit={send}>
          <Textarea
            label={data?.state === 'none' ? t('billing.thread.question') : t('billing.thread.answer')}
            autosize
            minRows={2}
            maxLength={2000}
            maw={640}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <DeedError error={deed.error} />
          <Group mt="xs">
            <Button type="submit" variant="default" loading={deed.isPending} disabled={text.trim().length < 2}>
              {t('billing.thread.send')}
            </Button>
            {data?.state === 'open' && may('Invoice', 'update') && (
              <Button variant="subtle" onClick={() => deed.mutate({ path: `/invoices/${invoice}/questions/resolve` })}>
                {t('billing.thread.resolve')}
              </Button>
            )}
          </Group>
        </form>
      )}
    </section>
  );
}
