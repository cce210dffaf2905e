import { randomUUID } from 'node:crypto';
import type { Appointment, Bundle, Encounter, Location, OperationOutcome, ParametersParameter, Schedule } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordTargets } from '../../functions/imports/targets.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { OnlineTimes } from '../../schemas/portal.ts';
import {
  availabilityExtension,
  minutesExtension,
  ONLINE_BOOKABLE,
  OVERRIDE,
  START_STEP,
  TIME_ZONE,
  VISIT_LENGTH,
  WEEKDAYS,
  zoneOfVisit,
} from '../../schemas/scheduling.ts';
import { wallMs } from '../../schemas/wall-clock.ts';
import { call } from '../support/api.ts';
import { CHANGE_NIGHTS } from '../support/change-nights.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { injectFaults } from '../support/fault-injection.ts';
import { scopeOf } from '../support/records.ts';

const F = '/api/oak/fhir/R4';
let clinics: Clinics;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A Tuesday some weeks ahead; Chicago keeps winter time until March. */
const TUESDAY = (() => {
  const day = new Date('2027-01-05T00:00:00Z');
  while (day.getTime() < Date.now() + 14 * DAY_MS) day.setUTCDate(day.getUTCDate() + 364);
  return day.toISOString().slice(0, 10);
})();
const at = (clock: string, day = TUESDAY): string => new Date(`${day}T${clock}:00-06:00`).toISOString();

beforeAll(async () => {
  clinics = await openClinics();
  const scope = scopeOf(clinics.tenants.oak);
  const schedule = (
    id: string,
    actors: string[],
    open?: Parameters<typeof availabilityExtension>[0]['open'],
  ): Schedule & { id: string } => ({
    resourceType: 'Schedule',
    id,
    active: true,
    actor: actors.map((reference) => ({ reference, display: reference.split('/')[1] ?? '' })),
    ...(open && { extension: [availabilityExtension({ open, away: [] })] }),
  });
  const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const site: Location & { id: string } = { resourceType: 'Location', id: 'site', name: 'Oak' };
  const rooms = ['room-1', 'room-2'].map((id): Location & { id: string } => ({
    resourceType: 'Location',
    id,
    name: id,
    physicalType: { coding: [{ code: 'ro' }] },
    partOf: { reference: 'Location/site' },
  }));
  for (const resource of [
    site,
    ...rooms,
    ...['osei', 'nasser', 'kim'].map((id) => ({ resourceType: 'Practitioner' as const, id, name: [{ text: `Dr. ${id}` }] })),
    ...['ada', 'bo', 'cy', 'di'].map((id) => ({ resourceType: 'Patient' as const, id, name: [{ text: id }] })),
    schedule(
      's-site',
      ['Location/site'],
      [
        { days: weekdays, from: '08:00', to: '12:00' },
        { days: weekdays, from: '13:00', to: '17:00' },
      ],
    ),
    schedule('s-osei', ['Practitioner/osei', 'Location/site']),
    schedule('s-nasser', ['Practitioner/nasser', 'Location/site'], [{ days: ['tue'], from: '13:00', to: '17:00' }]),
    schedule('s-kim', ['Practitioner/kim', 'Location/site']),
    schedule('s-1', ['Location/room-1']),
    schedule('s-2', ['Location/room-2']),
    {
      resourceType: 'HealthcareService' as const,
      id: 'follow-up',
      name: 'Follow-up',
      type: [{ coding: [{ system: 'urn:tessera:visit-type', code: 'follow-up' }] }],
      extension: [{ url: VISIT_LENGTH, valueDuration: { value: 20, unit: 'min' } }],
    },
  ])
    await clinics.records.update(scope, resource);
});

const wish = (
  patient: string,
  who: string,
  start: string,
  more: string[] = ['HealthcareService/follow-up'],
  minutes = 20,
): Appointment => ({
  resourceType: 'Appointment',
  status: 'booked',
  start,
  end: new Date(Date.parse(start) + minutes * 60_000).toISOString(),
  participant: [`Patient/${patient}`, `Practitioner/${who}`, ...more].map((reference) => ({
    actor: { reference },
    status: 'needs-action',
  })),
});

/** A Bundle, or an OperationOutcome. */
interface Answer extends Omit<Bundle<Appointment>, 'resourceType'>, Omit<OperationOutcome, 'resourceType'> {}

const post = <Body = Answer>(path: string, body?: unknown, headers: Record<string, string> = {}) =>
  call<Body>(clinics.handlers.scheduling, 'POST', `${F}/Appointment${path}`, {
    token: clinics.tokenOf('oak', 'front-desk'),
    headers,
    ...(body !== undefined && { body }),
  });
const book = (appointment: Appointment, reason?: string, headers: Record<string, string> = {}) =>
  post(
    '/$book',
    {
      resourceType: 'Parameters',
      parameter: [
        { name: 'appointment-resource', resource: appointment },
        ...(reason ? [{ name: 'override-reason', valueString: reason }] : []),
      ],
    },
    headers,
  );
const namesIn = ({ issue }: Pick<OperationOutcome, 'issue'>): (string | undefined)[] =>
  issue.map(({ details }) => details?.coding?.[0]?.code);
const booked = async (appointment: Appointment): Promise<Appointment & { id: string }> => {
  const answer = await book(appointment);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.body.entry?.[0]?.resource as Appointment & { id: string };
};

describe('two people, one slot, one moment', () => {
  test.each([
    { between: 'one practitioner', rival: wish('bo', 'osei', at('09:10')), because: 'they overlap by ten minutes' },
    {
      between: 'one room',
      rival: wish('bo', 'kim', at('09:00'), ['Location/room-1', 'HealthcareService/follow-up']),
      because: '',
    },
    { between: 'one patient', rival: wish('ada', 'kim', at('09:00')), because: 'nobody is in two places' },
  ])('$between: exactly one 201, the others 409 with alternatives', async ({ rival }) => {
    const start = at('09:00');
    const day = { ...wish('ada', 'osei', start, ['Location/room-1', 'HealthcareService/follow-up']) };
    const answers = await Promise.all([book(day), book(rival), book(day), book(rival), book(day)]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect(namesIn(body)).toContain('booking-taken');
      expect(namesIn(body).filter((name) => name === 'booking-alternative').length).toBeGreaterThan(0);
    }
    const won = answers.find(({ status }) => status === 201)?.body.entry?.[0]?.resource;
    expect((await post<Appointment>(`/${won?.id}/$cancel`, { reason: 'pat' })).status).toBe(200);
  });

  test('ten visits of one day, one after the other, booked at once: all ten stand', async () => {
    const wishes = Array.from({ length: 10 }, (_, turn) =>
      wish('di', 'osei', at(`13:${String(turn * 5).padStart(2, '0')}`), ['Location/room-2'], 5),
    );
    const answers = await Promise.all(wishes.map((one) => book(one)));
    expect(answers.map(({ status }) => status)).toEqual(wishes.map(() => 201));
  });

  test('a booking sent twice under one key books once', async () => {
    const key = { 'idempotency-key': 'front-desk-1234' };
    const answers = await Promise.all([1, 2, 3].map(() => book(wish('cy', 'osei', at('10:00')), undefined, key)));
    const later = await book(wish('cy', 'osei', at('10:00')), undefined, key);
    const ids = [...answers, later].filter(({ status }) => status === 201).map(({ body }) => body.entry?.[0]?.resource?.id);
    expect(later.status).toBe(201);
    expect(new Set(ids).size).toBe(1);
    expect((await book(wish('cy', 'osei', at('10:20')), undefined, key)).status).toBe(422);
  });

  test('no other way of writing an Appointment books a minute twice: POST, PUT, transaction', async () => {
    const taken = await booked(wish('bo', 'osei', at('10:40')));
    const rival = wish('cy', 'osei', at('10:50'), [], 10);
    const send = (method: string, path: string, body: object) =>
      call<OperationOutcome>(clinics.handlers.records, method, `${F}${path}`, {
        token: clinics.tokenOf('oak', 'front-desk'),
        body,
      });
    const posted = await send('POST', '/Appointment', rival);
    expect([posted.status, namesIn(posted.body)]).toEqual([409, ['time-taken']]);
    expect((await send('PUT', '/Appointment/rival', { ...rival, id: 'rival' })).status).toBe(409);
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: rival, request: { method: 'POST', url: 'Appointment' } }],
    };
    expect((await send('POST', '', bundle)).status).toBe(409);
    // What is over already is moved in as it was; and a cancelled visit has freed its time.
    const old = { ...wish('cy', 'osei', '2020-03-03T15:00:00Z'), end: '2020-03-03T15:20:00Z', status: 'fulfilled' };
    expect([(await send('POST', '/Appointment', old)).status, (await send('POST', '/Appointment', old)).status]).toEqual([
      201, 201,
    ]);
    await post(`/${taken.id}/$cancel`, { reason: 'prov' });
    expect((await send('POST', '/Appointment', rival)).status).toBe(201);
  });
});

describe('over what stands in the way', () => {
  test('all of it is listed, and a reason books over it: on the Appointment and in the AuditEvent', async () => {
    await booked(wish('ada', 'nasser', at('13:00'), ['Location/room-1', 'HealthcareService/follow-up']));
    const asked = wish('ada', 'nasser', at('12:50'), ['Location/room-1']);
    const refused = await book(asked);
    expect(refused.status).toBe(409);
    expect(namesIn(refused.body).filter((name) => name !== 'booking-alternative')).toEqual([
      'booking-outside-hours', // the clinic's lunch
      'booking-outside-hours', // her own hours
      'booking-taken', // the patient
      'booking-taken', // the practitioner
      'booking-taken', // the room
    ]);
    const answer = await book(asked, 'Mother and child together');
    expect(answer.status).toBe(201);
    const visit = answer.body.entry?.[0]?.resource as Appointment;
    const override = visit.extension?.find(({ url }) => url === OVERRIDE)?.extension ?? [];
    expect(override.find(({ url }) => url === 'reason')?.valueString).toBe('Mother and child together');
    expect(override.filter(({ url }) => url === 'over')).toHaveLength(5);
    const to = new Date().toISOString().slice(0, 10);
    const question = { whose: { patient: 'ada' as FhirId }, from: to, to };
    const trail = await clinics.records.auditEvents(scopeOf(clinics.tenants.oak), question, { count: 50 });
    expect(JSON.stringify(trail.items)).toContain('"purposeOfEvent":[{"text":"Mother and child together"}]');
  });
});

describe('a visit', () => {
  test('is found, moved, confirmed, checked in once with its Encounter, and taken back', async () => {
    const found = await post('/$find', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDateTime: at('11:00') },
        { name: 'end', valueDateTime: at('17:00') },
        { name: 'practitioner', valueReference: { reference: 'Practitioner/osei' } },
        { name: 'visit-type', valueReference: { reference: 'HealthcareService/follow-up' } },
        { name: 'patient', valueReference: { reference: 'Patient/di' } },
        { name: 'count', valueInteger: 3 },
      ],
    });
    expect(found.body.entry?.map(({ resource }) => resource?.start)).toEqual([at('11:00'), at('11:10'), at('11:20')]);
    const visit = await booked({ ...(found.body.entry?.[0]?.resource as Appointment) });
    expect(visit).toMatchObject({ status: 'booked', end: at('11:20') });
    expect(visit.participant.map(({ actor }) => actor?.reference)).toContain('Location/site');

    const moved = await post<Appointment>(`/${visit.id}/$move`, { start: at('11:30') }, { 'if-match': 'W/"1"' });
    expect([moved.status, moved.body.start, moved.body.end]).toEqual([200, at('11:30'), at('11:50')]);
    expect((await post(`/${visit.id}/$move`, { start: at('11:40') }, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await post(`/${visit.id}/$no-show`)).status).toBe(409); // it has not begun
    expect(
      (await post<Appointment>(`/${visit.id}/$confirm`)).body.participant.find(({ actor }) => actor?.reference === 'Patient/di')
        ?.status,
    ).toBe('accepted');

    const both = await Promise.all([1, 2].map(() => post<Bundle>(`/${visit.id}/$check-in`)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    const [one, other] = both.map(({ body }) => body.entry?.[1]?.resource as Encounter);
    expect(one).toMatchObject({
      status: 'arrived',
      appointment: [{ reference: `Appointment/${visit.id}` }],
      subject: { reference: 'Patient/di' },
    });
    expect(other?.id).toBe(one?.id);

    const undone = await post<Appointment>(`/${visit.id}/$undo`, undefined, { 'if-match': 'W/"4"' });
    expect([undone.status, undone.body.status]).toEqual([200, 'booked']);
    const scope = scopeOf(clinics.tenants.oak);
    expect((await clinics.records.read<Encounter>(scope, 'Encounter', one?.id as FhirId)).status).toBe('entered-in-error');
    expect((await post<Bundle>(`/${visit.id}/$check-in`)).status).toBe(201);
  });

  test('cancelled by mistake is taken back, unless its time has been given away since', async () => {
    const visit = await booked(wish('bo', 'osei', at('14:30')));
    await post(`/${visit.id}/$cancel`, { reason: 'pat', text: 'Has a cold' });
    expect((await post<Appointment>(`/${visit.id}/$undo`, undefined, { 'if-match': 'W/"2"' })).body.status).toBe('booked');
    await post(`/${visit.id}/$cancel`, { reason: 'pat' });
    await booked(wish('cy', 'osei', at('14:30')));
    const late = await post(`/${visit.id}/$undo`, undefined, { 'if-match': 'W/"4"' });
    expect([late.status, namesIn(late.body)[0]]).toEqual([409, 'time-taken']);
  });

  test('moved to another practitioner at the same time, or made longer: taken back like any move; a confirmation is none', async () => {
    const visit = await booked(wish('bo', 'osei', at('16:30')));
    const move = async (body: object, version: number) =>
      (await post<Appointment>(`/${visit.id}/$move`, { start: at('16:30'), ...body }, { 'if-match': `W/"${version}"` })).status;
    const back = (version: number) => post<Appointment>(`/${visit.id}/$undo`, undefined, { 'if-match': `W/"${version}"` });
    expect(await move({ practitioner: 'Practitioner/kim' }, 1)).toBe(200);
    expect([await takes(visit.id, 'osei'), await takes(visit.id, 'kim')]).toEqual([[], [at('16:30')]]);
    expect((await back(2)).status).toBe(200);
    expect([await takes(visit.id, 'osei'), await takes(visit.id, 'kim')]).toEqual([[at('16:30')], []]);
    expect(await move({ minutes: 30 }, 3)).toBe(200);
    expect(await back(4)).toMatchObject({ status: 200, body: { end: visit.end } });
    await post(`/${visit.id}/$confirm`);
    expect((await back(6)).status).toBe(409);
  });

  test('booked over another and cancelled: taken back over that one, and over nobody who has the time since', async () => {
    await booked(wish('bo', 'kim', at('10:00')));
    const answer = await book(wish('cy', 'kim', at('10:10'), []), 'Mother and child together');
    const visit = answer.body.entry?.[0]?.resource as Appointment;
    await post(`/${visit.id}/$cancel`, { reason: 'pat' });
    const back = await post<Appointment>(`/${visit.id}/$undo`, undefined, { 'if-match': 'W/"2"' });
    expect([back.status, back.body.status]).toEqual([200, 'booked']);
    await post(`/${visit.id}/$cancel`, { reason: 'pat' });
    const later = await booked(wish('ada', 'kim', at('10:20')));
    const late = await post(`/${visit.id}/$undo`, undefined, { 'if-match': 'W/"4"' });
    expect([late.status, namesIn(late.body)[0]]).toEqual([409, 'time-taken']);
    expect(await takes(later.id, 'kim')).toEqual([at('10:20')]);
  });

  test('held for five minutes: nobody else gets the time, and the hold becomes the booking', async () => {
    const held = await post('/$hold', {
      resourceType: 'Parameters',
      parameter: [{ name: 'appointment-resource', resource: wish('bo', 'osei', at('15:30')) }],
    });
    expect(held.status).toBe(201);
    const hold = held.body.entry?.[0]?.resource;
    expect(hold?.status).toBe('pending');
    expect((await book(wish('cy', 'osei', at('15:30')))).status).toBe(409);
    const reference = { name: 'appointment-reference', valueReference: { reference: `Appointment/${hold?.id}` } };
    const answer = await post('/$book', { resourceType: 'Parameters', parameter: [reference] });
    expect([answer.status, answer.body.entry?.[0]?.resource?.status]).toEqual([201, 'booked']);
  });

  test('a day of a practitioner, of a room and of the clinic are searches by time', async () => {
    const search = async (query: string) =>
      (
        await call<Bundle<Appointment>>(clinics.handlers.records, 'GET', `${F}/Appointment?${query}`, {
          token: clinics.tokenOf('oak', 'nurse'),
        })
      ).body.entry?.map(({ resource }) => resource?.start ?? '') ?? [];
    const day = `date=ge${TUESDAY}T00:00:00-06:00&date=lt${TUESDAY}T23:59:00-06:00`;
    const all = await search(`${day}&_count=200&_sort=date`);
    expect(all).toEqual([...all].sort());
    const osei = await search(`${day}&practitioner=Practitioner/osei&_count=200`);
    const room = await search(`${day}&location=room-2&_count=200`);
    expect(room).toHaveLength(10);
    expect(osei.length).toBeGreaterThan(10);
    expect(all.length).toBeGreaterThan(osei.length);
    expect(await search(`${day}&practitioner=osei&status=cancelled`)).toHaveLength(
      osei.length - (await search(`${day}&practitioner=osei&status:not=cancelled&_count=200`)).length,
    );
  });
});

describe('the patient, by themselves', () => {
  const own = (patient: string, path: string, body?: object) =>
    call<Omit<Appointment, 'resourceType'> & Pick<OperationOutcome, 'issue'>>(
      clinics.handlers.scheduling,
      'POST',
      `/api/oak/portal/visits${path}`,
      {
        token: clinics.patientToken('oak', patient),
        ...(body && { body }),
      },
    );

  test('cancels a visit of theirs that is to come, none that has begun, and nobody else’s', async () => {
    const toCome = await booked(wish('bo', 'kim', at('11:00')));
    expect((await own('cy', `/${toCome.id}/cancel`)).status).toBe(404);
    const answer = await own('bo', `/${toCome.id}/cancel`);
    expect([answer.status, answer.body.status]).toEqual([200, 'cancelled']);
    const begun = { ...wish('bo', 'kim', new Date(Date.now() - 5 * 60_000).toISOString()), id: 'begun' };
    await clinics.records.update(scopeOf(clinics.tenants.oak), begun);
    const late = await own('bo', '/begun/cancel');
    expect([late.status, namesIn(late.body)]).toEqual([409, ['visit-link-expired']]);
    const stands = await clinics.records.read<Appointment>(scopeOf(clinics.tenants.oak), 'Appointment', 'begun' as FhirId);
    expect(stands.status).toBe('booked');
  });

  test('page after page of free times has no gap and no repeat, with anybody as with each alone', async () => {
    await clinics.records.update(scopeOf(clinics.tenants.oak), {
      resourceType: 'HealthcareService',
      id: 'online',
      name: 'Follow-up online',
      extension: [
        { url: VISIT_LENGTH, valueDuration: { value: 20, unit: 'min' } },
        { url: ONLINE_BOOKABLE, valueBoolean: true },
      ],
    });
    /** "start practitioner" of so many pages, and where they end. */
    const pages = async (count: number, practitioner?: string) => {
      const found: string[] = [];
      let from: string | undefined = at('08:00');
      for (let page = 0; from && page < count; page += 1) {
        const { status, body }: { status: number; body: OnlineTimes } = await call<OnlineTimes>(
          clinics.handlers.scheduling,
          'POST',
          '/api/oak/portal/visits/free',
          {
            token: clinics.patientToken('oak', 'di'),
            headers: { 'content-type': 'application/json' },
            body: { visitType: 'online', from, ...(practitioner && { practitioner }) },
          },
        );
        expect(status).toBe(200);
        expect(body.practitioners.map(({ id }) => id)).toEqual(['kim', 'nasser', 'osei']);
        found.push(...body.times.map((time) => `${time.start} ${time.practitioner}`));
        from = body.next;
      }
      return { found, end: from ?? '' };
    };
    const { found, end } = await pages(3);
    expect(new Set(found).size).toBe(found.length);
    expect(found.map((time) => time.slice(0, 24))).toEqual(found.map((time) => time.slice(0, 24)).toSorted());
    const alone = await Promise.all(['kim', 'nasser', 'osei'].map((who) => pages(3, who)));
    const expected = alone.flatMap((one) => one.found).filter((time) => time < end);
    for (const one of alone) expect(one.end > end).toBe(true);
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(found.length).toBeGreaterThan(300);
  });
});

describe('a kind of visit that begins at full quarters', () => {
  test('is offered so at the desk, to the patient and in place of a taken time; the patient books no other minute, the desk does', async () => {
    await clinics.records.update(scopeOf(clinics.tenants.oak), {
      resourceType: 'HealthcareService',
      id: 'quarters',
      name: 'At quarters',
      extension: [
        minutesExtension(VISIT_LENGTH, 20),
        minutesExtension(START_STEP, 15),
        { url: ONLINE_BOOKABLE, valueBoolean: true },
      ],
    });
    const day = new Date(Date.parse(TUESDAY) + 7 * DAY_MS).toISOString().slice(0, 10);
    const of = (patient: string, clock: string) => wish(patient, 'kim', at(clock, day), ['HealthcareService/quarters']);
    await booked(of('ada', '08:05'));
    const found = await post('/$find', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDateTime: at('08:00', day) },
        { name: 'practitioner', valueReference: { reference: 'Practitioner/kim' } },
        { name: 'visit-type', valueReference: { reference: 'HealthcareService/quarters' } },
        { name: 'count', valueInteger: 3 },
      ],
    });
    const quarters = ['08:30', '08:45', '09:00'].map((clock) => at(clock, day));
    expect(found.body.entry?.map(({ resource }) => resource?.start)).toEqual(quarters);
    const own = <Body = Answer>(path: string, body: unknown) =>
      call<Body>(clinics.handlers.scheduling, 'POST', `/api/oak/portal/visits${path}`, {
        token: clinics.patientToken('oak', 'di'),
        headers: { 'content-type': 'application/json' },
        body,
      });
    const free = await own<OnlineTimes>('/free', { visitType: 'quarters', practitioner: 'kim', from: at('08:00', day) });
    expect(free.body.times.slice(0, 3).map(({ start }) => start)).toEqual(quarters);
    const mine = (clock: string) => own('', { visitType: 'quarters', practitioner: 'kim', start: at(clock, day) });
    const between = await mine('08:40');
    expect([between.status, namesIn(between.body)]).toEqual([409, ['portal-time-taken']]);
    expect((await mine('08:30')).status).toBe(201);
    const refused = await book(of('bo', '08:40'));
    const instead = refused.body.issue.filter(({ details }) => details?.coding?.[0]?.code === 'booking-alternative');
    expect(instead.map(({ details }) => details?.extension?.find(({ url }) => url.endsWith(':start'))?.valueString)).toEqual(
      ['09:00', '09:15', '09:30'].map((clock) => at(clock, day)),
    );
    expect((await book(of('bo', '09:05'))).status).toBe(201);
  });
});

describe('an import', () => {
  test('brings histories as they were; of visits to come that overlap it refuses those that come second, and its repeat changes nothing', async () => {
    const scope = scopeOf(clinics.tenants.oak, { roles: ['admin'] });
    const targets = recordTargets(clinics.records, {});
    const item = (id: string, start: string, status: Appointment['status'] = 'booked') => ({
      resource: { ...wish('bo', 'kim', start, []), status, id },
      id: id as FhirId,
      source: 'https://old.test',
    });
    const old = [item('old-1', '2020-03-03T15:00:00Z', 'fulfilled'), item('old-2', '2020-03-03T15:00:00Z', 'fulfilled')];
    expect(await targets.createMany(scope, old)).toEqual(['created', 'created']);
    const first = item('next-1', at('16:00'));
    expect(await targets.refusalOf(scope, first.resource)).toEqual([]);
    expect(await targets.createMany(scope, [first])).toEqual(['created']);
    const second = item('next-2', at('16:10'));
    expect(await targets.refusalOf(scope, second.resource)).toHaveLength(2); // the patient, and the practitioner
    await expect(targets.createMany(scope, [second])).rejects.toMatchObject({ kind: 'conflict' });
    expect(await targets.createMany(scope, [...old, first])).toEqual(['present', 'present', 'present']);
  });
});

describe('the nights on which the clocks change', () => {
  /** Nobody's hours, so that the night is open; Chicago's clocks go forward at 08:00Z on 14 March 2027, and back at 07:00Z on 7 November. */
  test.each([
    { night: 'an hour is missing', before: '2027-03-14T07:40:00Z', after: '2027-03-14T08:00:00Z', clocks: ['01:40', '03:00'] },
    { night: 'an hour comes twice', before: '2027-11-07T06:30:00Z', after: '2027-11-07T07:30:00Z', clocks: ['01:30', '01:30'] },
  ])('$night: visits before and after it are two, of their full length', async ({ before, after, clocks }) => {
    const through = 'The clinic sees somebody through the night';
    const first = (await book(wish('ada', 'osei', before), through)).body.entry?.[0]?.resource as Appointment;
    const second = (await book(wish('bo', 'osei', after), through)).body.entry?.[0]?.resource as Appointment;
    for (const [visit, start] of [
      [first, before],
      [second, after],
    ] as const) {
      expect([visit.status, Date.parse(visit.start ?? ''), visit.minutesDuration]).toEqual(['booked', Date.parse(start), 20]);
      expect(Date.parse(visit.end ?? '') - Date.parse(start)).toBe(20 * 60_000);
    }
    for (const [start, clock] of [
      [before, clocks[0]],
      [after, clocks[1]],
    ] as const) {
      const refused = await book(wish('cy', 'osei', new Date(Date.parse(start) + 10 * 60_000).toISOString(), [], 10));
      const inTheWay = refused.body.issue.filter(({ details }) => details?.coding?.[0]?.code === 'booking-taken');
      expect(inTheWay.map(({ details }) => details?.text)).toEqual([expect.stringContaining(` ${clock} to `)]);
    }
  });

  /** A place in another zone, open through its night, with somebody who works there. */
  async function placeIn(timeZone: string): Promise<{ place: string; who: string; patient: string }> {
    const scope = scopeOf(clinics.tenants.oak);
    const [place, who, patient] = [
      `site-${randomUUID().slice(0, 6)}`,
      `dr-${randomUUID().slice(0, 6)}`,
      `pt-${randomUUID().slice(0, 6)}`,
    ];
    const open = [
      { days: WEEKDAYS, from: '00:00', to: '06:00' },
      { days: WEEKDAYS, from: '22:00', to: '24:00' },
    ];
    const actorOf = (id: string, type: string) => ({ reference: `${type}/${id}`, display: id });
    const schedule = (id: string, actor: Schedule['actor']): Schedule & { id: string } => ({
      resourceType: 'Schedule',
      id,
      active: true,
      actor,
    });
    for (const resource of [
      { resourceType: 'Location' as const, id: place, name: place, extension: [{ url: TIME_ZONE, valueCode: timeZone }] },
      { resourceType: 'Practitioner' as const, id: who, name: [{ text: who }] },
      { resourceType: 'Patient' as const, id: patient, name: [{ text: patient }] },
      { ...schedule(`s-${place}`, [actorOf(place, 'Location')]), extension: [availabilityExtension({ open, away: [] })] },
      schedule(`s-${who}`, [actorOf(who, 'Practitioner'), actorOf(place, 'Location')]),
    ])
      await clinics.records.update(scope, resource);
    return { place, who, patient };
  }
  const findThrough = async (
    who: string | readonly string[],
    place: string | undefined,
    fromMs: number,
    toMs: number,
    ...more: readonly ParametersParameter[]
  ) => {
    const { body } = await post('/$find', {
      resourceType: 'Parameters',
      parameter: [
        ...[who].flat().map((id) => ({ name: 'practitioner', valueReference: { reference: `Practitioner/${id}` } })),
        ...(place ? [{ name: 'location', valueReference: { reference: `Location/${place}` } }] : []),
        { name: 'visit-type', valueReference: { reference: 'HealthcareService/follow-up' } },
        { name: 'start', valueDateTime: new Date(fromMs).toISOString() },
        { name: 'end', valueDateTime: new Date(toMs).toISOString() },
        { name: 'count', valueInteger: 50 },
        ...more,
      ],
    });
    return (body.entry ?? []).map(({ resource }) => resource as Appointment & { start: string; end: string });
  };

  test('who works in different places is offered each by the hours and the clock of their own, the earliest first', async () => {
    const there = await Promise.all(['America/Chicago', 'Asia/Kathmandu'].map(placeIn));
    const fromMs = Date.parse(at('00:00'));
    const offers = await findThrough(
      there.map(({ who }) => who),
      undefined,
      fromMs,
      fromMs + 8 * 3_600_000,
    );
    const clocks = (site: { place: string; who: string } | undefined, timeZone: string) =>
      offers
        .filter(({ participant }) => participant.some(({ actor }) => actor?.reference === `Practitioner/${site?.who}`))
        .map(({ start, participant }) => {
          expect(participant.map(({ actor }) => actor?.reference)).toContain(`Location/${site?.place}`);
          return new Date(wallMs(Date.parse(start), timeZone)).toISOString().slice(11, 16);
        });
    const [chicago, kathmandu] = [clocks(there[0], 'America/Chicago'), clocks(there[1], 'Asia/Kathmandu')];
    // Midnight in Chicago is a quarter to twelve in Kathmandu, where they open at ten in the evening, past the end of this span.
    expect([chicago.length > 20, chicago.every((clock) => clock < '06:00'), kathmandu]).toEqual([true, true, []]);
    const later = await findThrough(there[1]?.who ?? '', undefined, fromMs + 10 * 3_600_000, fromMs + 11 * 3_600_000);
    expect(later.length).toBeGreaterThan(2);
    // Anybody at one of the places is who works there.
    const anybody = await findThrough([], there[0]?.place, fromMs, fromMs + 3_600_000);
    expect(new Set(anybody.flatMap(({ participant }) => participant.map(({ actor }) => actor?.reference)))).toContain(
      `Practitioner/${there[0]?.who}`,
    );
    expect(JSON.stringify(anybody)).not.toMatch(new RegExp(`Practitioner/(osei|kim|${there[1]?.who})`));
    // And any room is one of its rooms.
    const scope = scopeOf(clinics.tenants.oak);
    const id = `room-of-${there[0]?.place}`;
    const physicalType = { coding: [{ code: 'ro' }] };
    const partOf = { reference: `Location/${there[0]?.place}` };
    await clinics.records.update(scope, { resourceType: 'Location', id, name: id, physicalType, partOf });
    await clinics.records.update(scope, { resourceType: 'Schedule', id, actor: [{ reference: `Location/${id}` }] });
    const anyRoom = { name: 'any-room', valueBoolean: true };
    const inRooms = await findThrough([], there[0]?.place, fromMs, fromMs + 3_600_000, anyRoom);
    const named = inRooms.flatMap(({ participant }) => participant.flatMap(({ actor }) => actor?.reference ?? []));
    expect(new Set(named.filter((reference) => reference.startsWith('Location/room-')))).toEqual(new Set([`Location/${id}`]));
    // Whoever may not read the place reads its clock in the visit.
    const [offer] = later as [(typeof later)[0]];
    const patient = { actor: { reference: `Patient/${there[1]?.patient}` }, status: 'needs-action' as const };
    const visit = await booked({ ...offer, status: 'booked', participant: [patient, ...offer.participant] });
    expect([offer, visit, ...offers].map(zoneOfVisit).slice(0, 3)).toEqual(['Asia/Kathmandu', 'Asia/Kathmandu', undefined]);
    expect(offers.map(({ start }) => start)).toEqual(offers.map(({ start }) => start).toSorted());
  });

  test('a place whose zone no clock knows is one of the clinic’s zone', async () => {
    const { who, place } = await placeIn('Middle-earth/Bree');
    const offers = await findThrough(who, place, Date.parse(at('00:00')), Date.parse(at('01:00')));
    expect(offers.map(({ start }) => start).slice(0, 2)).toEqual([at('00:00'), at('00:10')]);
  });

  test.each(
    CHANGE_NIGHTS.filter(({ timeZone }) => ['Europe/Madrid', 'Australia/Lord_Howe', 'America/Santiago'].includes(timeZone)),
  )(
    '$timeZone, $jumpMinutes minutes: what is offered is booked, moved over the change and back, and its old minutes are free',
    async ({ timeZone, atMs }) => {
      const { place, who, patient } = await placeIn(timeZone);
      const around = () => findThrough(who, place, atMs - 60 * MINUTE_MS, atMs + 60 * MINUTE_MS);
      const offers = await around();
      expect(offers.length).toBeGreaterThan(2);
      for (const { start, end } of offers) {
        expect(Date.parse(end) - Date.parse(start)).toBe(20 * MINUTE_MS);
        const shown = new Date(wallMs(Date.parse(start), timeZone)).toISOString().slice(11, 16);
        expect(shown < '06:00' || shown >= '22:00', shown).toBe(true);
      }
      const [first] = offers as [(typeof offers)[0]];
      const last = offers.at(-1) ?? first;
      const withPatient = { ...first, status: 'booked' as const };
      const participant = [
        { actor: { reference: `Patient/${patient}` }, status: 'needs-action' as const },
        ...first.participant.filter(({ actor }) => !actor?.reference?.startsWith('Patient/')),
      ];
      const visit = await booked({ ...withPatient, participant });
      const starts = async () => (await around()).map(({ start }) => Date.parse(start));
      expect(await starts()).not.toContain(Date.parse(first.start));
      const moved = await post<Appointment>(`/${visit.id}/$move`, { start: last.start }, { 'if-match': 'W/"1"' });
      expect([moved.status, Date.parse(moved.body.start ?? ''), moved.body.minutesDuration]).toEqual([
        200,
        Date.parse(last.start),
        20,
      ]);
      expect(await starts()).toContain(Date.parse(first.start));
      expect(await starts()).not.toContain(Date.parse(last.start));
      const back = await post<Appointment>(`/${visit.id}/$move`, { start: first.start }, { 'if-match': 'W/"2"' });
      expect([back.status, Date.parse(back.body.start ?? '')]).toEqual([200, Date.parse(first.start)]);
    },
  );
});

/** What stands in somebody's day book on the Tuesday, by visit. */
const takes = async (id: string, who = 'osei'): Promise<string[]> => {
  const actors = [{ type: 'Practitioner', id: who as FhirId }];
  const day = { startMs: Date.parse(at('00:00')), endMs: Date.parse(at('23:59')) };
  const taken = await clinics.records.taken(scopeOf(clinics.tenants.oak), actors, day);
  return taken.flatMap(({ appointment, startMs }) => (appointment === id ? [new Date(startMs).toISOString()] : []));
};
const FAULTY = [
  'conflict',
  'throttling',
  'time-out before commit',
  'time-out after commit',
  'time-out after commit, token forgotten',
] as const;

describe('the database fails as a visit is changed', () => {
  const scope = () => scopeOf(clinics.tenants.oak);
  const encountersOf = async (id: string): Promise<Encounter[]> => {
    const { items } = await clinics.records.chart(scope(), 'cy' as FhirId, { types: 'Encounter', count: 100 });
    return (items as Encounter[]).filter(({ appointment }) => appointment?.[0]?.reference === `Appointment/${id}`);
  };
  const CHANGES = [
    { way: '$move', body: { start: at('08:40') }, status: 'booked', taken: [at('08:40')], encounters: [] },
    { way: '$cancel', body: { reason: 'pat' }, status: 'cancelled', taken: [], encounters: [] },
    { way: '$check-in', body: undefined, status: 'arrived', taken: [at('08:30')], encounters: ['arrived'] },
    { way: '$undo', body: undefined, status: 'booked', taken: [at('08:30')], encounters: ['entered-in-error'] },
  ] as const;

  test.each(CHANGES.flatMap((change) => FAULTY.map((fault) => ({ ...change, fault }))))(
    '$way, $fault: it is done once and whole',
    async ({ way, body, status, taken, encounters, fault }) => {
      const visit = await booked(wish('cy', 'osei', at('08:30'), [], 5));
      if (way === '$undo') expect((await post(`/${visit.id}/$check-in`)).status).toBe(201);
      const version = way === '$undo' ? 2 : 1;
      const faults = injectFaults(clinics.client);
      faults.add('TransactWriteItemsCommand', fault);
      const answer = await post(`/${visit.id}/${way}`, body, { 'if-match': `W/"${version}"` });
      clinics.client.middlewareStack.remove('faults');
      expect([answer.status, faults.met]).toEqual([way === '$check-in' ? 201 : 200, [fault]]);
      const now = await clinics.records.read<Appointment>(scope(), 'Appointment', visit.id as FhirId);
      expect([now.status, now.meta.versionId]).toEqual([status, String(version + 1)]);
      expect(await takes(visit.id)).toEqual(taken);
      expect((await encountersOf(visit.id)).map((one) => one.status)).toEqual(encounters);
      await clinics.records.update(scope(), { ...now, status: 'cancelled' });
    },
  );
});

describe('the database fails as a visit is booked', () => {
  test.each(FAULTY)('%s: it is booked once, and its time is taken once', async (fault) => {
    const faults = injectFaults(clinics.client);
    faults.add('TransactWriteItemsCommand', fault);
    const hour = {
      conflict: '08:00',
      throttling: '08:05',
      'time-out before commit': '08:10',
      'time-out after commit': '08:15',
    } as Record<string, string>;
    const asked = wish('ada', 'osei', at(hour[fault] ?? '08:20'), [], 5);
    const answer = await book(asked, undefined, { 'idempotency-key': `faulty-${fault.replaceAll(/\W/g, '-')}` });
    expect(answer.status).toBe(201);
    expect(faults.met).toEqual([fault]);
    expect((await book({ ...asked })).status).toBe(409);
    clinics.client.middlewareStack.remove('faults');
  });
});
