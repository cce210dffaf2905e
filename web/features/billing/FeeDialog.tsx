import { Button, Group, MultiSelect, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Fee, FeesPage as Schedule } from '../../../schemas/billing.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import { formatDay } from '../../lib/dates.ts';
import { centsAsTyped } from '../../lib/money.ts';
import { possibleDates, writesMonthFirst } from '../../lib/typed-date.ts';
import classes from './billing.module.css';
import { NO_FEE, NO_RULE, nextOf, readFee, type TypedFee, type TypedRule } from './fee-form.ts';
import { DeedError } from './parts.tsx';
import { useBillingDeed } from './queries.ts';

/** A new fee, or the next price of one: with its first day, its two prices and what it is proposed for. */
export function FeeDialog({ schedule, fee, onClose }: { schedule: Schedule; fee: Fee | undefined; onClose: () => void }) {
  const say = useSay();
  const { t, locale } = say;
  const { currency } = schedule;
  const deed = useBillingDeed<{ waiting: number }>();
  const [typed, setTyped] = useState<TypedFee>(() => (fee ? nextOf(fee) : NO_FEE));
  const [asked, setAsked] = useState(false);
  const set = (change: Partial<TypedFee>) => {
    setTyped((before) => ({ ...before, ...change }));
    deed.reset();
  };
  /** Of the rules, by their place: what is open in one rule's fields does not pass to the next when the one before it goes. */
  const [ruleKeys, setRuleKeys] = useState(() => typed.rules.map(() => crypto.randomUUID()));
  const addRule = () => {
    set({ rules: [...typed.rules, NO_RULE] });
    setRuleKeys([...ruleKeys, crypto.randomUUID()]);
  };
  const removeRule = (at: number) => {
    set({ rules: typed.rules.filter((_, place) => place !== at) });
    setRuleKeys(ruleKeys.filter((_, place) => place !== at));
  };
  const setRule = (at: number, change: Partial<TypedRule>) =>
    set({ rules: typed.rules.map((rule, place) => (place === at ? { ...rule, ...change } : rule)) });
  const monthFirst = writesMonthFirst(navigator.language);
  const read = readFee(typed, { currency, monthFirst });
  const taken = fee ? undefined : schedule.fees.find(({ code }) => code === typed.code.trim());
  const [day] = possibleDates(typed.from, monthFirst);
  const fault = (field: 'code' | 'title' | 'from' | 'covered' | 'selfPay', text: string) =>
    asked && read.faults.fields.has(field) ? text : undefined;
  const amountWrong = t('billing.bill.amountWrong', { example: centsAsTyped(110_05, currency) });
  const refused = deed.error instanceof ApiError ? deed.error.issues.find(({ name }) => name === 'fee-dates') : undefined;
  const tooEarly =
    refused && say.fault({ ...refused, values: { from: formatDay(refused.values?.from, locale) ?? refused.values?.from ?? '' } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!read.fee || taken) return focusFirstFault(event.currentTarget as HTMLFormElement);
    const { title } = read.fee;
    deed.mutate(
      { path: '/fees', body: read.fee },
      {
        onSuccess: ({ waiting }) => {
          const anew = waiting > 0 ? ` ${t('billing.fees.repriced', { count: waiting })}` : '';
          tellDone(say, `${t('billing.fees.saved', { title })}${anew}`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog size="lg" onClose={onClose} title={fee ? t('billing.fees.changeNamed', { title: fee.title }) : t('billing.fees.add')}>
      <form onSubmit={submit} noValidate className={classes.form}>
        <TextInput
          label={t('billing.fees.name')}
          required
          maxLength={120}
          value={typed.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          error={fault('title', t('billing.fees.nameWrong'))}
          data-autofocus={fee ? undefined : true}
        />
        {!fee && (
          <div className={classes.pair}>
            <NativeSelect
              label={t('billing.fees.kind')}
              value={typed.system}
              onChange={(event) => set({ system: event.currentTarget.value as TypedFee['system'] })}
              data={(['own', 'hcpcs'] as const).map((value) => ({ value, label: t(`billing.fees.kinds.${value}`) }))}
            />
            <TextInput
              label={t('billing.fees.code')}
              description={t('billing.fees.codeHint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              required
              maxLength={40}
              autoComplete="off"
              value={typed.code}
              onChange={(event) => set({ code: event.currentTarget.value })}
              error={
                asked && taken ? t('billing.fees.codeTaken', { title: taken.title }) : fault('code', t('billing.fees.codeWrong'))
              }
            />
          </div>
        )}
        <TextInput
          label={t('billing.fees.from')}
          description={day ? formatDay(day, locale) : t('billing.fees.fromHint')}
          required
          autoComplete="off"
          value={typed.from}
          onChange={(event) => set({ from: event.currentTarget.value })}
          error={fault('from', t('billing.fees.fromWrong')) ?? tooEarly}
          data-autofocus={fee ? true : undefined}
        />
        <div className={classes.pair}>
          <TextInput
            label={t('billing.fees.covered')}
            required
            inputMode="decimal"
            rightSection={<span className={classes.quiet}>{currency}</span>}
            rightSectionWidth={56}
            value={typed.covered}
            onChange={(event) => set({ covered: event.currentTarget.value })}
            error={fault('covered', amountWrong)}
          />
          <TextInput
            label={t('billing.fees.selfPay')}
            description={t('billing.fees.selfPayHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="decimal"
            rightSection={<span className={classes.quiet}>{currency}</span>}
            rightSectionWidth={56}
            value={typed.selfPay}
            onChange={(event) => set({ selfPay: event.currentTarget.value })}
            error={fault('selfPay', amountWrong)}
          />
        </div>
        <h2>{t('billing.fees.rules')}</h2>
        <Text c="dimmed" size="sm">
          {t('billing.fees.rulesHint')}
        </Text>
        {typed.rules.map((rule, at) => (
          <RuleFields
            key={ruleKeys[at]}
            number={at + 1}
            rule={rule}
            schedule={schedule}
            fault={asked ? read.faults.rules.get(at) : undefined}
            onChange={(change) => setRule(at, change)}
            onRemove={() => removeRule(at)}
          />
        ))}
        {typed.rules.length < MOST_RULES && (
          <Button variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} onClick={addRule}>
            {t('billing.fees.addRule')}
          </Button>
        )}
        {!tooEarly && <DeedError error={deed.error} />}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('billing.cancel')}
          </Button>
          <Button type="submit" loading={deed.isPending}>
            {t('billing.fees.save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

/** As the API takes them (SetFee). */
const MOST_RULES = 10;

/** Once the faults are drawn. */
const focusFirstFault = (form: HTMLFormElement): void => {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
};

interface RuleProps {
  readonly number: number;
  readonly rule: TypedRule;
  readonly schedule: Schedule;
  readonly fault: 'empty' | 'minutes' | undefined;
  readonly onChange: (change: Partial<TypedRule>) => void;
  readonly onRemove: () => void;
}

function RuleFields({ number, rule, schedule, fault, onChange, onRemove }: RuleProps) {
  const { t } = useSay();
  const known = schedule.visitTypes.map(({ code, name }) => ({ value: code, label: name }));
  // A type that the clinic no longer has stays to be seen, and to be taken out.
  const gone = rule.visitTypes.filter((code) => !known.some(({ value }) => value === code));
  const minutes = fault === 'minutes' ? t('billing.fees.minutesWrong') : undefined;
  return (
    <fieldset className={classes.rule}>
      <legend>{t('billing.fees.rule', { number })}</legend>
      <MultiSelect
        label={t('billing.fees.visitTypes')}
        placeholder={rule.visitTypes.length === 0 ? t('billing.fees.anyVisitType') : undefined}
        data={[...known, ...gone.map((code) => ({ value: code, label: code }))]}
        value={[...rule.visitTypes]}
        onChange={(visitTypes) => onChange({ visitTypes })}
        error={fault === 'empty' ? t('billing.fees.ruleWrong') : undefined}
      />
      <NativeSelect
        label={t('billing.fees.who')}
        value={rule.patient}
        onChange={(event) => onChange({ patient: event.currentTarget.value as TypedRule['patient'] })}
        data={[
          { value: '', label: t('billing.fees.anyPatient') },
          ...(['new', 'established'] as const).map((value) => ({ value, label: t(`billing.fees.patients.${value}`) })),
        ]}
      />
      <div className={classes.pair}>
        <TextInput
          label={t('billing.fees.minMinutes')}
          inputMode="numeric"
          maxLength={4}
          value={rule.minMinutes}
          onChange={(event) => onChange({ minMinutes: event.currentTarget.value })}
          error={minutes}
        />
        <TextInput
          label={t('billing.fees.maxMinutes')}
          inputMode="numeric"
          maxLength={4}
          value={rule.maxMinutes}
          onChange={(event) => onChange({ maxMinutes: event.currentTarget.value })}
          error={minutes !== undefined}
        />
      </div>
      <TextInput
        label={t('billing.fees.performed')}
        description={t('billing.fees.performedHint')}
        autoComplete="off"
        value={rule.performed}
        onChange={(event) => onChange({ performed: event.currentTarget.value })}
      />
      <Button size="xs" variant="subtle" onClick={onRemove}>
        {t('billing.fees.removeRule', { number })}
      </Button>
    </fieldset>
  );
}
