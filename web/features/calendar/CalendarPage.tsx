import { ActionIcon, Button, Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCalendarPlus, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { weekdayOf } from '../../../schemas/opening-hours.ts';
import { type MoveAppointment, WEEKDAYS } from '../../../schemas/scheduling.ts';
import { addDays, dayIn, instantOf } from '../../../schemas/wall-clock.ts';
import { tellRefused } from '../../components/notices.tsx';
import { Panel } from '../../components/Panel.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses, currentQuery } from '../../lib/addresses.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { isSameZone } from '../../lib/locale.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { Agenda } from './Agenda.tsx';
import { BookPanel } from './BookPanel.tsx';
import classes from './calendar.module.css';
import { type Column, columnsOf } from './columns.ts';
import { DayGrid } from './DayGrid.tsx';
import { isTaken, refusalText, useDeed } from './deeds.tsx';
import { type Bookable, type Plan, planQuery, visitQuery, visitsQuery } from './queries.ts';
import { type Doing, VisitPanel } from './VisitPanel.tsx';
import { isOff, type Visit, visitOf } from './visits.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The calendar: everything that tells one screen from another stands in its address. */
export function CalendarPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const plan = useQuery(planQuery(api));
  usePageTitle(t('calendar.title'));
  if (plan.isPending) return <LoadingLines lines={10} height={40} label={t('common.loading', { what: t('calendar.title') })} />;
  if (plan.isLoadingError)
    return (
      <div className={classes.state}>
        <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
      </div>
    );
  return <Calendar plan={plan.data} />;
}

/** A clock that ticks often enough for the line of now. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

function Calendar({ plan }: { plan: Plan }) {
  const say = useSay();
  const { t, locale } = say;
  const { slug, api, may } = useTenant();
  const nowMs = useNow();
  const narrow = useMediaQuery('(max-width: 760px)') === true;
  const [query, setQuery] = useSearchParams();
  /** Changes the address; undefined takes a part away. */
  const go = (changes: Readonly<Record<string, string | undefined>>) => {
    const next = currentQuery();
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    setQuery(next);
  };

  const place = plan.places.find(({ reference }) => reference === query.get('at')) ?? plan.places[0];
  const timeZone = place?.timeZone ?? locale.timeZone;
  const there = { ...locale, timeZone };
  const asked = query.get('date') ?? '';
  const today = dayIn(nowMs, timeZone);
  const day = DAY.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const week = query.get('view') === 'week';
  const byRoom = query.get('columns') === 'rooms';
  const showOff = query.get('off') === '1';
  const here = (one: Bookable): boolean => !place || !one.place || one.place === place.reference;
  const bookables = (byRoom ? plan.rooms : plan.practitioners).filter(here);
  const who = bookables.find(({ reference }) => reference === query.get('who'));
  const first = week ? addDays(day, -WEEKDAYS.indexOf(weekdayOf(day))) : day;
  const days = Array.from({ length: week ? 7 : 1 }, (_, at) => addDays(first, at));
  const fromMs = instantOf(first, '00:00', timeZone);
  const toMs = instantOf(addDays(first, days.length), '00:00', timeZone);
  const visits = useQuery({ ...visitsQuery(api, fromMs, toMs), placeholderData: keepPreviousData });
  const all = (visits.data ?? []).map((appointment) => visitOf(appointment, plan));
  const shown = all.filter((visit) => visit.status !== 'entered-in-error' && (showOff || !isOff(visit)));
  const weekOf = week ? (who ?? bookables[0]) : undefined;
  const drawn = week ? (weekOf ? [weekOf] : []) : who ? [who] : bookables;
  // A visit with somebody who has no column must not be missed by whoever sees the day's patients in.
  const others = week || who ? undefined : t(byRoom ? 'calendar.withoutRoom' : 'calendar.others');
  const columns = columnsOf({ drawn, days, shown, plan, place, timeZone, today, others });
  const titled = columns.map(
    (column): Column => ({ ...column, ...(week && { title: dayTitle(column.title), under: undefined }) }),
  );
  function dayTitle(text: string): string {
    return `${t(`calendar.weekdays.${weekdayOf(text)}`)} ${formatDay(text, locale) ?? ''}`;
  }

  const [target, setTarget] = useState<MoveAppointment>();
  const deed = useDeed();
  const openId = query.get('visit') ?? '';
  const known = all.find(({ id }) => id === openId);
  const elsewhere = useQuery({ ...visitQuery(api, openId), enabled: openId !== '' && !known && !visits.isPending });
  const open = known ?? (elsewhere.data && visitOf(elsewhere.data, plan));
  const booking = query.get('book');
  const doing = (['move', 'cancel'] as const).find((one) => one === query.get('do')) ?? 'look';
  const onOpen = (visit: Visit) => {
    setTarget(undefined);
    go({ visit: visit.id, do: undefined, book: undefined, start: undefined, with: undefined });
  };
  const close = () => go({ visit: undefined, do: undefined, book: undefined, start: undefined, with: undefined });
  const mayBook = may('Appointment', 'create');

  const onDrop = (visit: Visit, column: Column, startMs: number) => {
    const actor = column.key.split(' ')[0] ?? '';
    const to: MoveAppointment = {
      start: new Date(startMs).toISOString(),
      ...(actor.startsWith('Practitioner/') && !visit.actors.includes(actor) && { practitioner: actor }),
      ...(actor.startsWith('Location/') && visit.room?.reference !== actor && { room: actor }),
    };
    if (startMs === visit.startMs && !to.practitioner && !to.room) return;
    deed.mutate(
      {
        visit,
        operation: '$move',
        body: to,
        done: t('calendar.moved', { name: visit.patient.name ?? '', when: formatMoment(to.start, there) ?? '' }),
        undoable: true,
      },
      {
        onError: (error) => {
          if (!isTaken(error)) return tellRefused(say, refusalText(say, error));
          // What stands in the way is shown beside the visit, with the other times and the way over it.
          setTarget(to);
          go({ visit: visit.id, do: 'move', book: undefined });
        },
      },
    );
  };

  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <div className={classes.bar}>
          <h1 className={classes.title}>
            {week ? `${t('calendar.weekOf')} ` : `${t(`calendar.weekdays.${weekdayOf(day)}`)} `}
            {formatDay(first, locale)}
          </h1>
          {mayBook && (
            <Button
              leftSection={<IconCalendarPlus size={18} aria-hidden />}
              onClick={() => go({ book: '', visit: undefined, do: undefined, start: undefined, with: who?.reference })}
            >
              {t('calendar.book')}
            </Button>
          )}
          <div className={classes.actions}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t('calendar.previous')}
              onClick={() => go({ date: addDays(day, week ? -7 : -1) })}
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
            <Button variant="default" onClick={() => go({ date: undefined })}>
              {t('calendar.today')}
            </Button>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t('calendar.next')}
              onClick={() => go({ date: addDays(day, week ? 7 : 1) })}
            >
              <IconChevronRight size={18} />
            </ActionIcon>
            <TextInput
              type="date"
              aria-label={t('calendar.date')}
              value={day}
              onChange={(event) => event.currentTarget.value && go({ date: event.currentTarget.value })}
            />
          </div>
          <SegmentedControl
            aria-label={t('calendar.view')}
            value={week ? 'week' : 'day'}
            onChange={(view) => go({ view: view === 'week' ? 'week' : undefined })}
            data={[
              { value: 'day', label: t('calendar.day') },
              { value: 'week', label: t('calendar.week') },
            ]}
          />
          <NativeSelect
            className={classes.choice}
            aria-label={t('calendar.columns')}
            value={byRoom ? 'rooms' : 'practitioners'}
            onChange={(event) => go({ columns: event.currentTarget.value === 'rooms' ? 'rooms' : undefined, who: undefined })}
            data={[
              { value: 'practitioners', label: t('calendar.practitioners') },
              { value: 'rooms', label: t('calendar.rooms') },
            ]}
          />
          <NativeSelect
            className={classes.choice}
            aria-label={t('calendar.with')}
            value={(week ? weekOf : who)?.reference ?? ''}
            onChange={(event) => go({ who: event.currentTarget.value || undefined })}
            data={[
              ...(week ? [] : [{ value: '', label: t('calendar.everybody') }]),
              ...bookables.map(({ reference, display }) => ({ value: reference, label: display })),
            ]}
          />
          {plan.places.length > 1 && (
            <NativeSelect
              aria-label={t('calendar.place')}
              value={place?.reference ?? ''}
              onChange={(event) => go({ at: event.currentTarget.value, who: undefined })}
              data={plan.places.map(({ reference, name }) => ({ value: reference, label: name }))}
            />
          )}
          <Checkbox
            label={t('calendar.showOff')}
            checked={showOff}
            onChange={(event) => go({ off: event.currentTarget.checked ? '1' : undefined })}
          />
        </div>
        {!isSameZone(timeZone, locale.timeZone) && <p className={classes.agendaEmpty}>{t('frame.zone', { zone: timeZone })}</p>}
        {visits.isError && (
          <div className={classes.state}>
            <ErrorState error={visits.error} onRetry={() => void visits.refetch()} />
          </div>
        )}
        {visits.isPending && <LoadingLines lines={10} height={40} label={t('common.loading', { what: t('calendar.loading') })} />}
        {visits.data && drawn.length === 0 && (
          <EmptyState title={`${t('calendar.noSchedule')} ${t('calendar.noScheduleHint')}`}>
            {may('Schedule', 'update') && (
              <Button component={Link} to={addresses.settings(slug, 'opening-hours')} variant="default">
                {t('calendar.toSettings')}
              </Button>
            )}
          </EmptyState>
        )}
        {visits.data && drawn.length > 0 && narrow && (
          <Agenda
            columns={titled}
            timeZone={timeZone}
            empty={t(week ? 'calendar.noVisitsWeek' : 'calendar.noVisits')}
            onOpen={onOpen}
          />
        )}
        {visits.data && drawn.length > 0 && !narrow && (
          <DayGrid
            columns={titled}
            nowMs={nowMs}
            timeZone={timeZone}
            onOpen={onOpen}
            onBook={
              mayBook
                ? ({ key }, startMs) =>
                    go({ book: '', visit: undefined, do: undefined, with: key.split(' ')[0], start: String(startMs) })
                : undefined
            }
            onDrop={onDrop}
          />
        )}
      </div>
      <div className={classes.panelPlace}>
        {booking !== null && mayBook && (
          <BookPanel
            plan={{ ...plan, practitioners: plan.practitioners.filter(here), rooms: plan.rooms.filter(here) }}
            place={place?.reference}
            timeZone={timeZone}
            patient={booking || undefined}
            day={[day, today].sort()[1] ?? day}
            with={query.get('with') ?? undefined}
            startMs={query.get('start') === null ? undefined : Number(query.get('start'))}
            onPatient={(id) => go({ book: id ?? '' })}
            onClose={close}
            onBooked={({ startMs }) =>
              go({ book: undefined, start: undefined, with: undefined, visit: undefined, date: dayIn(startMs, timeZone) })
            }
          />
        )}
        {booking === null && openId !== '' && !open && (elsewhere.isLoading || elsewhere.isError) && (
          <Panel title={t('chart.visit')} onClose={close}>
            {elsewhere.isLoading && <LoadingLines lines={5} label={t('common.loading', { what: t('chart.visit') })} />}
            {elsewhere.isError && <ErrorState error={elsewhere.error} onRetry={() => void elsewhere.refetch()} />}
          </Panel>
        )}
        {booking === null && open && (
          <VisitPanel
            key={open.id}
            visit={open}
            plan={plan}
            timeZone={timeZone}
            nowMs={nowMs}
            doing={doing}
            target={target}
            onDoing={(next: Doing) => go({ do: next === 'look' ? undefined : next })}
            onClose={close}
          />
        )}
      </div>
    </div>
  );
}
