import { Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import type { Appointment, Bundle, Observation, Patient } from 'fhir/r4';
import { Link } from 'react-router';
import { ageText } from '../../components/PatientLine.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { matches } from '../../lib/api.ts';
import { conceptText } from '../../lib/concept.ts';
import { dayBounds } from '../../lib/day-bounds.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { dayIn } from '../../lib/wall-clock.ts';
import { Card } from './Card.tsx';
import classes from './today.module.css';

/** Whose visits a card shows: one's own, everybody's, or of those who are here and wait for their vital signs. */
export type VisitsOf = 'my-visits' | 'visits' | 'rooming';

const SHOWN = 12;
/** Cancelled and missed visits are the calendar's. */
const HAPPENING: readonly Appointment['status'][] = ['booked', 'pending', 'arrived', 'checked-in', 'fulfilled'];
const HERE: readonly Appointment['status'][] = ['arrived', 'checked-in'];

interface Visit {
  readonly appointment: Appointment;
  readonly patient: Patient | undefined;
}

/** The clinic's day, whatever its clocks do that night. */
function useVisits(of: VisitsOf) {
  const { locale } = useSay();
  const { api, me } = useTenant();
  const today = dayIn(Date.now(), locale.timeZone);
  const practitioner = of === 'my-visits' ? me?.reference?.split('/')[1] : undefined;
  return useQuery({
    queryKey: [api.tenant, 'today', 'visits', today, practitioner ?? ''],
    refetchInterval: 60_000, // ms
    queryFn: async ({ signal }): Promise<{ visits: readonly Visit[]; more: boolean }> => {
      const bounds = dayBounds(today, locale.timeZone);
      if (!bounds) throw new Error('Today is a day.');
      const asked = new URLSearchParams([
        ['date', `ge${bounds.from}`],
        ['date', `lt${bounds.to}`],
        ['_include', 'Appointment:patient'],
        ['_count', '200'],
        ...(practitioner ? [['practitioner', practitioner] as [string, string]] : []),
      ]);
      const bundle: Bundle<Appointment> = await api.search('Appointment', asked, signal);
      const patients = new Map<string, Patient>(
        (bundle.entry ?? []).flatMap(({ resource }) => {
          const included = resource as unknown as Patient | undefined;
          return included?.resourceType === 'Patient' ? [[`Patient/${included.id}`, included] as const] : [];
        }),
      );
      const visits = matches(bundle)
        .filter(({ status }) => HAPPENING.includes(status))
        .map((appointment) => ({
          appointment,
          patient: patients.get(
            appointment.participant.find(({ actor }) => actor?.reference?.startsWith('Patient/'))?.actor?.reference ?? '',
          ),
        }))
        .toSorted((one, other) => (one.appointment.start ?? '').localeCompare(other.appointment.start ?? ''));
      return { visits, more: bundle.link?.some(({ relation }) => relation === 'next') ?? false };
    },
  });
}

export function VisitsCard({ of }: { of: VisitsOf }) {
  const { t } = useSay();
  const { slug, may } = useTenant();
  const { data, isPending, error, refetch } = useVisits(of);
  const here = (data?.visits ?? []).filter(({ appointment }) => HERE.includes(appointment.status));
  const waiting = useWithoutVitals(of === 'rooming' ? here : []);
  const shown = of === 'rooming' ? here.filter(({ patient }) => waiting.has(patient?.id ?? '')) : (data?.visits ?? []);
  const count = data && (data.more ? t('places.moreThan', { count: shown.length }) : String(shown.length));
  return (
    <Card
      title={t(`today.cards.${of}`)}
      count={count}
      {...(may('Appointment', 'search') && { to: addresses.calendar(slug), toText: t('today.calendar') })}
    >
      {isPending && <LoadingLines lines={4} label={t('common.loading', { what: t(`today.cards.${of}`) })} />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && shown.length === 0 && <Text c="dimmed">{t(`today.none.${of}`)}</Text>}
      {data && of === 'visits' && data.visits.length > 0 && (
        <p className={classes.quiet}>{t('today.arrived', { count: here.length, of: data.visits.length })}</p>
      )}
      <ul className={classes.lines}>
        {shown.slice(0, SHOWN).map((visit) => (
          <VisitLine key={visit.appointment.id} {...visit} />
        ))}
      </ul>
    </Card>
  );
}

const isKnown = (status: string): status is 'booked' | 'pending' | 'arrived' | 'checked-in' | 'fulfilled' =>
  (HAPPENING as readonly string[]).includes(status);

function VisitLine({ appointment, patient }: Visit) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  const summary = patient && summarisePatient(patient, Date.now(), locale.timeZone);
  const { status, start } = appointment;
  return (
    <li className={classes.visit}>
      <span className={classes.time}>{hourOf(start, say)}</span>
      <span>
        {summary ? (
          <Link to={addresses.chart(slug, summary.id)}>
            <strong>{summary.name ?? t('patient.nameNotRecorded')}</strong>
          </Link>
        ) : (
          <strong>{t('task.noPatient')}</strong>
        )}
        <span className={classes.quiet}>
          {[summary && ageText(summary, say), conceptText(appointment.serviceType?.[0] ?? appointment.appointmentType)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <span className={classes.state} data-here={HERE.includes(status) || undefined}>
        {isKnown(status) ? t(`today.visitStates.${status}`) : status}
      </span>
    </li>
  );
}

const hourOf = (start: string | undefined, { locale }: Say): string =>
  start
    ? new Intl.DateTimeFormat(locale.tag, {
        timeZone: locale.timeZone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }).format(Date.parse(start))
    : '';

/** Of those who are here, who has no vital signs of today yet. */
function useWithoutVitals(here: readonly Visit[]): ReadonlySet<string> {
  const { locale } = useSay();
  const { api, may } = useTenant();
  const from = dayBounds(dayIn(Date.now(), locale.timeZone), locale.timeZone)?.from ?? '';
  const ids = [...new Set(here.flatMap(({ patient }) => patient?.id ?? []))];
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: [api.tenant, 'today', 'vitals', id, from],
      enabled: may('Observation', 'search'),
      refetchInterval: 60_000, // ms
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        matches(
          await api.search<Observation>(
            'Observation',
            new URLSearchParams({ patient: id, category: 'vital-signs', date: `ge${from}`, _count: '1' }),
            signal,
          ),
        ).length > 0,
    })),
  });
  return new Set(ids.filter((_, at) => found[at]?.data !== true));
}
