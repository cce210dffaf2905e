import { Button, Checkbox, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Coverage } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError, type Kept, matches } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { possibleDates, writesMonthFirst } from '../../lib/typed-date.ts';
import { dayIn } from '../../lib/wall-clock.ts';
import { History } from '../record/History.tsx';
import { useSave } from '../record/use-save.tsx';
import classes from './billing.module.css';
import {
  type CoverageField,
  holdsOn,
  inOrder,
  insurerOf,
  memberOf,
  NO_COVERAGE,
  RELATIONSHIPS,
  readCoverage,
  replacedBy,
  STATES,
  type TypedCoverage,
  typedOf,
} from './coverage-form.ts';
import { DeedError } from './parts.tsx';

/** Who pays for a patient and in which days, each with what was ever changed of it. */
export function CoverageSection({ patient }: { patient: string }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, may } = useTenant();
  const [edited, setEdited] = useState<Kept<Coverage> | 'new'>();
  const [shown, setShown] = useState<string>();
  const coverages = useQuery({
    queryKey: [...chartKeys.all(api, patient), 'coverage'],
    queryFn: async ({ signal }) =>
      matches(
        await api.search<Coverage>('Coverage', new URLSearchParams({ patient, _count: '100' }), signal),
      ) as readonly Kept<Coverage>[],
  });
  const today = dayIn(Date.now(), locale.timeZone);
  const writes = may('Coverage', 'update');
  return (
    <section aria-label={t('billing.coverage.title')}>
      <div className={classes.head}>
        <h2>{t('billing.coverage.title')}</h2>
        {writes && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={!coverages.data}
            onClick={() => setEdited('new')}
          >
            {t('billing.coverage.add')}
          </Button>
        )}
      </div>
      {coverages.isPending && (
        <LoadingLines lines={2} height={48} label={t('common.loading', { what: t('billing.coverage.title') })} />
      )}
      {coverages.isLoadingError && <ErrorState error={coverages.error} onRetry={() => void coverages.refetch()} />}
      {coverages.data?.length === 0 && <EmptyState title={t('billing.coverage.empty')} />}
      {inOrder(coverages.data ?? [], today).map((coverage) => (
        <article key={coverage.id} className={classes.message} aria-label={insurerOf(coverage)} data-coverage={coverage.id}>
          <Group justify="space-between" gap="xs">
            <strong className={coverage.status === 'entered-in-error' ? classes.off : undefined}>
              {insurerOf(coverage) ?? t('billing.coverage.unnamed')}
            </strong>
            <span className={holdsOn(coverage, today) ? classes.plain : classes.quiet}>{stateOf(coverage, today, t)}</span>
          </Group>
          <div className={classes.quiet}>
            {[
              t('billing.fees.span', {
                from: formatDay(coverage.period?.start, locale) ?? t('billing.coverage.always'),
                to: formatDay(coverage.period?.end, locale) ?? t('billing.coverage.open'),
              }),
              memberOf(coverage) && t('billing.coverage.memberIs', { member: memberOf(coverage) ?? '' }),
              (coverage.order ?? 1) > 1 && t('billing.coverage.orders.second'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
          <Group gap="xs" mt={4}>
            {writes && (
              <Button
                size="xs"
                variant="default"
                aria-label={t('billing.coverage.changeNamed', { insurer: insurerOf(coverage) ?? '' })}
                onClick={() => setEdited(coverage)}
              >
                {t('billing.coverage.change')}
              </Button>
            )}
            <Button
              size="xs"
              variant="subtle"
              aria-expanded={shown === coverage.id}
              onClick={() => setShown(shown === coverage.id ? undefined : coverage.id)}
            >
              {t('record.history')}
            </Button>
          </Group>
          {shown === coverage.id && <History patientId={patient} type="Coverage" id={coverage.id} />}
        </article>
      ))}
      {edited && coverages.data && (
        <CoverageDialog
          patient={patient}
          before={edited === 'new' ? undefined : edited}
          all={coverages.data}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}

function stateOf(coverage: Coverage, today: string, t: ReturnType<typeof useSay>['t']): string {
  if (coverage.status === 'cancelled' || coverage.status === 'entered-in-error')
    return t(`billing.coverage.states.${coverage.status}`);
  if (holdsOn(coverage, today)) return t('billing.coverage.states.active');
  return (coverage.period?.start ?? '').slice(0, 10) > today ? t('billing.coverage.later') : t('billing.coverage.ended');
}

interface DialogProps {
  readonly patient: string;
  readonly before: Kept<Coverage> | undefined;
  readonly all: readonly Kept<Coverage>[];
  readonly onClose: () => void;
}

function CoverageDialog({ patient, before, all, onClose }: DialogProps) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  const queries = useQueryClient();
  const save = useSave<Coverage>(patient);
  const [typed, setTyped] = useState<TypedCoverage>(() => (before ? typedOf(before) : NO_COVERAGE));
  const [asked, setAsked] = useState(false);
  const [ends, setEnds] = useState(true);
  const set = (change: Partial<TypedCoverage>) => {
    setTyped((was) => ({ ...was, ...change }));
    save.reset();
  };
  const monthFirst = writesMonthFirst(navigator.language);
  const { coverage, faults } = readCoverage(typed, { patient, monthFirst, before });
  const replaced = before || !coverage ? undefined : replacedBy(coverage, all);
  const refused =
    save.error instanceof ApiError
      ? save.error.issues.find(({ name }) => name === 'coverage-overlaps' || name === 'coverage-dates')
      : undefined;
  const overlaps =
    refused &&
    say.fault({
      ...refused,
      values: {
        ...refused.values,
        from: formatDay(refused.values?.from, locale) ?? t('billing.coverage.always'),
        to: formatDay(refused.values?.to, locale) ?? t('billing.coverage.open'),
      },
    });
  const fault = (field: CoverageField, text: string) => (asked && faults.has(field) ? text : undefined);
  const field = (name: CoverageField) => ({
    value: typed[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  const readAs = (text: string) => {
    const [day] = possibleDates(text, monthFirst);
    return day ? formatDay(day, locale) : undefined;
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setAsked(true);
    const form = event.currentTarget;
    if (!coverage) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    save.mutate(
      {
        resource: coverage,
        ...(replaced && ends && { beside: [replaced] }),
        done: t(before ? 'billing.coverage.changed' : 'billing.coverage.recorded'),
        undo: (written) => (before ? { ...before, meta: written.meta } : { ...written, status: 'entered-in-error' }),
      },
      {
        onSuccess: onClose,
        // Open charges follow in a moment: whatever billing shows is read again when it is opened.
        onSettled: () => queries.invalidateQueries({ queryKey: [slug, 'billing'] }),
      },
    );
  };
  return (
    <Dialog
      onClose={onClose}
      title={before ? t('billing.coverage.changeNamed', { insurer: insurerOf(before) ?? '' }) : t('billing.coverage.add')}
    >
      <form onSubmit={submit} noValidate className={classes.form}>
        <TextInput
          label={t('billing.coverage.insurer')}
          required
          maxLength={120}
          error={fault('insurer', t('billing.coverage.insurerWrong'))}
          data-autofocus
          {...field('insurer')}
        />
        <TextInput
          label={t('billing.coverage.member')}
          description={t('billing.coverage.memberHint')}
          required
          maxLength={60}
          error={fault('member', t('billing.coverage.memberWrong'))}
          {...field('member')}
        />
        <div className={classes.pair}>
          <NativeSelect
            label={t('billing.coverage.relationship')}
            value={typed.relationship}
            onChange={(event) => set({ relationship: event.currentTarget.value })}
            data={[...new Set([...RELATIONSHIPS, typed.relationship])].map((value) => ({
              value,
              label: RELATIONSHIPS.some((known) => known === value)
                ? t(`billing.coverage.relationships.${value as (typeof RELATIONSHIPS)[number]}`)
                : value,
            }))}
          />
          <NativeSelect
            label={t('billing.coverage.order')}
            value={typed.order}
            onChange={(event) => set({ order: event.currentTarget.value })}
            data={[
              { value: '1', label: t('billing.coverage.orders.first') },
              { value: '2', label: t('billing.coverage.orders.second') },
              ...(Number(typed.order) > 2 ? [typed.order] : []),
            ]}
          />
        </div>
        <div className={classes.pair}>
          <TextInput
            label={t('billing.coverage.from')}
            description={readAs(typed.from) ?? t('billing.coverage.fromHint')}
            required
            error={fault('from', t('billing.fees.fromWrong')) ?? overlaps}
            {...field('from')}
          />
          <TextInput
            label={t('billing.coverage.to')}
            description={readAs(typed.to) ?? t('billing.coverage.toHint')}
            error={fault('to', t('billing.coverage.toWrong'))}
            {...field('to')}
          />
        </div>
        {before && (
          <NativeSelect
            label={t('billing.state')}
            value={typed.status}
            onChange={(event) => set({ status: event.currentTarget.value })}
            data={STATES.map((value) => ({ value, label: t(`billing.coverage.choices.${value}`) }))}
          />
        )}
        {replaced && (
          <Checkbox
            checked={ends}
            onChange={(event) => setEnds(event.currentTarget.checked)}
            label={t('billing.coverage.ends', {
              insurer: insurerOf(replaced.before) ?? '',
              day: formatDay(replaced.after.period?.end, locale) ?? '',
            })}
          />
        )}
        <Text c="dimmed" size="sm">
          {t('billing.coverage.note')}
        </Text>
        {!overlaps && <DeedError error={save.error} />}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('billing.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('billing.coverage.save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
