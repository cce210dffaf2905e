import { useEffect, useRef, useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import classes from './calendar.module.css';
import type { Column } from './columns.ts';
import { inLanes, isOff, isOpen, type Visit } from './visits.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Pixels of one minute: a visit of a quarter of an hour holds one line of text. */
const MINUTE_PX = 2;
/** A block lower than this has one line. */
const TWO_LINES_PX = 36;
const SNAP_MS = 5 * MINUTE_MS;

interface DayGridProps {
  readonly columns: readonly Column[];
  readonly nowMs: number;
  readonly timeZone: string;
  readonly onOpen: (visit: Visit) => void;
  /** Undefined: nothing may be booked by this person. */
  readonly onBook: ((column: Column, startMs: number) => void) | undefined;
  readonly onDrop: (visit: Visit, column: Column, startMs: number) => void;
}

/** A day of several, or a week of one: time runs down, columns stand side by side, and the heads stay in sight. */
export function DayGrid({ columns, nowMs, timeZone, onOpen, onBook, onDrop }: DayGridProps) {
  const { t, locale } = useSay();
  const hour = new Intl.DateTimeFormat(locale.tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [first] = columns;
  const longMs = Math.max(...columns.map(({ startMs, endMs }) => endMs - startMs));
  const hours = first ? Array.from({ length: Math.ceil(longMs / HOUR_MS) }, (_, at) => first.startMs + at * HOUR_MS) : [];
  const top = (ms: number, { startMs }: Column): number => ((ms - startMs) / MINUTE_MS) * MINUTE_PX;
  const nowColumn = columns.find(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs);

  return (
    <div className={classes.grid} style={{ '--columns': columns.length } as React.CSSProperties} data-grid>
      <div className={classes.corner} />
      {columns.map((column) => (
        <div key={column.key} className={classes.columnHead} data-today={column.isToday || undefined}>
          <span className={classes.columnTitle}>{column.title}</span>
          {column.under && <span className={classes.columnUnder}>{column.under}</span>}
        </div>
      ))}
      <div className={classes.hours} style={{ height: (longMs / MINUTE_MS) * MINUTE_PX }} aria-hidden="true">
        {hours.map((ms, at) => (
          <span key={ms} className={classes.hour} style={{ top: at * 60 * MINUTE_PX }}>
            {hour.format(ms)}
          </span>
        ))}
      </div>
      {columns.map((column) => (
        <GridColumn
          key={column.key}
          column={column}
          nowMs={column === nowColumn || column.isToday ? nowMs : undefined}
          opensAtNow={column === nowColumn}
          hourOf={(ms) => hour.format(ms)}
          top={(ms) => top(ms, column)}
          onOpen={onOpen}
          onBook={onBook && ((startMs) => onBook(column, startMs))}
          onDrop={(visit, startMs) => onDrop(visit, column, startMs)}
        />
      ))}
      <span className="visually-hidden">{t('calendar.visitsOn', { count: columns.flatMap(({ visits }) => visits).length })}</span>
    </div>
  );
}

interface GridColumnProps {
  readonly column: Column;
  readonly nowMs: number | undefined;
  /** The grid is opened at the hour of now, by this column's line. */
  readonly opensAtNow: boolean;
  readonly hourOf: (ms: number) => string;
  readonly top: (ms: number) => number;
  readonly onOpen: (visit: Visit) => void;
  readonly onBook: ((startMs: number) => void) | undefined;
  readonly onDrop: (visit: Visit, startMs: number) => void;
}

/** The visit that is being dragged: the browser hands no data over before it is dropped. */
let dragged: { visit: Visit; offsetPx: number } | undefined;

function GridColumn({ column, nowMs, opensAtNow, hourOf, top, onOpen, onBook, onDrop }: GridColumnProps) {
  const { t } = useSay();
  const [over, setOver] = useState<number>();
  const timeAt = (y: number, element: HTMLElement): number => {
    const px = y - element.getBoundingClientRect().top;
    return column.startMs + Math.round(((px / MINUTE_PX) * MINUTE_MS) / SNAP_MS) * SNAP_MS;
  };
  return (
    // A place to drop on; the same is done by keyboard with "Move to…".
    <section
      aria-label={[column.title, column.under].filter(Boolean).join(', ')}
      className={classes.column}
      style={{ height: top(column.endMs) }}
      onDragOver={(event) => {
        if (!dragged) return;
        event.preventDefault();
        setOver(timeAt(event.clientY - dragged.offsetPx, event.currentTarget));
      }}
      onDragLeave={() => setOver(undefined)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(undefined);
        if (dragged) onDrop(dragged.visit, timeAt(event.clientY - dragged.offsetPx, event.currentTarget));
        dragged = undefined;
      }}
    >
      {column.open.map(({ startMs, endMs }) => (
        <div
          key={startMs}
          className={classes.open}
          style={{ top: top(startMs), height: top(Math.min(endMs, column.endMs)) - top(startMs) }}
        />
      ))}
      {onBook && (
        <button
          type="button"
          className={classes.bookHere}
          aria-label={t('calendar.bookWith', { who: [column.title, column.under].filter(Boolean).join(', ') })}
          onClick={(event) => {
            const byKey = event.detail === 0;
            const startMs = byKey ? Math.max(column.startMs, nowMs ?? 0) : timeAt(event.clientY, event.currentTarget);
            onBook(Math.floor(startMs / (15 * MINUTE_MS)) * 15 * MINUTE_MS);
          }}
        />
      )}
      {over !== undefined && (
        <div className={classes.dropLine} style={{ top: top(over) }}>
          {hourOf(over)}
        </div>
      )}
      {inLanes(column.visits).map(({ visit, lane, lanes }) => (
        <VisitBlock
          key={visit.id}
          visit={visit}
          hours={`${hourOf(visit.startMs)}–${hourOf(visit.endMs)}`}
          style={{
            top: top(visit.startMs),
            height: Math.max(top(visit.endMs) - top(visit.startMs) - 2, 20),
            left: `calc(${(lane / lanes) * 100}% + 2px)`,
            width: `calc(${100 / lanes}% - 6px)`,
          }}
          onOpen={onOpen}
        />
      ))}
      {nowMs !== undefined && nowMs >= column.startMs && nowMs < column.endMs && (
        <NowLine top={top(nowMs)} text={`${t('calendar.now')} ${hourOf(nowMs)}`} opensHere={opensAtNow} />
      )}
    </section>
  );
}

/** Room above the line of now when a day is opened. */
const ABOVE_NOW_PX = 160;

/** The line of now. A day that is opened is brought to it once: the line is made with its column, and moves with the clock. */
function NowLine({ top, text, opensHere }: { top: number; text: string; opensHere: boolean }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const grid = opensHere ? line.current?.closest('[data-grid]') : undefined;
    if (grid) grid.scrollTop = Math.max(0, (line.current?.offsetTop ?? 0) - ABOVE_NOW_PX);
  }, [opensHere]);
  return (
    <div ref={line} className={classes.now} style={{ top }}>
      <span className="visually-hidden">{text}</span>
    </div>
  );
}

function VisitBlock({
  visit,
  hours,
  style,
  onOpen,
}: {
  visit: Visit;
  hours: string;
  style: React.CSSProperties;
  onOpen: (visit: Visit) => void;
}) {
  const { t } = useSay();
  const name = visit.patient.name ?? t('calendar.noPatient');
  const status = t(`calendar.statuses.${visit.status}`);
  return (
    <button
      type="button"
      className={classes.visit}
      style={style}
      data-colour={visit.type?.colour}
      data-off={isOff(visit) || undefined}
      data-status={visit.status}
      data-short={Number(style.height) < TWO_LINES_PX || undefined}
      draggable={isOpen(visit)}
      title={[hours, name, visit.typeName, status].filter(Boolean).join('\n')}
      onClick={() => onOpen(visit)}
      onDragStart={(event) => {
        dragged = { visit, offsetPx: event.clientY - event.currentTarget.getBoundingClientRect().top };
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', ''); // Firefox drags nothing without
      }}
      onDragEnd={() => {
        dragged = undefined;
      }}
    >
      <span className={classes.visitTime}>{hours}</span> <span className={classes.visitName}>{name}</span>{' '}
      <span className={classes.visitMore}>
        <span className={visit.status === 'booked' ? 'visually-hidden' : classes.visitStatus}>{status}</span> {visit.typeName}
      </span>
    </button>
  );
}
