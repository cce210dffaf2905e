import { IconChevronRight } from '@tabler/icons-react';
import type { Appointment, Observation } from 'fhir/r4';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { personName } from '../../../schemas/names.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { inOverview } from '../../lib/chart-query.ts';
import { anyCode } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { observedAt } from '../../lib/vital-signs.ts';
import { OpenBills } from './BillsPage.tsx';
import { useOwnChart } from './own-chart.ts';
import { PageTitle } from './parts.tsx';
import classes from './portal.module.css';
import { upcoming, VisitFacts } from './visits.tsx';

/** Three big things: the next visit, new results, what to pay. */
export function HomePage() {
  const { t, locale } = useSay();
  const { slug } = useTenant();
  const chart = useOwnChart();
  const name = chart.data && personName(chart.data.patient.name);
  const next = chart.data && upcoming(inOverview<Appointment>(chart.data, 'Appointment'), Date.now())[0];
  const results = (chart.data ? inOverview<Observation>(chart.data, 'Observation') : []).filter(({ category }) =>
    anyCode(category, 'laboratory'),
  );
  const newest = results.map(observedAt).toSorted(newestFirst)[0];
  const ofThatDay = results.filter((one) => observedAt(one)?.slice(0, 10) === newest?.slice(0, 10));
  const waiting = chart.isPending && <LoadingLines lines={2} height={24} label={t('portal.frame.opening')} />;
  if (chart.isLoadingError) return <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />;
  return (
    <>
      <PageTitle tab={t('portal.places.home')}>
        {name ? t('portal.home.hello', { name }) : t('portal.home.helloNobody')}
      </PageTitle>
      <div className={classes.cards}>
        <Card title={t('portal.home.nextVisit')} to={addresses.portal(slug, 'visits')} way={t('portal.home.seeVisits')}>
          {waiting || (next ? <VisitFacts appointment={next} /> : <p className={classes.fact}>{t('portal.home.noVisit')}</p>)}
        </Card>
        <Card title={t('portal.home.results')} to={addresses.portal(slug, 'records/results')} way={t('portal.home.seeResults')}>
          {waiting || (
            <p className={classes.fact}>
              {newest
                ? t('portal.home.resultsCount', { count: ofThatDay.length, date: formatDay(newest, locale) ?? '' })
                : t('portal.home.noResults')}
            </p>
          )}
        </Card>
        <Card title={t('portal.home.pay')} to={addresses.portal(slug, 'bills')} way={t('portal.home.seeBills')}>
          <OpenBills />
        </Card>
      </div>
      <Link to={addresses.portal(slug, 'records')} className={classes.row}>
        <span>
          <strong>{t('portal.home.more')}</strong>
          <br />
          <span className={classes.quiet}>{t('portal.home.moreNext')}</span>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
    </>
  );
}

function Card({ title, to, way, children }: { title: string; to: string; way: string; children: ReactNode }) {
  return (
    <section className={classes.card} aria-label={title}>
      <h2 className={classes.cardTitle}>{title}</h2>
      {children}
      <Link to={to} className={classes.way}>
        {way} <IconChevronRight size={20} aria-hidden />
      </Link>
    </section>
  );
}
