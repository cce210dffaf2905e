import { ActionIcon, Anchor, Button, Checkbox, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Location, Practitioner, Schedule } from 'fhir/r4';
import { useState } from 'react';
import { Link } from 'react-router';
import { personName } from '../../../schemas/names.ts';
import {
  type Absence,
  AVAILABILITY,
  type Availability,
  availabilityExtension,
  type OpenSpan,
  WEEKDAYS,
} from '../../../schemas/scheduling.ts';
import { dayIn } from '../../../schemas/wall-clock.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { type Api, isKept, type Kept, matches } from '../../lib/api.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { formatMoment, formatSpan } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './calendar.module.css';
import { outsideHours } from './outside-hours.ts';
import { bookedWithQuery, calendarKeys, type Plan, planQuery } from './queries.ts';
import { type Visit, visitOf } from './visits.ts';

/** What the editor works on: a Schedule that stands, or one to be made. */
interface Edited {
  readonly title: string;
  readonly schedule: Schedule | Kept<Schedule>;
  readonly availability: Availability;
  /** It may have no hours of its own. */
  readonly inherits: boolean;
}

/** When the clinic is open, who sees patients when, and its rooms. */
export function OpeningHoursPage() {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const plan = useQuery(planQuery(api));
  const [edited, setEdited] = useState<Edited>();
  const [adding, setAdding] = useState<'room' | 'practitioner'>();
  usePageTitle(t('calendar.settings.hours'));
  return (
    <div className={classes.settings}>
      <div>
        <h1>{t('calendar.settings.hours')}</h1>
        <Text c="dimmed">{t('calendar.settings.hoursIntro')}</Text>
      </div>
      {plan.isPending && (
        <LoadingLines lines={6} height={56} label={t('common.loading', { what: t('calendar.settings.hours') })} />
      )}
      {plan.isLoadingError && <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data && <Lists plan={plan.data} onEdit={setEdited} onAdd={setAdding} />}
      {edited && plan.data && <HoursDialog edited={edited} plan={plan.data} onClose={() => setEdited(undefined)} />}
      {adding === 'room' && plan.data && <RoomDialog plan={plan.data} onClose={() => setAdding(undefined)} />}
      {adding === 'practitioner' && plan.data && <PractitionerDialog plan={plan.data} onClose={() => setAdding(undefined)} />}
    </div>
  );
}

function Lists({
  plan,
  onEdit,
  onAdd,
}: {
  plan: Plan;
  onEdit: (edited: Edited) => void;
  onAdd: (what: 'room' | 'practitioner') => void;
}) {
  const { t } = useSay();
  const groups = [
    { title: t('calendar.settings.practitioners'), all: plan.practitioners, add: 'practitioner' as const },
    { title: t('calendar.settings.rooms'), all: plan.rooms, add: 'room' as const },
  ];
  return (
    <>
      <section className={classes.cards} aria-labelledby="hours-place">
        <h2 id="hours-place" className={classes.subTitle}>
          {t('calendar.settings.place')}
        </h2>
        {plan.places.map((place) => (
          <HoursCard
            key={place.reference}
            title={place.name}
            availability={place.availability}
            onEdit={() =>
              onEdit({
                title: place.name,
                schedule: place.schedule ?? {
                  resourceType: 'Schedule',
                  active: true,
                  actor: [{ reference: place.reference, display: place.name }],
                },
                availability: place.availability,
                inherits: false,
              })
            }
          />
        ))}
      </section>
      {groups.map(({ title, all, add }) => (
        <section key={add} className={classes.cards} aria-labelledby={`hours-${add}`}>
          <div className={classes.cardHead}>
            <h2 id={`hours-${add}`} className={classes.subTitle}>
              {title}
            </h2>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => onAdd(add)}
            >
              {t(add === 'room' ? 'calendar.settings.addRoom' : 'calendar.settings.addPractitioner')}
            </Button>
          </div>
          {all.map((one) => (
            <HoursCard
              key={one.reference}
              title={one.display}
              availability={one.availability}
              inherits
              onEdit={() =>
                onEdit({ title: one.display, schedule: one.schedule, availability: one.availability, inherits: true })
              }
            />
          ))}
        </section>
      ))}
    </>
  );
}

/** "Mon, Tue 08:00–12:00; Wed 09:00–17:00" */
function hoursText({ open }: Availability, { t }: Say): string | undefined {
  if (!open) return undefined;
  if (open.length === 0) return t('calendar.settings.none');
  return open
    .map(({ days, from, to }) => {
      const named =
        days.length === 7
          ? `${t('calendar.weekdays.mon')}–${t('calendar.weekdays.sun')}`
          : days.map((day) => t(`calendar.weekdays.${day}`)).join(', ');
      return `${named} ${from}–${to}`;
    })
    .join('; ');
}

function HoursCard({
  title,
  availability,
  inherits = false,
  onEdit,
}: {
  title: string;
  availability: Availability;
  inherits?: boolean;
  onEdit: () => void;
}) {
  const say = useSay();
  const { t, locale } = say;
  const away = availability.away.map(({ from, to, why }) => [formatSpan(from, to, locale), why].filter(Boolean).join(': '));
  return (
    <article className={classes.card} aria-label={title}>
      <div className={classes.cardHead}>
        <h3>{title}</h3>
        <Button variant="subtle" size="compact-md" aria-label={t('calendar.settings.editFor', { name: title })} onClick={onEdit}>
          {t('calendar.settings.edit')}
        </Button>
      </div>
      <p className={classes.hoursText}>{hoursText(availability, say) ?? (inherits ? t('calendar.settings.asPlace') : '')}</p>
      {away.length > 0 && (
        <p className={classes.hoursText}>
          {t('calendar.settings.away')}: {away.join('; ')}
        </p>
      )}
    </article>
  );
}

/** Writes a Schedule, and makes the calendar true again. */
function useWriteSchedule(done: string, onDone: () => unknown) {
  const say = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (resources: readonly (Schedule | Location)[]) => api.transact<Schedule | Location>(resources, attempt(resources)),
    onSuccess: async () => {
      tellDone(say, done);
      await onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: calendarKeys.all(api) }),
  });
}

const NEW_SPAN: OpenSpan = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00' };
/** A row of the form, with a name of its own so that taking one away takes away the right one. */
type Row<T> = T & { readonly key: number };
let made = 0;
const rowOf = <T,>(value: T): Row<T> => ({ ...value, key: made++ });
const withoutKey = <T,>({ key: _key, ...value }: Row<T>): T => value as unknown as T;

function HoursDialog({ edited, plan, onClose }: { edited: Edited; plan: Plan; onClose: () => void }) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const { schedule, availability, inherits, title } = edited;
  const [own, setOwn] = useState(!inherits || availability.open !== undefined);
  const [open, setOpen] = useState<readonly Row<OpenSpan>[]>(() => (availability.open ?? [NEW_SPAN]).map(rowOf));
  const [away, setAway] = useState<readonly Row<Absence>[]>(() => availability.away.map(rowOf));
  const [fault, setFault] = useState<string>();
  const [outside, setOutside] = useState<readonly Visit[]>();
  const write = useWriteSchedule(t('calendar.settings.saved'), async () => {
    const found = await outsideNow(api, queries, plan, edited, locale.timeZone);
    if (found.length > 0) setOutside(found);
    else onClose();
  });
  const removal = useWriteSchedule(t('calendar.settings.removed', { name: title }), onClose);
  const change = <T,>(rows: readonly Row<T>[], key: number, next: Partial<T>): readonly Row<T>[] =>
    rows.map((row) => (row.key === key ? { ...row, ...next } : row));

  const save = () => {
    const spans = open.map((row) => withoutKey<OpenSpan>(row));
    const days = away.map((row) => withoutKey<Absence>(row));
    const badHours = own && spans.some((span) => span.days.length === 0 || !span.from || !span.to || span.to <= span.from);
    const badDays = days.some(({ from, to }) => !from || !to || to < from);
    setFault(badHours ? t('calendar.settings.invalidHours') : badDays ? t('calendar.settings.invalidAway') : undefined);
    if (badHours || badDays) return;
    const extension = [
      ...(schedule.extension ?? []).filter(({ url }) => url !== AVAILABILITY),
      availabilityExtension({ open: own ? spans : undefined, away: days }),
    ];
    write.mutate([{ ...schedule, extension }]);
  };
  const error = write.error ?? removal.error;
  if (outside) return <OutsideDialog title={title} visits={outside} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form
        className={classes.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {inherits && (
          <Checkbox label={t('calendar.settings.own')} checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} />
        )}
        {own &&
          open.map(({ key, days, from, to }) => (
            <div key={key} className={classes.spanRow}>
              <fieldset>
                <legend className="visually-hidden">{t('calendar.settings.days')}</legend>
                <div className={classes.times}>
                  {WEEKDAYS.map((day) => (
                    <Checkbox
                      key={day}
                      label={t(`calendar.weekdays.${day}`)}
                      checked={days.includes(day)}
                      onChange={(event) => {
                        const { checked } = event.currentTarget;
                        setOpen(
                          change(open, key, { days: WEEKDAYS.filter((one) => (one === day ? checked : days.includes(one))) }),
                        );
                      }}
                    />
                  ))}
                </div>
              </fieldset>
              <TextInput
                type="time"
                label={t('calendar.settings.open')}
                value={from}
                onChange={(event) => setOpen(change(open, key, { from: event.currentTarget.value }))}
              />
              <TextInput
                type="time"
                label={t('calendar.settings.close')}
                value={to === '24:00' ? '23:59' : to}
                onChange={(event) => setOpen(change(open, key, { to: event.currentTarget.value }))}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t('calendar.settings.removeSpan')}
                onClick={() => setOpen(open.filter((row) => row.key !== key))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </div>
          ))}
        {own && (
          <div>
            <Button variant="default" size="compact-md" onClick={() => setOpen([...open, rowOf(NEW_SPAN)])}>
              {t('calendar.settings.addSpan')}
            </Button>
          </div>
        )}
        <h3 className={classes.subTitle}>{t('calendar.settings.away')}</h3>
        {away.map(({ key, from, to, why }) => (
          <div key={key} className={classes.spanRow}>
            <TextInput
              type="date"
              label={t('calendar.settings.awayFrom')}
              value={from}
              onChange={(event) => setAway(change(away, key, { from: event.currentTarget.value }))}
            />
            <TextInput
              type="date"
              label={t('calendar.settings.awayTo')}
              value={to}
              onChange={(event) => setAway(change(away, key, { to: event.currentTarget.value }))}
            />
            <TextInput
              label={t('calendar.settings.why')}
              value={why ?? ''}
              maxLength={80}
              onChange={(event) => setAway(change(away, key, { why: event.currentTarget.value }))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t('calendar.settings.removeAway')}
              onClick={() => setAway(away.filter((row) => row.key !== key))}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button variant="default" size="compact-md" onClick={() => setAway([...away, rowOf<Absence>({ from: '', to: '' })])}>
            {t('calendar.settings.addAway')}
          </Button>
        </div>
        {fault && (
          <Text c="red" role="alert">
            {fault}
          </Text>
        )}
        {error && <SaveError error={error} />}
        <div className={classes.actions}>
          <Button type="submit" loading={write.isPending}>
            {t('calendar.settings.save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('form.close')}
          </Button>
          {inherits && isKept(schedule) && (
            <Button
              variant="subtle"
              color="red"
              loading={removal.isPending}
              onClick={() => removal.mutate([{ ...schedule, active: false }])}
            >
              {t('calendar.settings.remove')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** The visits to come that the hours of before held, and those of now do not. */
async function outsideNow(api: Api, queries: QueryClient, before: Plan, { schedule }: Edited, timeZone: string) {
  const references = schedule.actor.flatMap(({ reference }) => reference ?? []);
  const nowMs = Date.now();
  const [now, booked] = await Promise.all([
    queries.fetchQuery({ ...planQuery(api), staleTime: 0 }),
    queries.fetchQuery(bookedWithQuery(api, references[0] ?? '', nowMs)),
  ]);
  const visits = booked.map((appointment) => visitOf(appointment, now));
  const held = new Set(outsideHours(visits, before, timeZone));
  return outsideHours(visits, now, timeZone).filter((visit) => !held.has(visit));
}

/** What the new hours leave outside: nothing is cancelled by a change of hours, so somebody has to look. */
function OutsideDialog({ title, visits, onClose }: { title: string; visits: readonly Visit[]; onClose: () => void }) {
  const { t, locale } = useSay();
  const { slug } = useTenant();
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <div className={classes.stack}>
        <Text role="alert">{t('calendar.settings.affected', { count: visits.length })}</Text>
        <ul className={classes.outside}>
          {visits.slice(0, MOST_LISTED).map((visit) => (
            <li key={visit.id}>
              <Anchor
                component={Link}
                underline="always"
                to={addresses.calendar(slug, `date=${dayIn(visit.startMs, locale.timeZone)}&visit=${visit.id}`)}
              >
                {formatMoment(new Date(visit.startMs).toISOString(), locale)}
              </Anchor>{' '}
              {[visit.patient.name, visit.typeName, ...visit.practitioners.map(({ name }) => name)].filter(Boolean).join(' · ')}
            </li>
          ))}
        </ul>
        {visits.length > MOST_LISTED && (
          <Text>{t('calendar.settings.affectedMore', { count: visits.length - MOST_LISTED })}</Text>
        )}
        <div>
          <Button onClick={onClose}>{t('form.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
const MOST_LISTED = 30;

const PHYSICAL_TYPE = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

/** A room and its Schedule: the one is nothing without the other. */
function roomWithSchedule(id: string, name: string, place: string): [Location, Schedule] {
  return [
    {
      resourceType: 'Location',
      id,
      status: 'active',
      name,
      mode: 'instance',
      physicalType: { coding: [{ system: PHYSICAL_TYPE, code: 'ro', display: 'Room' }] },
      ...(place && { partOf: { reference: place } }),
    },
    { resourceType: 'Schedule', active: true, actor: [{ reference: id, display: name }] },
  ];
}

function RoomDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { t } = useSay();
  const [id] = useState(() => `urn:uuid:${crypto.randomUUID()}`);
  const [name, setName] = useState('');
  const [place, setPlace] = useState(plan.places[0]?.reference ?? '');
  const write = useWriteSchedule(t('calendar.settings.saved'), onClose);
  return (
    <Dialog onClose={onClose} title={t('calendar.settings.addRoom')}>
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) write.mutate(roomWithSchedule(id, name.trim(), place));
        }}
      >
        <TextInput
          label={t('calendar.settings.roomName')}
          value={name}
          maxLength={60}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {plan.places.length > 1 && (
          <NativeSelect
            label={t('calendar.place')}
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            data={plan.places.map(({ reference, name: label }) => ({ value: reference, label }))}
          />
        )}
        {write.error && <SaveError error={write.error} />}
        <Button type="submit" loading={write.isPending} disabled={!name.trim()}>
          {t('calendar.settings.add')}
        </Button>
      </form>
    </Dialog>
  );
}

/** Practitioners of the clinic who cannot be booked yet. */
function PractitionerDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { t } = useSay();
  const { api } = useTenant();
  const [chosen, setChosen] = useState('');
  const write = useWriteSchedule(t('calendar.settings.saved'), onClose);
  const all = useQuery({
    queryKey: [...calendarKeys.all(api), 'practitioners'],
    queryFn: async ({ signal }) =>
      matches(await api.search<Practitioner>('Practitioner', new URLSearchParams({ _count: '200' }), signal)),
  });
  const known = new Set(plan.practitioners.map(({ reference }) => reference));
  const others = (all.data ?? [])
    .filter(({ id, active }) => active !== false && !known.has(`Practitioner/${id}`))
    .map(({ id, name }) => ({ value: `Practitioner/${id}`, label: personName(name) ?? '' }));
  const [first] = others;
  const reference = chosen || first?.value;
  return (
    <Dialog onClose={onClose} title={t('calendar.settings.addPractitioner')}>
      {all.isPending && <LoadingLines lines={2} label={t('common.loading', { what: t('calendar.settings.practitioners') })} />}
      {all.isLoadingError && <ErrorState error={all.error} onRetry={() => void all.refetch()} />}
      {all.data && others.length === 0 && <Text>{t('calendar.settings.noneToAdd')}</Text>}
      {others.length > 0 && (
        <form
          className={classes.stack}
          onSubmit={(event) => {
            event.preventDefault();
            const label = others.find(({ value }) => value === reference)?.label;
            if (!reference) return;
            write.mutate([
              {
                resourceType: 'Schedule',
                active: true,
                actor: [
                  { reference, ...(label && { display: label }) },
                  ...(plan.places[0] ? [{ reference: plan.places[0].reference, display: plan.places[0].name }] : []),
                ],
              },
            ]);
          }}
        >
          <NativeSelect
            label={t('calendar.settings.name')}
            value={reference}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={others}
          />
          {write.error && <SaveError error={write.error} />}
          <Button type="submit" loading={write.isPending}>
            {t('calendar.settings.add')}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
