import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Appointment, Encounter } from 'fhir/r4';
import { useState } from 'react';
import { Link } from 'react-router';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { inOverview } from '../../lib/chart-query.ts';
import { conceptText } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { isClosed, useVisitTypes } from './online.ts';
import { useOwnChart, useOwnChartChanged } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';
import { upcoming, VisitFacts } from './visits.tsx';

const SHOWN = 8;

/** What is coming up, and what was. */
export function VisitsPage() {
  const { t } = useSay();
  const chart = useOwnChart();
  const { slug } = useTenant();
  const types = useVisitTypes();
  const canBook = (types.data?.length ?? 0) > 0;
  const [all, setAll] = useState(false);
  const planned = chart.data ? upcoming(inOverview<Appointment>(chart.data, 'Appointment'), Date.now()) : [];
  const past = (chart.data ? inOverview<Encounter>(chart.data, 'Encounter') : [])
    .filter(({ status }) => status === 'finished')
    .toSorted((a, b) => newestFirst(a.period?.start, b.period?.start));
  return (
    <>
      <PageTitle>{t('portal.visits.title')}</PageTitle>
      {chart.isPending && <LoadingLines lines={5} height={48} label={t('portal.frame.opening')} />}
      {chart.isLoadingError && <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />}
      {chart.data && (
        <>
          <h2 className={classes.heading}>{t('portal.visits.upcoming')}</h2>
          {planned.length === 0 && <Quiet>{t('portal.visits.none')}</Quiet>}
          <ul className={classes.list}>
            {planned.map((appointment) => (
              <li key={appointment.id} className={classes.item}>
                <VisitFacts appointment={appointment} />
                {(appointment.status === 'booked' || appointment.status === 'pending') && (
                  <CancelVisit appointment={appointment} />
                )}
              </li>
            ))}
          </ul>
          {canBook && (
            <Button component={Link} to={addresses.portal(slug, 'visits/book')} className={classes.big} size="lg">
              {t('portal.book.open')}
            </Button>
          )}
          {isClosed(types.error) && <Quiet>{t('portal.book.closed')}</Quiet>}
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

/** Asked once more before it is done: the time may be somebody else's a moment later. */
function CancelVisit({ appointment }: { appointment: Appointment }) {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const chartChanged = useOwnChartChanged();
  const [asked, setAsked] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.post<Appointment>(`/portal/visits/${appointment.id}/cancel`, undefined),
    onSettled: chartChanged,
  });
  const words = cancel.error && errorWords(cancel.error, say);
  const said =
    cancel.error instanceof ApiError && cancel.error.status === 409 ? cancel.error.issues.map(say.fault).join(' ') : '';
  if (!asked)
    return (
      <Button className={classes.big} variant="default" onClick={() => setAsked(true)}>
        {t('portal.visits.cancel')}
      </Button>
    );
  return (
    <fieldset className={classes.choices}>
      <legend>{t('portal.visits.cancelSure')}</legend>
      {words && (
        <p className={classes.notice} role="alert">
          {said || `${words.title} ${words.next}`}
        </p>
      )}
      <Button className={classes.big} color="red" loading={cancel.isPending} onClick={() => cancel.mutate()} autoFocus>
        {t('portal.visits.cancelNow')}
      </Button>
      <Button className={classes.big} variant="default" onClick={() => setAsked(false)}>
        {t('portal.visits.keep')}
      </Button>
    </fieldset>
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
