import { Anchor, Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { VisitBill, VisitCharge } from '../../../schemas/billing.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { centsAsTyped, formatCents, typedCents } from '../../lib/money.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { ageOf, Cents, DeedError, WhyDialog } from './parts.tsx';
import { useBillingDeed, useFees, useVisitBill } from './queries.ts';

type Open = { readonly what: 'edit' | 'remove'; readonly charge: VisitCharge } | { readonly what: 'free' | 'anyway' } | undefined;

/** A finished visit's charges: why each was proposed, what is in the way, and its invoice at the end. */
export function VisitPage() {
  const say = useSay();
  const { t } = say;
  const { visit = '' } = useParams();
  const { slug } = useTenant();
  const bill = useVisitBill(visit);
  usePageTitle(t('billing.bill.title'));
  return (
    <>
      <Anchor component={Link} to={addresses.billing(slug, 'unbilled')}>
        {t('billing.bill.back')}
      </Anchor>
      {bill.isPending && <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('billing.bill.title') })} />}
      {bill.isLoadingError && <ErrorState error={bill.error} onRetry={() => void bill.refetch()} />}
      {bill.data && <Bill bill={bill.data} say={say} />}
    </>
  );
}

function Bill({ bill, say }: { bill: VisitBill; say: Say }) {
  const { t } = say;
  const { slug } = useTenant();
  const navigate = useNavigate();
  const deed = useBillingDeed<{ id: string }>();
  const [open, setOpen] = useState<Open>();
  // One intention, one attempt: made with the page, the same for every press of the button.
  const [attempt] = useState(() => crypto.randomUUID());
  const path = `/visits/${bill.encounter}`;
  const isBilled = bill.charges.some(({ status }) => status === 'billed');
  const waits = bill.charges.filter(({ status }) => status === 'planned' || status === 'billable');
  const lines = waits.filter(({ placeholder }) => !placeholder);
  const close = () => {
    setOpen(undefined);
    deed.reset();
  };
  const tell = (message: string) => () => {
    tellDone(say, message);
    close();
  };
  const toInvoice = (anyway?: string) =>
    deed.mutate(
      { path: `${path}/invoice`, body: { attempt, ...(anyway && { anyway }) } },
      { onSuccess: ({ id }) => void navigate(addresses.invoice(slug, id)) },
    );
  return (
    <>
      <div className={classes.head}>
        <h1>
          {bill.patient ? (
            <Link to={addresses.patientBilling(slug, bill.patient)}>{bill.patientName ?? t('billing.nobody')}</Link>
          ) : (
            t('billing.nobody')
          )}
        </h1>
      </div>
      <p className={classes.facts}>
        <span>
          {bill.practitioner
            ? t('billing.with', { what: bill.visitType ?? t('billing.noVisitType'), who: bill.practitioner })
            : (bill.visitType ?? t('billing.noVisitType'))}
        </span>
        <span>{ageOf(bill.started, say)}</span>
        <span>
          {bill.ratedAs === 'self-pay'
            ? t('billing.bill.selfPay')
            : bill.insurer
              ? t('billing.bill.covered', { insurer: bill.insurer })
              : t('billing.bill.coveredUnnamed')}
        </span>
      </p>
      {bill.blocks.length > 0 && (
        <div className={classes.notice} role="status">
          <strong>{t('billing.unbilled.states.blocked')}</strong>
          {bill.blocks.map((block) => (
            <div key={block}>{t(`billing.blocks.${block}`)}</div>
          ))}
        </div>
      )}
      {isBilled && (
        <p className={classes.facts}>
          <strong>{t('billing.bill.isBilled')}</strong>
          {bill.invoice && <Link to={addresses.invoice(slug, bill.invoice)}>{t('billing.bill.toInvoice')}</Link>}
        </p>
      )}
      {!isBilled && waits.length === 0 && <p className={classes.facts}>{t('billing.bill.isFree')}</p>}
      <Charges bill={bill} say={say} locked={isBilled} onOpen={setOpen} />
      {!isBilled && waits.length > 0 && (
        <>
          {lines.length === 0 && <Text mt="sm">{t('billing.bill.nothing')}</Text>}
          <AddCharge path={path} bill={bill} deed={deed} />
          {!open && <DeedError error={deed.error} />}
          <Group mt="md">
            <Button
              loading={deed.isPending}
              disabled={lines.length === 0}
              onClick={() => (bill.blocks.length > 0 ? setOpen({ what: 'anyway' }) : toInvoice())}
            >
              {t('billing.bill.invoice')}
            </Button>
            {lines.some(({ status }) => status === 'planned') && (
              <Button
                variant="default"
                onClick={() => deed.mutate({ path: `${path}/accept` }, { onSuccess: tell(t('billing.bill.accepted')) })}
              >
                {t('billing.bill.accept')}
              </Button>
            )}
            <Button
              variant="default"
              onClick={() => deed.mutate({ path: `${path}/check` }, { onSuccess: tell(t('billing.bill.checked')) })}
            >
              {t('billing.bill.check')}
            </Button>
            <Button variant="subtle" onClick={() => setOpen({ what: 'free' })}>
              {t('billing.bill.free')}
            </Button>
          </Group>
        </>
      )}
      {open?.what === 'edit' && <EditDialog charge={open.charge} bill={bill} deed={deed} onClose={close} />}
      {open?.what === 'remove' && (
        <WhyDialog
          title={t('billing.bill.removeTitle', { what: open.charge.text })}
          action={t('billing.bill.remove')}
          pending={deed.isPending}
          error={deed.error}
          onClose={close}
          onReason={(reason) =>
            deed.mutate({ path: `${path}/charges/${open.charge.id}/remove`, body: { reason } }, { onSuccess: close })
          }
        />
      )}
      {open?.what === 'free' && (
        <WhyDialog
          title={t('billing.bill.freeTitle')}
          action={t('billing.bill.free')}
          pending={deed.isPending}
          error={deed.error}
          onClose={close}
          onReason={(reason) =>
            deed.mutate({ path: `${path}/free`, body: { reason } }, { onSuccess: tell(t('billing.bill.freeDone')) })
          }
        />
      )}
      {open?.what === 'anyway' && (
        <WhyDialog
          title={t('billing.bill.anywayTitle')}
          what={bill.blocks.map((block) => t(`billing.blocks.${block}`)).join(' ')}
          label={t('billing.bill.anyway')}
          action={t('billing.bill.invoice')}
          pending={deed.isPending}
          error={deed.error}
          onClose={close}
          onReason={toInvoice}
        />
      )}
    </>
  );
}

function Charges({ bill, say, locked, onOpen }: { bill: VisitBill; say: Say; locked: boolean; onOpen: (open: Open) => void }) {
  const { t, locale } = say;
  const shown = bill.charges.filter(({ placeholder }) => !placeholder);
  if (shown.length === 0) return null;
  return (
    <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.bill.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('billing.bill.charge')}</Table.Th>
          <Table.Th scope="col">{t('billing.bill.why')}</Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.bill.quantity')}
          </Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.bill.unit')}
          </Table.Th>
          <Table.Th scope="col" className={classes.money}>
            {t('billing.bill.total')}
          </Table.Th>
          {!locked && <Table.Th scope="col">{t('billing.actions')}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {shown.map((charge) => {
          const off = charge.status === 'not-billable';
          return (
            <Table.Tr key={charge.id}>
              <Table.Th scope="row" className={classes.name}>
                <span className={off ? classes.off : undefined}>{charge.text}</span>
                <span className={classes.why}>{charge.code}</span>
              </Table.Th>
              <Table.Td data-column={t('billing.bill.why')}>
                {whyOf(charge, say)}
                {charge.overridden && (
                  <span className={classes.why}>
                    {t(off ? 'billing.bill.takenOff' : 'billing.bill.byHand', { reason: charge.overridden })}
                  </span>
                )}
              </Table.Td>
              <Table.Td data-column={t('billing.bill.quantity')} className={classes.money}>
                {charge.quantity}
              </Table.Td>
              <Table.Td data-column={t('billing.bill.unit')} className={classes.money}>
                {formatCents(charge.unitCents, bill.currency, locale)}
              </Table.Td>
              <Table.Td data-column={t('billing.bill.total')} className={classes.money}>
                <span className={off ? classes.off : undefined}>{formatCents(charge.totalCents, bill.currency, locale)}</span>
              </Table.Td>
              {!locked && (
                <Table.Td>
                  {!off && (
                    <Group gap="xs" wrap="nowrap">
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t('billing.bill.editNamed', { what: charge.text })}
                        onClick={() => onOpen({ what: 'edit', charge })}
                      >
                        {t('billing.bill.edit')}
                      </Button>
                      <Button
                        size="xs"
                        variant="subtle"
                        aria-label={t('billing.bill.removeNamed', { what: charge.text })}
                        onClick={() => onOpen({ what: 'remove', charge })}
                      >
                        {t('billing.bill.remove')}
                      </Button>
                    </Group>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row" colSpan={4}>
            {t('billing.bill.total')}
          </Table.Th>
          <Table.Td className={classes.money}>
            <Cents cents={bill.totalCents} currency={bill.currency} />
          </Table.Td>
          {!locked && <Table.Td />}
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

function whyOf({ why }: VisitCharge, { t, locale }: Say): string {
  const words = why.map(({ reason, value = '' }) =>
    reason === 'added' && value ? t('billing.reasons.addedBy', { value }) : t(`billing.reasons.${reason}`, { value }),
  );
  return new Intl.ListFormat(locale.tag, { type: 'conjunction' }).format(words);
}

type Deed = ReturnType<typeof useBillingDeed<{ id: string }>>;

function AddCharge({ path, bill, deed }: { path: string; bill: VisitBill; deed: Deed }) {
  const { t, locale } = useSay();
  const fees = useFees();
  const [fee, setFee] = useState<string | null>(null);
  const day = (bill.started ?? '').slice(0, 10);
  const inForce = (fees.data?.fees ?? []).filter(
    ({ from, to }) => day === '' || (from <= day && (to === undefined || day <= to)),
  );
  return (
    <div className={classes.bar}>
      <Select
        label={t('billing.bill.add')}
        placeholder={t('billing.bill.chooseFee')}
        searchable
        value={fee}
        onChange={setFee}
        w={360}
        maw="100%"
        data={inForce.map(({ id, code, title, coveredCents, selfPayCents }) => ({
          value: id,
          label: `${title} (${code}), ${formatCents(bill.ratedAs === 'covered' ? coveredCents : selfPayCents, bill.currency, locale)}`,
        }))}
      />
      <Button
        variant="default"
        disabled={!fee}
        loading={deed.isPending}
        onClick={() =>
          fee && deed.mutate({ path: `${path}/charges`, body: { fee, quantity: 1 } }, { onSuccess: () => setFee(null) })
        }
      >
        {t('billing.bill.addIt')}
      </Button>
    </div>
  );
}

function EditDialog({ charge, bill, deed, onClose }: { charge: VisitCharge; bill: VisitBill; deed: Deed; onClose: () => void }) {
  const { t } = useSay();
  const [quantity, setQuantity] = useState(String(charge.quantity));
  const [price, setPrice] = useState(charge.overridden ? centsAsTyped(charge.totalCents, bill.currency) : '');
  const [reason, setReason] = useState(charge.overridden ?? '');
  const [asked, setAsked] = useState(false);
  const goodQuantity = /^[1-9]\d?$/.test(quantity.trim());
  const typed = price.trim() === '' ? undefined : typedCents(price, bill.currency);
  const goodPrice = price.trim() === '' || typed !== undefined;
  const goodReason = typed === undefined || reason.trim().length >= 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!goodQuantity || !goodPrice || !goodReason) return;
    const body = {
      version: charge.version,
      quantity: Number(quantity),
      ...(typed !== undefined && { totalCents: typed, reason: reason.trim() }),
    };
    deed.mutate({ path: `/visits/${bill.encounter}/charges/${charge.id}`, body, method: 'put' }, { onSuccess: onClose });
  };
  return (
    <Dialog onClose={onClose} title={t('billing.bill.editTitle', { what: charge.text })}>
      <form onSubmit={submit} noValidate>
        <TextInput
          label={t('billing.bill.quantity')}
          inputMode="numeric"
          maxLength={2}
          value={quantity}
          onChange={(event) => setQuantity(event.currentTarget.value)}
          error={asked && !goodQuantity ? t('billing.bill.quantityWrong') : undefined}
          data-autofocus
        />
        <TextInput
          mt="sm"
          label={t('billing.bill.price')}
          description={t('billing.bill.priceHint')}
          inputMode="decimal"
          rightSection={<span className={classes.quiet}>{bill.currency}</span>}
          rightSectionWidth={56}
          value={price}
          onChange={(event) => setPrice(event.currentTarget.value)}
          error={
            asked && !goodPrice ? t('billing.bill.amountWrong', { example: centsAsTyped(110_05, bill.currency) }) : undefined
          }
        />
        {price.trim() !== '' && (
          <TextInput
            mt="sm"
            label={t('billing.reason')}
            description={t('billing.reasonHint')}
            required
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={asked && !goodReason ? t('billing.reasonShort') : undefined}
          />
        )}
        <DeedError error={deed.error} />
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('billing.cancel')}
          </Button>
          <Button type="submit" loading={deed.isPending}>
            {t('billing.bill.save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
