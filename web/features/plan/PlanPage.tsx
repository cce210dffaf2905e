import { Button, Checkbox, Radio, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import {
  ADD_ON_CENTS,
  ADD_ONS,
  type AddOn,
  ENCOUNTER_CENTS,
  estimate,
  FREE_LIMITS,
  PAID_PLANS,
  PATIENT_TIERS,
  type PaidPlan,
  type PlanAnswer,
  PROVIDER_CENTS,
  TRIAL_DAYS,
} from '../../../schemas/plans.ts';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { EncountersCounted } from './EncountersCounted.tsx';
import { money } from './money.ts';
import { Notice } from './Notice.tsx';
import classes from './plan.module.css';

/** What the clinic pays the platform: its plan, what is counted and who, the estimate, the invoices. */
export function PlanPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const [query] = useSearchParams();
  const plan = useQuery({ queryKey: [api.tenant, 'plan'], queryFn: ({ signal }) => api.get<PlanAnswer>('/plan', signal) });
  usePageTitle(t('settingsPages.sections.plan'));
  // Stripe tells us a moment after it has led the person back.
  const waits = query.get('checkout') === 'done' && (plan.data?.state === 'free' || plan.data?.state === 'canceled');
  const { refetch } = plan;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => void refetch(), 1_000);
    return () => clearInterval(timer);
  }, [waits, refetch]);
  return (
    <>
      <h1>{t('settingsPages.sections.plan')}</h1>
      {plan.isPending && (
        <LoadingLines lines={8} height={28} label={t('common.loading', { what: t('settingsPages.sections.plan') })} />
      )}
      {plan.isLoadingError && <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />}
      {waits && <Text role="status">{t('plan.waiting')}</Text>}
      {plan.data && !waits && <Plan plan={plan.data} />}
    </>
  );
}

function Plan({ plan }: { plan: PlanAnswer }) {
  const say = useSay();
  const { t } = say;
  const { may } = useTenant();
  const mayChange = may('Plan', 'update');
  return (
    <div className={classes.page}>
      <State plan={plan} />
      <Counted plan={plan} />
      {mayChange && <Choice plan={plan} key={`${plan.plan} ${plan.addOns.join(' ')}`} />}
      <Invoices plan={plan} mayOpen={mayChange} />
      <Text c="dimmed">{t('plan.noAds')}</Text>
    </div>
  );
}

function State({ plan }: { plan: PlanAnswer }) {
  const { t, locale } = useSay();
  const day = (at: string) => formatDay(at, locale) ?? at;
  return (
    <section aria-label={t('plan.state')}>
      <p className={classes.lead}>
        <strong>{t(`plan.plans.${plan.plan}.name`)}</strong>{' '}
        <span className={classes.badge}>{t(`plan.states.${plan.state}`)}</span>
      </p>
      {plan.trialEnds !== undefined && <Text>{t('plan.trialEnds', { date: day(plan.trialEnds) })}</Text>}
      {plan.nextInvoice && (
        <Text>
          {t('plan.nextInvoice', { date: day(plan.nextInvoice.at), sum: money(plan.nextInvoice.totalCents, locale.tag) })}
        </Text>
      )}
      {plan.endsWithPeriod && plan.periodEnds !== undefined && (
        <Text>{t('plan.endsWithPeriod', { date: day(plan.periodEnds) })}</Text>
      )}
      {plan.closesOnline !== undefined && (
        <Notice kind="attention" title={t('plan.overdue')}>
          {t('plan.overdueText', { date: day(plan.closesOnline) })}
        </Notice>
      )}
      {plan.passed.length > 0 && (
        <Notice kind="told" title={t('plan.passed')}>
          {t('plan.passedText', { ...FREE_LIMITS })}
        </Notice>
      )}
    </section>
  );
}

function Counted({ plan }: { plan: PlanAnswer }) {
  const say = useSay();
  const { t, locale } = say;
  const { counts, providers, month, estimate: sum } = plan;
  const monthName = new Intl.DateTimeFormat(locale.tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01`),
  );
  return (
    <section aria-labelledby="plan-counted">
      <h2 id="plan-counted">{t('plan.counted', { month: monthName })}</h2>
      <dl className={classes.counts}>
        <dt>{t('plan.lines.providers')}</dt>
        <dd>
          {counts.providers}
          <Text c="dimmed" size="sm">
            {providers.map(({ name }) => name).join(', ') || t('plan.noProviders')}
          </Text>
        </dd>
        <dt>{t('plan.lines.encounters')}</dt>
        <dd>{counts.encounters}</dd>
        <dt>{t('plan.lines.patients')}</dt>
        <dd>{counts.patients}</dd>
        <dt>{t('plan.estimate')}</dt>
        <dd>
          <strong>{money(sum.totalCents, locale.tag)}</strong>
          <Text c="dimmed" size="sm">
            {sum.lines
              .map(
                ({ what, quantity, amountCents }) => `${t(`plan.lines.${what}`)} ${quantity}: ${money(amountCents, locale.tag)}`,
              )
              .join(' · ') || t('plan.estimateFree')}
          </Text>
        </dd>
      </dl>
      <EncountersCounted month={month} />
    </section>
  );
}

const priceText = (plan: PaidPlan, { t, locale }: Say): string => {
  const sum = (cents: number) => money(cents, locale.tag);
  if (plan === 'practice') return t('plan.plans.practice.price', { sum: sum(PROVIDER_CENTS) });
  if (plan === 'visits') return t('plan.plans.visits.price', { sum: sum(ENCOUNTER_CENTS) });
  const [first = '', second = '', third = ''] = PATIENT_TIERS.map(({ cents }) => sum(cents));
  return t('plan.plans.volume.price', { first, second, third });
};

function Choice({ plan }: { plan: PlanAnswer }) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const queries = useQueryClient();
  const runs = !['free', 'canceled'].includes(plan.state);
  const [chosen, setChosen] = useState<PaidPlan>(PAID_PLANS.find((paid) => paid === plan.plan) ?? 'practice');
  const [addOns, setAddOns] = useState<readonly AddOn[]>(plan.addOns);
  const choose = useMutation({
    mutationFn: async () => {
      if (runs)
        return queries.setQueryData([api.tenant, 'plan'], await api.post<PlanAnswer>('/plan/change', { plan: chosen, addOns }));
      const { url } = await api.post<{ url: string }>('/plan/checkout', { plan: chosen, addOns });
      window.location.assign(url);
      return undefined;
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose.mutate();
  };
  const words = choose.error && errorWords(choose.error, say);
  const same = runs && chosen === plan.plan && addOns.toSorted().join() === plan.addOns.toSorted().join();
  const { totalCents } = estimate(chosen, addOns, plan.counts);
  return (
    <form onSubmit={submit} aria-labelledby="plan-choice" className={classes.choice}>
      <h2 id="plan-choice">{t(runs ? 'plan.change' : 'plan.choose')}</h2>
      <Radio.Group label={t('plan.by')} value={chosen} onChange={(value) => setChosen(value as PaidPlan)}>
        {PAID_PLANS.map((paid) => (
          <Radio key={paid} value={paid} label={t(`plan.plans.${paid}.name`)} description={priceText(paid, say)} mt="xs" />
        ))}
      </Radio.Group>
      <Checkbox.Group label={t('plan.addOns')} value={[...addOns]} onChange={(value) => setAddOns(value as AddOn[])}>
        {ADD_ONS.map((addOn) => (
          <Checkbox
            key={addOn}
            value={addOn}
            label={t(`plan.lines.${addOn}`)}
            description={t('plan.addOnPrice', { sum: money(ADD_ON_CENTS[addOn], locale.tag) })}
            mt="xs"
          />
        ))}
      </Checkbox.Group>
      <Text>{t('plan.wouldCost', { sum: money(totalCents, locale.tag) })}</Text>
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
      <Button type="submit" loading={choose.isPending} disabled={same}>
        {runs ? t('plan.changeNow') : plan.state === 'free' ? t('plan.startTrial', { count: TRIAL_DAYS }) : t('plan.subscribe')}
      </Button>
    </form>
  );
}

function Invoices({ plan, mayOpen }: { plan: PlanAnswer; mayOpen: boolean }) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const open = useMutation({
    mutationFn: async () => {
      const { url } = await api.post<{ url: string }>('/plan/portal', undefined);
      window.location.assign(url);
    },
  });
  const words = open.error && errorWords(open.error, say);
  return (
    <section aria-labelledby="plan-invoices">
      <h2 id="plan-invoices">{t('plan.invoices')}</h2>
      {plan.invoices.length === 0 ? (
        <Text c="dimmed">{t('plan.noInvoices')}</Text>
      ) : (
        <Table className={classes.invoices}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('plan.invoice')}</Table.Th>
              <Table.Th scope="col">{t('plan.date')}</Table.Th>
              <Table.Th scope="col">{t('plan.amount')}</Table.Th>
              <Table.Th scope="col">{t('plan.invoiceState')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plan.invoices.map(({ id, number, at, totalCents, state, url }) => (
              <Table.Tr key={id}>
                <Table.Td>{url ? <a href={url}>{number ?? t('plan.draft')}</a> : (number ?? t('plan.draft'))}</Table.Td>
                <Table.Td>{formatDay(at, locale)}</Table.Td>
                <Table.Td>{money(totalCents, locale.tag)}</Table.Td>
                <Table.Td>{t(`plan.invoiceStates.${state}`)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {mayOpen && plan.state !== 'free' && (
        <Button variant="default" mt="sm" loading={open.isPending} onClick={() => open.mutate()}>
          {t('plan.portal')}
        </Button>
      )}
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
    </section>
  );
}
