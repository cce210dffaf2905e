import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import classes from './calendar.module.css';
import type { Column } from './columns.ts';
import { isOff, type Visit } from './visits.ts';

/** The same visits as a list, for a telephone: by day, in the order of their times, each once. */
export function Agenda({
  columns,
  timeZone,
  empty,
  onOpen,
}: {
  columns: readonly Column[];
  timeZone: string;
  empty: string;
  onOpen: (visit: Visit) => void;
}) {
  const { t, locale } = useSay();
  const there = { ...locale, timeZone };
  const hour = new Intl.DateTimeFormat(locale.tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const all = [...new Map(columns.flatMap(({ visits }) => visits).map((visit) => [visit.id, visit])).values()].sort(
    (one, other) => one.startMs - other.startMs,
  );
  const weekday = new Intl.DateTimeFormat(locale.tag, { timeZone, weekday: 'short' });
  const days = Map.groupBy(
    all,
    ({ startMs }) => `${weekday.format(startMs)} ${formatDay(new Date(startMs).toISOString(), there) ?? ''}`,
  );
  if (all.length === 0) return <p className={classes.agendaEmpty}>{empty}</p>;
  return (
    <div className={classes.agenda}>
      {[...days].map(([day, visits]) => (
        <section key={day} aria-label={day}>
          {days.size > 1 && <h2 className={classes.agendaDay}>{day}</h2>}
          <ul className={classes.agendaList}>
            {visits.map((visit) => (
              <li key={visit.id}>
                <button
                  type="button"
                  className={classes.agendaRow}
                  data-colour={visit.type?.colour}
                  data-off={isOff(visit) || undefined}
                  onClick={() => onOpen(visit)}
                >
                  <span className={classes.agendaTime}>
                    {hour.format(visit.startMs)}
                    <span className={classes.agendaEnd}>{hour.format(visit.endMs)}</span>
                  </span>
                  <span className={classes.agendaWhat}>
                    <span className={classes.visitName}>{visit.patient.name ?? t('calendar.noPatient')}</span>
                    <span className={classes.agendaMore}>
                      {[visit.typeName, ...visit.practitioners.map(({ name }) => name), visit.room?.name]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  {visit.status !== 'booked' && (
                    <span className={classes.visitStatus}>{t(`calendar.statuses.${visit.status}`)}</span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
