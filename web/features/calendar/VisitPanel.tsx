import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { CANCEL_REASONS, type CancelReason, type MoveAppointment } from '../../../schemas/scheduling.ts';
import { readWallClock, toWallClock } from '../../../schemas/wall-clock.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { Panel } from '../../components/Panel.tsx';
import { WallClockField } from '../../components/WallClockField.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { VisitReminders } from '../reminders/VisitReminders.tsx';
import { Conflicts } from './Conflicts.tsx';
import classes from './calendar.module.css';
import { isTaken, refusalText, useDeed } from './deeds.tsx';
import type { Plan } from './queries.ts';
import { isOpen, type Visit } from './visits.ts';

export type Doing = 'look' | 'move' | 'cancel';

interface VisitPanelProps {
  readonly visit: Visit;
  readonly plan: Plan;
  readonly timeZone: string;
  readonly nowMs: number;
  readonly doing: Doing;
  /** Where it was dropped: the move that is being tried. */
  readonly target: MoveAppointment | undefined;
  readonly onDoing: (doing: Doing) => void;
  readonly onClose: () => void;
}

/** One visit: what it is, and everything that can be done to it. */
export function VisitPanel(props: VisitPanelProps) {
  const { t } = useSay();
  const { visit, doing, onDoing, onClose } = props;
  const title = visit.patient.name ?? t('calendar.noPatient');
  return (
    <Panel title={doing === 'cancel' ? t('calendar.cancelTitle') : title} onClose={onClose}>
      <div className={classes.stack}>
        <Facts {...props} />
        {doing === 'look' && <Actions {...props} />}
        {doing === 'look' && visit.patient.id && <VisitReminders patient={visit.patient.id} appointment={visit.id} />}
        {doing === 'move' && <MoveForm key={JSON.stringify(props.target ?? '')} {...props} onDone={() => onDoing('look')} />}
        {doing === 'cancel' && <CancelForm {...props} onDone={() => onDoing('look')} />}
      </div>
    </Panel>
  );
}

function Facts({ visit, timeZone }: VisitPanelProps) {
  const { t, locale } = useSay();
  const there = { ...locale, timeZone };
  const end = new Intl.DateTimeFormat(locale.tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const status = t(`calendar.statuses.${visit.status}`);
  const confirmed = visit.status === 'booked' ? t(visit.confirmed ? 'calendar.confirmed' : 'calendar.notConfirmed') : undefined;
  const { code, text } = visit.cancelReason ?? {};
  const reason = CANCEL_REASONS.find((one) => one === code);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('calendar.facts.when'), `${formatMoment(visit.resource.start, there) ?? ''}–${end.format(visit.endMs)}`],
    [t('calendar.facts.type'), visit.typeName],
    [t('calendar.facts.who'), visit.practitioners.map(({ name }) => name).join(', ') || undefined],
    [t('calendar.facts.room'), visit.room?.name],
    [t('calendar.facts.status'), [status, confirmed].filter(Boolean).join(', ')],
    [t('calendar.facts.note'), visit.note],
    [t('calendar.facts.reason'), [reason && t(`calendar.reasons.${reason}`), text].filter(Boolean).join(': ') || undefined],
  ];
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) =>
        value ? (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
      {visit.override && (
        <>
          <dt>{t('calendar.facts.override')}</dt>
          <dd>
            {visit.override.reason}
            <ul>
              {visit.override.over.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}

function Actions({ visit, nowMs, onDoing }: VisitPanelProps) {
  const say = useSay();
  const { t } = say;
  const { slug, may } = useTenant();
  const deed = useDeed();
  const name = visit.patient.name ?? '';
  const mayChange = may('Appointment', 'update');
  const begun = visit.startMs <= nowMs;
  return (
    <>
      <div className={classes.actions}>
        {mayChange && visit.status === 'booked' && may('Encounter', 'create') && (
          <Button
            loading={deed.isPending}
            onClick={() =>
              deed.mutate({ visit, operation: '$check-in', done: t('calendar.checkedIn', { name }), undoable: true })
            }
          >
            {t('calendar.checkIn')}
          </Button>
        )}
        {visit.patient.id && (
          <Button component={Link} to={addresses.chart(slug, visit.patient.id)} variant="default">
            {t('calendar.openChart')}
          </Button>
        )}
        {mayChange && isOpen(visit) && (
          <Button variant="default" onClick={() => onDoing('move')}>
            {t('calendar.moveTo')}
          </Button>
        )}
        {mayChange && visit.status === 'booked' && !visit.confirmed && !begun && (
          <Button
            variant="default"
            onClick={() => deed.mutate({ visit, operation: '$confirm', done: t('calendar.confirmedDone', { name }) })}
          >
            {t('calendar.confirm')}
          </Button>
        )}
        {mayChange && visit.status === 'booked' && begun && (
          <Button
            variant="default"
            onClick={() =>
              deed.mutate({ visit, operation: '$no-show', done: t('calendar.markedNoShow', { name }), undoable: true })
            }
          >
            {t('calendar.noShow')}
          </Button>
        )}
        {mayChange && isOpen(visit) && (
          <Button variant="default" onClick={() => onDoing('cancel')}>
            {t('calendar.cancelVisit')}
          </Button>
        )}
      </div>
      {deed.error && <p role="alert">{refusalText(say, deed.error)}</p>}
    </>
  );
}

function MoveForm({ visit, plan, timeZone, target, onDone }: VisitPanelProps & { onDone: () => void }) {
  const { t, locale } = useSay();
  const deed = useDeed();
  const there = { ...locale, timeZone };
  const [typed, setTyped] = useState(toWallClock(target ? Date.parse(target.start) : visit.startMs, timeZone));
  const own = visit.practitioners[0]?.reference ?? '';
  const [who, setWho] = useState(target?.practitioner ?? own);
  const [room, setRoom] = useState((target?.room === undefined ? visit.room?.reference : target.room) ?? '');
  const reading = readWallClock(typed, timeZone);
  const start = 'at' in reading ? reading.at : undefined;
  const move = (to: { start: string; practitioner: string; room: string }, overrideReason?: string) => {
    const body: MoveAppointment = {
      start: new Date(to.start).toISOString(),
      ...(to.practitioner && to.practitioner !== own && { practitioner: to.practitioner }),
      ...(to.room !== (visit.room?.reference ?? '') && { room: to.room || null }),
      ...(overrideReason && { overrideReason }),
    };
    deed.mutate(
      {
        visit,
        operation: '$move',
        body,
        done: t('calendar.moved', { name: visit.patient.name ?? '', when: formatMoment(body.start, there) ?? '' }),
        undoable: true,
      },
      { onSuccess: onDone },
    );
  };
  const conflict = isTaken(deed.error) ? deed.error : undefined;
  return (
    <form
      className={classes.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (start) move({ start, practitioner: who, room });
      }}
    >
      <WallClockField
        label={t('calendar.moveTo')}
        step={300}
        value={typed}
        timeZone={timeZone}
        error={'fault' in reading && (reading.fault === 'missing' ? t('calendar.chooseTime') : t(`calendar.${reading.fault}`))}
        onChange={(next) => {
          setTyped(next);
          deed.reset();
        }}
      />
      <NativeSelect
        label={t('calendar.with')}
        value={who}
        onChange={(event) => {
          setWho(event.currentTarget.value);
          deed.reset(); // what stood in the way was another's
        }}
        data={[
          ...(own && !plan.practitioners.some(({ reference }) => reference === own)
            ? [{ value: own, label: visit.practitioners[0]?.name ?? own }]
            : []),
          ...(own ? [] : [{ value: '', label: '–' }]),
          ...plan.practitioners.map(({ reference, display }) => ({ value: reference, label: display })),
        ]}
      />
      <NativeSelect
        label={t('calendar.room')}
        value={room}
        onChange={(event) => {
          setRoom(event.currentTarget.value);
          deed.reset();
        }}
        data={[
          { value: '', label: t('calendar.noRoom') },
          ...plan.rooms.map(({ reference, display }) => ({ value: reference, label: display })),
        ]}
      />
      {conflict && (
        <Conflicts
          error={conflict}
          timeZone={timeZone}
          saving={deed.isPending}
          onChoose={(one) => move({ start: one.start, practitioner: one.practitioner ?? who, room: one.room ?? room })}
          onOverride={(reason) => start && move({ start, practitioner: who, room }, reason)}
        />
      )}
      {deed.error && !conflict && <SaveError error={deed.error} />}
      <div className={classes.actions}>
        <Button type="submit" loading={deed.isPending} disabled={!start}>
          {t('calendar.move')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}

function CancelForm({ visit, onDone }: VisitPanelProps & { onDone: () => void }) {
  const { t } = useSay();
  const deed = useDeed();
  const [reason, setReason] = useState<CancelReason>('pat');
  const [text, setText] = useState('');
  return (
    <form
      className={classes.stack}
      onSubmit={(event) => {
        event.preventDefault();
        deed.mutate(
          {
            visit,
            operation: '$cancel',
            body: { reason, ...(text.trim() && { text: text.trim() }) },
            done: t('calendar.cancelled', { name: visit.patient.name ?? '' }),
            undoable: true,
          },
          { onSuccess: onDone },
        );
      }}
    >
      <NativeSelect
        label={t('calendar.cancelWhy')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as CancelReason)}
        data={CANCEL_REASONS.map((one) => ({ value: one, label: t(`calendar.reasons.${one}`) }))}
      />
      <TextInput
        label={t('calendar.cancelMore')}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {deed.error && <SaveError error={deed.error} />}
      <div className={classes.actions}>
        <Button type="submit" color="red" loading={deed.isPending}>
          {t('calendar.cancelNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}
