import { Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { type ComponentProps, type FormEvent, type ReactNode, useState } from 'react';
import { Dialog as DialogFrame } from '../../components/Dialog.tsx';
import { refusalWords } from '../../components/notices.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { centsAsTyped, formatCents, typedCents } from '../../lib/money.ts';
import classes from './billing.module.css';

/** "5 Oct 2026, 14:20 (3 days ago)": the age beside the real date. */
export function ageOf(instant: string | undefined, { t, locale }: Say, nowMs = Date.now()): string {
  const at = formatMoment(instant, locale);
  if (!instant || !at) return t('common.notRecorded');
  const days = Math.floor((nowMs - Date.parse(instant)) / 86_400_000);
  return `${at} (${days < 1 ? t('billing.today') : t('billing.days', { count: days })})`;
}

/** An amount; what the clinic owes says so in a word. */
export function Cents({ cents, currency }: { cents: number; currency: string }) {
  const { t, locale } = useSay();
  return cents < 0
    ? t('billing.credit', { amount: formatCents(-cents, currency, locale) })
    : formatCents(cents, currency, locale);
}

export function DeedError({ error }: { error: Error | null }) {
  const say = useSay();
  if (!error) return null;
  return (
    <Text role="alert" className={classes.failed}>
      {refusalWords(say, error)}
    </Text>
  );
}

interface DialogProps {
  readonly title: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onClose: () => void;
}

/** A question with a way out and one answer. */
export function Dialog({
  title,
  action,
  danger = false,
  pending,
  error,
  onClose,
  onSubmit,
  children,
}: DialogProps & { onSubmit: () => void; children: ReactNode }) {
  const { t } = useSay();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <DialogFrame onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate>
        {children}
        <DeedError error={error} />
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('billing.cancel')}
          </Button>
          <Button type="submit" loading={pending} color={danger ? 'red' : undefined}>
            {action}
          </Button>
        </Group>
      </form>
    </DialogFrame>
  );
}

const SHORTEST = 3;

/** Asks why, in the words of billing. */
export function WhyDialog({
  label,
  ...dialog
}: Omit<ComponentProps<typeof ReasonDialog>, 'label' | 'hint' | 'short' | 'cancel' | 'most'> & { label?: string }) {
  const { t } = useSay();
  return (
    <ReasonDialog
      {...dialog}
      label={label ?? t('billing.reason')}
      hint={t('billing.reasonHint')}
      short={t('billing.reasonShort')}
      cancel={t('billing.cancel')}
      most={200}
    />
  );
}

interface AmountDialogProps extends DialogProps {
  readonly currency: string;
  /** What the field begins with, and the most that it may hold. */
  readonly cents: number;
  readonly askReason?: boolean;
  readonly onAmount: (cents: number, reason: string) => void;
  readonly children?: ReactNode;
}

/** Asks how much, and where it matters why. */
export function AmountDialog({ currency, cents, askReason = false, onAmount, children, ...dialog }: AmountDialogProps) {
  const { t } = useSay();
  const [text, setText] = useState(centsAsTyped(cents, currency));
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const typed = typedCents(text, currency);
  const goodAmount = typed !== undefined && typed > 0;
  const goodReason = !askReason || reason.trim().length >= SHORTEST;
  return (
    <Dialog
      {...dialog}
      onSubmit={() => {
        setAsked(true);
        if (goodAmount && goodReason) onAmount(typed, reason.trim());
      }}
    >
      <TextInput
        label={t('billing.invoice.amountIs')}
        required
        inputMode="decimal"
        rightSection={<span className={classes.quiet}>{currency}</span>}
        rightSectionWidth={56}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={asked && !goodAmount ? t('billing.bill.amountWrong', { example: centsAsTyped(110_05, currency) }) : undefined}
        data-autofocus
      />
      {children}
      {askReason && (
        <Textarea
          mt="sm"
          label={t('billing.reason')}
          description={t('billing.reasonHint')}
          required
          autosize
          minRows={2}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={asked && !goodReason ? t('billing.reasonShort') : undefined}
        />
      )}
    </Dialog>
  );
}
