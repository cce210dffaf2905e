import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Appointment } from 'fhir/r4';
import { useState } from 'react';
import { addDays, comesTwice, dayIn, hourWithZone, instantOf, readWallClock, toWallClock } from '../../../schemas/wall-clock.ts';
import { FaultList, SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { WallClockField } from '../../components/WallClockField.tsx';
import { useSay } from '../../i18n/index.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { Conflicts } from './Conflicts.tsx';
import classes from './calendar.module.css';
import { isTaken, sendBooking, useDeed } from './deeds.tsx';
import { PatientPicker } from './PatientPicker.tsx';
import { calendarKeys, type FreeAsked, freeQuery, type Plan } from './queries.ts';

const WEEKS_AHEAD = 8;
const OFFERED = 8;

interface Chosen {
  readonly start: string;
  readonly practitioner: string | undefined;
  readonly room: string | undefined;
}

interface BookPanelProps {
  readonly plan: Plan;
  readonly place: string | undefined;
  readonly timeZone: string;
  /** From the address: the patient, the day that is shown, whom and when somebody clicked on. */
  readonly patient: string | undefined;
  readonly day: string;
  readonly with: string | undefined;
  readonly startMs: number | undefined;
  readonly onPatient: (id: string | undefined) => void;
  readonly onClose: () => void;
  readonly onBooked: (visit: { id: string; startMs: number }) => void;
}

const actor = (reference: string, display?: string): Appointment['participant'][number] => ({
  actor: { reference, ...(display && { display }) },
  status: 'accepted',
});

/** Who, what, with whom, when: the next free times are offered as soon as they can be, and any other time can be typed. */
export function BookPanel({
  plan,
  place,
  timeZone,
  patient,
  day,
  startMs,
  onPatient,
  onClose,
  onBooked,
  ...props
}: BookPanelProps) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const queries = useQueryClient();
  const there = { ...locale, timeZone };
  const followUp = plan.visitTypes.find(({ code }) => code === 'follow-up') ?? plan.visitTypes[0];
  const [visitType, setVisitType] = useState(followUp?.reference ?? '');
  const [who, setWho] = useState(() =>
    plan.practitioners.some((one) => one.reference === props.with) ? (props.with ?? '') : '',
  );
  const [room, setRoom] = useState(() => (plan.rooms.some((one) => one.reference === props.with) ? (props.with ?? '') : ''));
  const [from, setFrom] = useState(day);
  const [count, setCount] = useState(OFFERED);
  const [typed, setTyped] = useState(startMs === undefined ? '' : toWallClock(startMs, timeZone));
  const [chosen, setChosen] = useState<Chosen>();
  const [note, setNote] = useState('');
  const [faults, setFaults] = useState<readonly { field: string; text: string }[]>([]);
  const attempt = useAttempt();
  const undo = useDeed();

  // Somebody clicked on another time, or another column: what was typed beside it stays.
  const [clicked, setClicked] = useState({ with: props.with, startMs });
  if (clicked.with !== props.with || clicked.startMs !== startMs) {
    setClicked({ with: props.with, startMs });
    if (plan.practitioners.some(({ reference }) => reference === props.with)) setWho(props.with ?? '');
    if (plan.rooms.some(({ reference }) => reference === props.with)) setRoom(props.with ?? '');
    if (startMs !== undefined) setTyped(toWallClock(startMs, timeZone));
    setFrom(day);
    setChosen(undefined);
    setFaults([]);
  }

  const type = plan.visitTypes.find(({ reference }) => reference === visitType);
  const nowMs = Date.now();
  const today = dayIn(nowMs, timeZone);
  const asked: FreeAsked = {
    start: new Date(from <= today ? Math.floor(nowMs / 300_000) * 300_000 : instantOf(from, '00:00', timeZone)).toISOString(),
    end: new Date(instantOf(addDays([from, today].sort()[1] ?? from, WEEKS_AHEAD * 7), '00:00', timeZone)).toISOString(),
    count,
    ...(who && { practitioner: who }),
    ...(room && { room }),
    ...(place && { place }),
    ...(visitType && { visitType }),
    ...(patient && { patient }),
  };
  const free = useQuery({ ...freeQuery(api, asked), enabled: Boolean(type) && plan.practitioners.length > 0 });

  const reading = typed === '' ? undefined : readWallClock(typed, timeZone);
  const typedStart = reading && 'at' in reading ? reading.at : undefined;
  const typedFault = reading && 'fault' in reading && reading.fault !== 'missing' ? t(`calendar.${reading.fault}`) : undefined;
  const when: Chosen | undefined =
    chosen ??
    (typedStart ? { start: new Date(typedStart).toISOString(), practitioner: who, room: room === 'any' ? '' : room } : undefined);

  const save = useMutation({
    mutationFn: async ({ at, overrideReason }: { at: Chosen; overrideReason?: string }) => {
      const start = Date.parse(at.start);
      const name = (reference: string) =>
        [...plan.practitioners, ...plan.rooms].find((one) => one.reference === reference)?.display;
      const appointment: Appointment = {
        resourceType: 'Appointment',
        status: 'booked',
        start: at.start,
        end: new Date(start + (type?.minutes ?? 20) * 60_000).toISOString(),
        ...(type?.service.type && { serviceType: type.service.type }),
        participant: [
          { actor: { reference: `Patient/${patient}` }, status: 'needs-action' },
          ...(at.practitioner ? [actor(at.practitioner, name(at.practitioner))] : []),
          ...(at.room ? [actor(at.room, name(at.room))] : []),
          ...(place ? [actor(place)] : []),
          ...(type ? [actor(type.reference, type.name)] : []),
        ],
      };
      return sendBooking(api, {
        appointment,
        overrideReason,
        comment: note.trim() || undefined,
        attempt: attempt([appointment, overrideReason, note]),
      });
    },
    onSuccess: (visit) => {
      const name = visit.participant.find(({ actor: one }) => one?.reference === `Patient/${patient}`)?.actor?.display ?? '';
      const seer = visit.participant.find(({ actor: one }) => one?.reference?.startsWith('Practitioner/'))?.actor?.display;
      const done = t('calendar.booked', { name, when: formatMoment(visit.start, there) ?? '', who: seer ?? t('calendar.room') });
      tellDone(say, done, () =>
        undo.mutate({
          visit: { id: visit.id, version: visit.meta.versionId, patient: { id: patient } },
          operation: '$cancel',
          body: { reason: 'oth' },
          done: t('calendar.cancelled', { name }),
        }),
      );
      onBooked({ id: visit.id, startMs: Date.parse(visit.start ?? '') });
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: calendarKeys.all(api) }),
        ...(patient ? [queries.invalidateQueries({ queryKey: chartKeys.all(api, patient) })] : []),
      ]),
  });

  const book = (overrideReason?: string) => {
    const found = [
      ...(patient ? [] : [{ field: 'booking-patient', text: t('calendar.choosePatient') }]),
      ...(when ? [] : [{ field: 'booking-time', text: typedFault ?? t('calendar.chooseTime') }]),
      ...(when && !when.practitioner && !when.room ? [{ field: 'booking-with', text: t('calendar.chooseWho') }] : []),
    ];
    setFaults(found);
    if (found.length === 0 && when) save.mutate({ at: when, ...(overrideReason && { overrideReason }) });
  };
  const choose = (next: Chosen) => {
    setChosen(next);
    setTyped('');
    save.reset();
  };
  /** Another wish has other free times. */
  const anew = () => {
    setChosen(undefined);
    setCount(OFFERED);
    save.reset();
  };
  // Of another time than the one that was refused, nothing is known yet.
  const tried = save.variables?.at;
  const error = tried?.start === when?.start && tried?.practitioner === when?.practitioner ? save.error : null;
  const conflict = isTaken(error) ? error : undefined;

  return (
    <Panel title={t('calendar.book')} onClose={onClose}>
      <form
        className={classes.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          book();
        }}
      >
        <FaultList faults={faults} />
        <PatientPicker
          chosen={patient}
          error={faults.find(({ field }) => field === 'booking-patient')?.text}
          onChoose={(id) => {
            onPatient(id);
            anew();
          }}
        />
        <div className={classes.pairs}>
          <NativeSelect
            label={t('calendar.visitType')}
            value={visitType}
            onChange={(event) => {
              setVisitType(event.currentTarget.value);
              anew();
            }}
            data={plan.visitTypes.map((one) => ({
              value: one.reference,
              label: `${one.name} (${t('calendar.minutes', { count: one.minutes ?? 0 })})`,
            }))}
          />
          <NativeSelect
            id="booking-with"
            label={t('calendar.with')}
            value={who}
            onChange={(event) => {
              setWho(event.currentTarget.value);
              anew();
            }}
            data={[
              { value: '', label: t('calendar.anybody') },
              ...plan.practitioners.map(({ reference, display }) => ({ value: reference, label: display })),
            ]}
          />
          <NativeSelect
            label={t('calendar.room')}
            value={room}
            onChange={(event) => {
              setRoom(event.currentTarget.value);
              anew();
            }}
            data={[
              { value: '', label: t('calendar.noRoom') },
              ...(plan.rooms.length > 0 ? [{ value: 'any', label: t('calendar.anyRoom') }] : []),
              ...plan.rooms.map(({ reference, display }) => ({ value: reference, label: display })),
            ]}
          />
          <TextInput
            type="date"
            label={t('calendar.from')}
            value={from}
            min={today}
            onChange={(event) => {
              if (event.currentTarget.value) setFrom(event.currentTarget.value);
              anew();
            }}
          />
        </div>
        <section className={classes.daySlots} aria-labelledby="free-times">
          <h3 id="free-times" className={classes.subTitle}>
            {t('calendar.freeTimes')}
          </h3>
          {free.isPending && free.isEnabled && <LoadingLines lines={3} height={30} label={t('calendar.freeTimes')} />}
          {free.isLoadingError && <ErrorState error={free.error} onRetry={() => void free.refetch()} />}
          {free.data?.length === 0 && <Text c="dimmed">{t('calendar.noFree')}</Text>}
          {free.data && <FreeTimes times={free.data} plan={plan} timeZone={timeZone} chosen={chosen} onChoose={choose} />}
          {(free.data?.length ?? 0) >= count && (
            <Button variant="subtle" size="compact-sm" onClick={() => setCount(count + OFFERED * 2)}>
              {t('calendar.more')}
            </Button>
          )}
        </section>
        <WallClockField
          id="booking-time"
          label={t('calendar.anotherTime')}
          value={typed}
          timeZone={timeZone}
          step={300}
          error={typedFault ?? faults.find(({ field }) => field === 'booking-time')?.text}
          onChange={(next) => {
            setTyped(next);
            setChosen(undefined);
            save.reset();
          }}
        />
        <TextInput
          label={t('calendar.note')}
          value={note}
          maxLength={300}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {conflict && (
          <Conflicts
            error={conflict}
            timeZone={timeZone}
            saving={save.isPending}
            onChoose={({ start, practitioner, room: at }) => choose({ start, practitioner, room: at })}
            onOverride={book}
          />
        )}
        {error && !conflict && <SaveError error={error} />}
        {/* While the refusal stands, its own buttons are the ways on: the same again would be refused again. */}
        {!conflict && (
          <Button type="submit" loading={save.isPending}>
            {when ? t('calendar.bookAt', { when: formatMoment(when.start, there) ?? '' }) : t('calendar.bookShort')}
          </Button>
        )}
      </form>
    </Panel>
  );
}

/** The free times by day; the chosen one is pressed. */
function FreeTimes({
  times,
  plan,
  timeZone,
  chosen,
  onChoose,
}: {
  times: readonly Appointment[];
  plan: Plan;
  timeZone: string;
  chosen: Chosen | undefined;
  onChoose: (chosen: Chosen) => void;
}) {
  const { locale } = useSay();
  const there = { ...locale, timeZone };
  const hour = new Intl.DateTimeFormat(locale.tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const clock = (start: string): string =>
    comesTwice(Date.parse(start), timeZone) ? hourWithZone(start, there) : hour.format(Date.parse(start));
  const weekday = new Intl.DateTimeFormat(locale.tag, { timeZone, weekday: 'short' });
  const offered = times.flatMap(({ start, participant }) => {
    const of = (known: readonly { reference: string }[]) =>
      participant.find(({ actor: one }) => known.some(({ reference }) => reference === one?.reference))?.actor;
    const [practitioner, room] = [of(plan.practitioners), of(plan.rooms)];
    return start ? [{ start, practitioner, room }] : [];
  });
  const days = Map.groupBy(offered, ({ start }) => `${weekday.format(Date.parse(start))}, ${formatDay(start, there) ?? ''}`);
  return [...days].map(([day, ofDay]) => (
    <div key={day} className={classes.daySlots}>
      <Text size="sm" c="dimmed">
        {day}
      </Text>
      <div className={classes.times}>
        {ofDay.map(({ start, practitioner, room }) => (
          <Button
            key={`${start} ${practitioner?.reference ?? ''}`}
            variant="default"
            size="compact-md"
            aria-pressed={chosen?.start === start && chosen.practitioner === practitioner?.reference}
            onClick={() => onChoose({ start, practitioner: practitioner?.reference, room: room?.reference })}
          >
            {[clock(start), practitioner?.display, room?.display].filter(Boolean).join(' · ')}
          </Button>
        ))}
      </div>
    </div>
  ));
}
