import { Button } from '@mantine/core';
import type { Appointment, Encounter } from 'fhir/r4';
import { useState } from 'react';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { inOverview } from '../../lib/chart-query.ts';
import { conceptText } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useOwnChart } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';
import { upcoming, VisitFacts } from './visits.tsx';

const SHOWN = 8;

/** What is coming up, and what was. */
export function VisitsPage() {
  const { t } = useSay();
  const chart = useOwnChart();
  const [all, setAll] = useState(false);
  const planned = chart.data ? upcoming(inOverview<Appointment>(chart.data, 'Appointment'), Date.now()) : [];
  const past = (chart.data ? inOverview<Encounter>(chart.data, 'Encounter') : [])
    .filter(({ status }) => status === 'finished')
    .toSorted((a, b) => newestFirst(a.period?.start, b.period?.start));
  return (
    <>
      <PageTitle>{t('portal.visits.title')}</PageTitle>
      {chart.isPending && <LoadingLines lines={5} height={48} label={t('portal.frame.opening')} />}
      {chart.isError && <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />}
      {chart.data && (
        <>
          <h2 className={classes.heading}>{t('portal.visits.upcoming')}</h2>
          {planned.length === 0 && <Quiet>{t('portal.visits.none')}</Quiet>}
          <ul className={classes.list}>
            {planned.map((appointment) => (
              <li key={appointment.id} className={classes.item}>
                <VisitFacts appointment={appointment} />
              </li>
            ))}
          </ul>
          <h2 className={classes.heading}>{t('portal.visits.past')}</h2>
          {past.length === 0 && <Quiet>{t('portal.visits.nonePast')}</Quiet>}
          <ul className={classes.list}>
            {past.slice(0, all ? undefined : SHOWN).map((visit) => (
              <PastVisit key={visit.id} visit={visit} />
            ))}
          </ul>
          {!all && past.length > SHOWN && (
            <Button className={classes.big} size="lg" variant="default" onClick={() => setAll(true)}>
              {t('portal.visits.showMore')}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function PastVisit({ visit }: { visit: Encounter }) {
  const { t, locale } = useSay();
  const who = visit.participant?.find(({ individual }) => individual?.display)?.individual?.display;
  return (
    <li className={classes.item}>
      <strong>{formatDay(visit.period?.start, locale) ?? t('common.undated')}</strong>
      <span>
        {[conceptText(visit.type?.[0]) ?? visit.class.display, who && t('portal.visits.with', { name: who })]
          .filter(Boolean)
          .join(' ')}
      </span>
    </li>
  );
}
