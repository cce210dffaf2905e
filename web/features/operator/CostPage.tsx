import { Button, Text } from '@mantine/core';
import {
  type CostLine,
  dollarsOfUse,
  type InstallationCost,
  sumOf,
  VISIT_PARTS,
  VISITS,
  withoutFirewall,
} from '../../../schemas/cost.ts';
import { SumTable } from '../../components/SumTable.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import classes from './operator.module.css';
import { useClinics, useInstallationCost } from './queries.ts';

/** What the installation costs when nobody works, and what work costs: list prices, line by line. */
export function CostPage() {
  const { t } = useSay();
  const cost = useInstallationCost();
  usePageTitle(t('operator.cost.title'));
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('operator.cost.title')}</h1>
      {cost.isPending && <LoadingLines lines={10} height={32} label={t('common.loading', { what: t('operator.cost.title') })} />}
      {cost.isLoadingError && <ErrorState error={cost.error} onRetry={() => void cost.refetch()} />}
      {cost.data && <Bills cost={cost.data} />}
    </div>
  );
}

function Bills({ cost }: { cost: InstallationCost }) {
  const say = useSay();
  const { t, locale } = say;
  const of = (lines: readonly CostLine[]) => (cost.firewall ? lines : withoutFirewall(lines));
  const [idle, visits] = [of(cost.idle), of(cost.visits)];
  const others = cost.firewall ? withoutFirewall(cost.idle) : cost.idle;
  const parts = VISIT_PARTS.map((part) => t(`operator.cost.parts.${part}`, { count: cost.visit[part] }));
  return (
    <>
      <Text c="dimmed">{t('operator.cost.intro', { date: formatDay(cost.asOf, locale) ?? cost.asOf, region: cost.region })}</Text>
      <dl className={classes.sums}>
        <div>
          <dt>{t('operator.cost.idle')}</dt>
          <dd>{money(sumOf(idle), say)}</dd>
          <dd className={classes.aside}>
            {t(cost.firewall ? 'operator.cost.withoutFirewall' : 'operator.cost.withFirewall', {
              sum: money(sumOf(others), say),
            })}
          </dd>
        </div>
        <div>
          <dt>{t('operator.cost.visits')}</dt>
          <dd>{money(sumOf(visits), say)}</dd>
          <dd className={classes.aside}>{t('operator.cost.eachVisit', { sum: money(sumOf(visits) / VISITS, say, 5) })}</dd>
        </div>
      </dl>
      <ClinicsBill visits={visits} say={say} />
      <Bill title={t('operator.cost.idle')} note={t('operator.cost.idleNote')} lines={idle} say={say} />
      <Bill
        title={t('operator.cost.visits')}
        note={t('operator.cost.visitsNote', { parts: list(parts, say) })}
        lines={visits}
        say={say}
      />
    </>
  );
}

/** What each clinic's work costs in the present month. */
function ClinicsBill({ visits, say }: { visits: readonly CostLine[]; say: Say }) {
  const { t, locale } = say;
  const clinics = useClinics();
  const [first] = clinics.data?.pages ?? [];
  const all = clinics.data?.pages.flatMap((page) => page.clinics) ?? [];
  if (clinics.isPending)
    return <LoadingLines lines={3} height={28} label={t('common.loading', { what: t('operator.clinics.title') })} />;
  if (clinics.isLoadingError) return <ErrorState error={clinics.error} onRetry={() => void clinics.refetch()} />;
  if (!first || all.length === 0) return null;
  const month = new Intl.DateTimeFormat(locale.tag, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const title = t('operator.cost.clinics', { month: month.format(new Date(`${first.month}-01`)) });
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <Text c="dimmed" mb="xs">
        {t('operator.cost.clinicsNote')}
      </Text>
      <SumTable
        classes={TABLE}
        columns={[t('operator.cost.clinic'), t('operator.cost.finished'), t('operator.cost.dollars')]}
        rows={all.map(({ slug, name, usage }) => ({
          key: slug,
          name,
          numbers: [amount(usage.encountersFinished, say), little(dollarsOfUse(usage, visits), say)],
        }))}
        sum={{
          label: t('operator.cost.together'),
          numbers: [
            amount(sumOfNumbers(all.map(({ usage }) => usage.encountersFinished)), say),
            little(sumOfNumbers(all.map(({ usage }) => dollarsOfUse(usage, visits))), say),
          ],
        }}
      />
      {clinics.hasNextPage && (
        <Button variant="default" mt="xs" loading={clinics.isFetchingNextPage} onClick={() => void clinics.fetchNextPage()}>
          {t('operator.cost.moreClinics')}
        </Button>
      )}
    </section>
  );
}

function Bill({ title, note, lines, say }: { title: string; note: string; lines: readonly CostLine[]; say: Say }) {
  const { t } = say;
  return (
    <section aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <Text c="dimmed" mb="xs">
        {note}
      </Text>
      <SumTable
        classes={TABLE}
        columns={[t('operator.cost.what'), t('operator.cost.quantity'), t('operator.cost.dollars')]}
        rows={lines.map((line) => ({
          key: line.meter,
          name: t(`operator.cost.meters.${line.meter}`),
          numbers: [amount(line.quantity, say), priceOf(line, say)],
        }))}
        sum={{ label: t('operator.cost.together'), numbers: [money(sumOf(lines), say)] }}
      />
    </section>
  );
}

const TABLE = { table: `${tables.frame} ${classes.bill}`, number: classes.number ?? '' };
const sumOfNumbers = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** US dollars, as AWS writes its prices, in the reader's way of writing numbers. */
const money = (dollars: number, { locale }: Say, digits = 2): string =>
  new Intl.NumberFormat(locale.tag, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(dollars);

const amount = (quantity: number, { locale }: Say): string =>
  new Intl.NumberFormat(locale.tag, { maximumFractionDigits: quantity < 10 ? 2 : 0 }).format(quantity);

/** Never "0.00" for what costs a little. */
const little = (dollars: number, say: Say): string =>
  dollars > 0 && dollars < 0.005 ? `< ${money(0.01, say)}` : money(dollars, say);

/** "free" for what an allowance covers whole. */
function priceOf({ dollars, quantity, free }: CostLine, say: Say): string {
  if (free >= quantity) return say.t('operator.cost.free');
  return little(dollars, say);
}

const list = (parts: readonly string[], { language }: Say): string =>
  new Intl.ListFormat(language === 'en-XA' ? 'en' : language, { type: 'conjunction' }).format(parts);
