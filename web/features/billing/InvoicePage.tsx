import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { LedgerEntry, InvoicePage as Page, SavedMethodLine } from '../../../schemas/billing.ts';
import { refusalWords, tellDone, tellRefused } from '../../components/notices.tsx';
import { PaperButton } from '../../components/PaperButton.tsx';
import { SumTable } from '../../components/SumTable.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { formatCents } from '../../lib/money.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { retryLostOnes } from '../../lib/reading.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { LedgerTable } from './LedgerTable.tsx';
import { PendingTable } from './PendingTable.tsx';
import { AmountDialog, Cents, DeedError, WhyDialog } from './parts.tsx';
import { useBillingDeed, useConnect, useInvoice, useSavedMethods } from './queries.ts';
import { Thread } from './Thread.tsx';

type Open =
  | { readonly what: 'pay' | 'write-off' | 'void'; readonly attempt: string }
  | { readonly what: 'back' | 'refund'; readonly attempt: string; readonly entry: LedgerEntry }
  | { readonly what: 'charge'; readonly attempt: string; readonly method: SavedMethodLine }
  | undefined;

/** An invoice: its lines, everything that has happened to it, and what can be done. */
export function InvoicePage() {
  const say = useSay();
  const { t } = say;
  const { invoice = '' } = useParams();
  const { slug } = useTenant();
  const page = useInvoice(invoice);
  const number = page.data?.number;
  usePageTitle(number ? t('billing.invoice.title', { number }) : t('billing.invoices.title'));
  return (
    <>
      <Anchor component={Link} to={addresses.billing(slug, 'invoices')}>
        {t('billing.invoice.back')}
      </Anchor>
      {page.isPending && (
        <LoadingLines lines={8} height={36} label={t('common.loading', { what: t('billing.invoices.title') })} />
      )}
      {page.isLoadingError && <ErrorState error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && <Invoice invoice={page.data} say={say} />}
    </>
  );
}

function Invoice({ invoice, say }: { invoice: Page; say: Say }) {
  const { t, locale } = say;
  const { slug, may } = useTenant();
  const { number, currency, openCents } = invoice;
  const [open, setOpen] = useState<Open>();
  const mayCorrect = may('Invoice', 'update');
  const isOpen = invoice.state === 'open';
  const connect = useConnect();
  const saved = useSavedMethods(invoice.patient);
  const paying = useBillingDeed<{ url: string } | { done: true }>();
  const { mutate: look, error: lookError } = useBillingDeed({ retry: retryLostOnes });
  const [attempt, setAttempt] = useState(() => crypto.randomUUID());
  const [query, setQuery] = useSearchParams();
  const back = query.get('paid');
  // Back from the payment page: the processor is asked at once, and its own news may come when it likes.
  useEffect(() => {
    if (!back) return;
    setQuery({}, { replace: true });
    look({ path: `/invoices/${invoice.id}/look` });
  }, [back, invoice.id, look, setQuery]);
  const payable = openCents - invoice.processingCents;
  const begun = (then: (url: string) => void) =>
    paying.mutate(
      { path: `/invoices/${invoice.id}/checkout`, body: { attempt, cents: payable } },
      {
        onSuccess: (answer) => ('url' in answer ? then(answer.url) : look({ path: `/invoices/${invoice.id}/look` })),
        // What ended, or may have, is not begun again: the next press is an attempt of its own.
        onSettled: (answer) => !(answer && 'url' in answer) && setAttempt(crypto.randomUUID()),
      },
    );
  const copyLink = (url: string) =>
    void navigator.clipboard.writeText(url).then(
      () => tellDone(say, t('billing.invoice.linkCopied')),
      // A browser gives the clipboard to a press only, and may count it too long ago.
      () => tellRefused(say, t('billing.invoice.linkNotCopied', { url })),
    );
  const untouched = invoice.entries.length === 1 || openCents === invoice.totalCents;
  // An attempt is made when the form is opened: every press of its button is the same one.
  const begin = (what: 'pay' | 'write-off' | 'void') => setOpen({ what, attempt: crypto.randomUUID() });
  const takeBack = (entry: LedgerEntry) => {
    const byHand =
      entry.kind === 'write-off' || (entry.kind === 'payment' && ['cash', 'check', 'other'].includes(entry.method ?? ''));
    if (!mayCorrect || entry.reversed || invoice.state === 'void') return undefined;
    if (entry.kind === 'payment' && (entry.method === 'card' || entry.method === 'bank') && !entry.of)
      return {
        label: t('billing.invoice.refund'),
        run: () => setOpen({ what: 'refund', entry, attempt: crypto.randomUUID() }),
      };
    if (!byHand) return undefined;
    return {
      label: t('billing.invoice.takeBack'),
      run: () => setOpen({ what: 'back', entry, attempt: crypto.randomUUID() }),
    };
  };
  const actionsFor = (entry: LedgerEntry) => {
    const back = takeBack(entry);
    return (
      <Group gap={4} ml={-12}>
        {entry.kind === 'payment' && !entry.of && (
          <PaperButton
            size="xs"
            variant="subtle"
            path={`/billing/invoices/${invoice.id}/entries/${entry.id}/receipt`}
            name={`receipt-${number}-${entry.id.slice(0, 8)}`}
            label={t('billing.invoice.receipt')}
          />
        )}
        {back && (
          <Button size="xs" variant="subtle" onClick={back.run}>
            {back.label}
          </Button>
        )}
      </Group>
    );
  };
  return (
    <>
      <div className={classes.head}>
        <h1>{t('billing.invoice.title', { number })}</h1>
        <span className={isOpen ? classes.attention : classes.plain}>{t(`billing.invoices.states.${invoice.state}`)}</span>
      </div>
      <p className={classes.facts}>
        <Link to={addresses.patientBilling(slug, invoice.patient)}>{invoice.patientName ?? t('billing.nobody')}</Link>
        <span>{t('billing.invoice.issued', { date: formatDay(invoice.issued, locale) ?? '' })}</span>
        {isOpen && invoice.due && <span>{t('billing.invoice.due', { date: formatDay(invoice.due, locale) ?? '' })}</span>}
        {invoice.encounter && may('ChargeItem', 'read') && (
          <Link to={addresses.billedVisit(slug, invoice.encounter)}>{t('billing.invoice.visit')}</Link>
        )}
      </p>
      {invoice.voided && <div className={classes.notice}>{t('billing.invoice.voided', { reason: invoice.voided })}</div>}
      <dl className={classes.sums}>
        <div>
          <dt>{t('billing.invoice.total')}</dt>
          <dd>{formatCents(invoice.totalCents, currency, locale)}</dd>
        </div>
        <div>
          <dt>{t('billing.invoice.openNow')}</dt>
          <dd>
            <Cents cents={openCents} currency={currency} />
          </dd>
          {invoice.processingCents > 0 && (
            <dd className={classes.why}>
              {t('billing.invoices.processing', { amount: formatCents(invoice.processingCents, currency, locale) })}
            </dd>
          )}
        </div>
      </dl>
      <Group>
        {isOpen && openCents > 0 && may('PaymentReconciliation', 'create') && (
          <Button onClick={() => begin('pay')}>{t('billing.invoice.take')}</Button>
        )}
        {isOpen && payable > 0 && connect.data?.takesPayments && may('PaymentReconciliation', 'create') && (
          <>
            <Button variant="default" loading={paying.isPending} onClick={() => begun((url) => window.location.assign(url))}>
              {t('billing.invoice.payOnline')}
            </Button>
            <Button variant="subtle" onClick={() => begun(copyLink)}>
              {t('billing.invoice.copyLink')}
            </Button>
          </>
        )}
        {isOpen &&
          payable > 0 &&
          mayCorrect &&
          saved.data?.methods.map((method) => (
            <Button
              key={method.id}
              variant="default"
              onClick={() => setOpen({ what: 'charge', method, attempt: crypto.randomUUID() })}
            >
              {t('billing.saved.charge', { instrument: method.instrument })}
            </Button>
          ))}
        <PaperButton
          path={`/billing/invoices/${invoice.id}/paper`}
          name={`invoice-${number}`}
          label={t('billing.invoice.paper')}
        />
        {isOpen && openCents > 0 && mayCorrect && (
          <Button variant="default" onClick={() => begin('write-off')}>
            {t('billing.invoice.writeOff')}
          </Button>
        )}
        {isOpen && untouched && mayCorrect && (
          <Button variant="subtle" color="red" onClick={() => begin('void')}>
            {t('billing.invoice.void')}
          </Button>
        )}
      </Group>
      <DeedError error={paying.error ?? lookError} />
      <h2>{t('billing.invoice.lines')}</h2>
      <Lines invoice={invoice} say={say} />
      <h2>{t('billing.invoice.ledger')}</h2>
      <Text c="dimmed" mb="xs">
        {t('billing.invoice.ledgerNote')}
      </Text>
      <LedgerTable entries={invoice.entries} currency={currency} actionsFor={actionsFor} />
      {invoice.pending.length > 0 && (
        <>
          <h2>{t('billing.invoice.pending')}</h2>
          <PendingTable payments={invoice.pending} />
        </>
      )}
      <Thread invoice={invoice.id} />
      {open && <Dialogs open={open} invoice={invoice} say={say} mayCorrect={mayCorrect} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Lines({ invoice: { lines, currency, totalCents }, say: { t, locale } }: { invoice: Page; say: Say }) {
  return (
    <SumTable
      label={t('billing.invoice.lines')}
      classes={TABLE}
      columns={[t('billing.invoice.line'), t('billing.bill.quantity'), t('billing.amount')]}
      rows={lines.map((line) => ({
        key: `${line.code} ${line.text}`,
        name: (
          <>
            {line.text}
            <span className={classes.why}>{[line.code, line.note].filter(Boolean).join(', ')}</span>
          </>
        ),
        numbers: [line.quantity, formatCents(line.cents, currency, locale)],
      }))}
      sum={{ label: t('billing.invoice.total'), numbers: [formatCents(totalCents, currency, locale)] }}
    />
  );
}
const TABLE = { table: `${tables.cards} ${classes.table}`, number: classes.money ?? '', name: classes.name ?? '' };

const HAND_METHODS = ['cash', 'check', 'other'] as const;

function Dialogs({
  open,
  invoice,
  say,
  mayCorrect,
  onClose,
}: {
  open: NonNullable<Open>;
  invoice: Page;
  say: Say;
  mayCorrect: boolean;
  onClose: () => void;
}) {
  const { t, locale } = say;
  const deed = useBillingDeed<Page>();
  const undoing = useBillingDeed<Page>();
  const [method, setMethod] = useState<(typeof HAND_METHODS)[number]>('cash');
  const [note, setNote] = useState('');
  const { id, number, currency, openCents, processingCents } = invoice;
  const path = `/invoices/${id}`;
  const [attempt, setAttempt] = useState(open.attempt);
  /** What was refused is over: the next press is an attempt of its own. What may have been heard is asked for again. */
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) setAttempt(crypto.randomUUID());
  };
  const done = (message: string, undo?: () => void) => ({
    onSuccess: () => {
      tellDone(say, message, undo);
      onClose();
    },
  });
  /** What was entered by hand just now is taken back as such: a second entry, and both stay. */
  const undo = mayCorrect
    ? () =>
        void undoing
          .mutateAsync({
            path: `${path}/entries/${attempt}/reverse`,
            body: { attempt: crypto.randomUUID(), reason: t('billing.invoice.undone') },
          })
          .then(
            () => tellDone(say, t('billing.invoice.takenBack')),
            (error: Error) => tellRefused(say, refusalWords(say, error)),
          )
    : undefined;
  const dialog = { pending: deed.isPending, error: deed.error, onClose };
  switch (open.what) {
    case 'pay':
      return (
        <AmountDialog
          {...dialog}
          title={t('billing.invoice.takeTitle')}
          action={t('billing.invoice.take')}
          currency={currency}
          cents={openCents - processingCents}
          onAmount={(cents) =>
            deed.mutate(
              { path: `${path}/payments`, body: { attempt, cents, method, ...(note.trim() && { note: note.trim() }) } },
              done(t('billing.invoice.taken', { amount: formatCents(cents, currency, locale) }), undo),
            )
          }
        >
          <Select
            mt="sm"
            label={t('billing.invoice.method')}
            allowDeselect={false}
            value={method}
            onChange={(value) => setMethod(HAND_METHODS.find((known) => known === value) ?? 'cash')}
            data={HAND_METHODS.map((value) => ({ value, label: t(`billing.invoice.methods.${value}`) }))}
          />
          <TextInput
            mt="sm"
            label={t('billing.invoice.note')}
            description={t('billing.invoice.noteHint')}
            maxLength={120}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </AmountDialog>
      );
    case 'charge': {
      const { instrument, id: saved } = open.method;
      return (
        <AmountDialog
          {...dialog}
          title={t('billing.saved.chargeTitle', { instrument })}
          action={t('billing.saved.charge', { instrument })}
          currency={currency}
          cents={openCents - processingCents}
          onAmount={(cents) =>
            deed.mutate(
              { path: `${path}/charge`, body: { attempt, cents, method: saved } },
              {
                onError,
                onSuccess: (answer) => {
                  const came = answer.pending.find((one) => one.id === attempt)?.progress;
                  const words = came === 'failed' ? 'declined' : came ? 'onItsWay' : 'charged';
                  const message = t(`billing.saved.${words}`, { instrument, amount: formatCents(cents, currency, locale) });
                  (came === 'failed' ? tellRefused : tellDone)(say, message);
                  onClose();
                },
              },
            )
          }
        />
      );
    }
    case 'write-off':
      return (
        <AmountDialog
          {...dialog}
          title={t('billing.invoice.writeOffTitle')}
          action={t('billing.invoice.writeOff')}
          currency={currency}
          cents={openCents - processingCents}
          askReason
          onAmount={(cents, reason) =>
            deed.mutate(
              { path: `${path}/adjustments`, body: { attempt, cents, kind: 'write-off', reason } },
              done(t('billing.invoice.wroteOff', { amount: formatCents(cents, currency, locale) }), undo),
            )
          }
        />
      );
    case 'void':
      return (
        <WhyDialog
          {...dialog}
          danger
          title={t('billing.invoice.voidTitle')}
          what={t('billing.invoice.voidWhat')}
          action={t('billing.invoice.void')}
          onReason={(reason) =>
            deed.mutate({ path: `${path}/void`, body: { reason } }, done(t('billing.invoice.voidDone', { number })))
          }
        />
      );
    case 'refund':
      return (
        <AmountDialog
          {...dialog}
          title={t('billing.invoice.refundTitle')}
          action={t('billing.invoice.refund')}
          currency={currency}
          cents={Math.abs(open.entry.cents)}
          askReason
          onAmount={(cents, reason) =>
            deed.mutate(
              { path: `${path}/entries/${open.entry.id}/refund`, body: { attempt, cents, reason } },
              { ...done(t('billing.invoice.refunded', { amount: formatCents(cents, currency, locale) })), onError },
            )
          }
        />
      );
    case 'back':
      return (
        <WhyDialog
          {...dialog}
          title={t('billing.invoice.takeBackTitle')}
          action={t('billing.invoice.takeBack')}
          onReason={(reason) =>
            deed.mutate(
              { path: `${path}/entries/${open.entry.id}/reverse`, body: { attempt, reason } },
              done(t('billing.invoice.takenBack')),
            )
          }
        />
      );
  }
}
