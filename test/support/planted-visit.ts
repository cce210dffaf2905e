import type { Appointment, Bundle, Patient } from 'fhir/r4';
import type { KeptSetting } from '../../schemas/settings/index.ts';
import type { StackAddress } from './stack.ts';
import { staffApi } from './staff-api.ts';

const MINUTE_MS = 60_000;
/** The clinic of the story, whose reminders are set for it; the tests of their settings look at another one's. */
export const STORY_CLINIC = 'oak-hill';
/** Who has booked: the story is told of each. */
export const PLANTED = [
  { given: 'Perpetua', family: 'Quartermaine', birthDate: '1984-02-29', email: 'perpetua@example.org' },
  { given: 'Adaeze', family: 'Okonkwo', birthDate: '1991-07-04', email: 'adaeze@example.org' },
] as const;
/** Whose address is not known any more: what is sent to it comes back. */
export const UNREACHABLE = {
  given: 'Zsófia',
  family: 'Lindqvist',
  birthDate: '1975-08-30',
  email: 'bounce@simulator.amazonses.com',
} as const;
const BOOKED = [...PLANTED, UNREACHABLE];

/**
 * Books visits in a running stack, as the desk does, whose reminders fall due in the minute in which the booking is planned: the next but
 * one. They are sent when that is over, so that by the end of a run no test has to wait for them.
 */
export async function plantVisits(address: StackAddress): Promise<void> {
  const desk = await staffApi(address, STORY_CLINIC, 'front-desk');
  const patients = await Promise.all(
    BOOKED.map(({ given, family, birthDate, email }) =>
      desk<Patient>('POST', '/fhir/R4/Patient', {
        resourceType: 'Patient',
        name: [{ family, given: [given] }],
        birthDate,
        gender: 'female',
        telecom: [{ system: 'email', value: email }],
      }),
    ),
  );
  const free = await desk<Bundle<Appointment>>('POST', '/fhir/R4/Appointment/$find', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'minutes', valueInteger: 20 },
      { name: 'start', valueDateTime: new Date(Date.now() + 60 * MINUTE_MS).toISOString() },
      { name: 'end', valueDateTime: new Date(Date.now() + 14 * 1_440 * MINUTE_MS).toISOString() },
    ],
  });
  const offered = (free.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const apart: Appointment[] = [];
  for (const one of offered) if (apart.length < BOOKED.length && (one.start ?? '') >= (apart.at(-1)?.end ?? '')) apart.push(one);
  if (apart.length < BOOKED.length) throw new Error(`${STORY_CLINIC} has no free time within two weeks.`);
  await remindSoon(
    address,
    apart.map(({ start }) => Date.parse(start ?? '')),
  );
  for (const [at, visit] of apart.entries()) {
    const participant = [{ actor: { reference: `Patient/${patients[at]?.id}` }, status: 'needs-action' }, ...visit.participant];
    await desk('POST', '/fhir/R4/Appointment/$book', {
      resourceType: 'Parameters',
      parameter: [{ name: 'appointment-resource', resource: { ...visit, participant } }],
    });
  }
}

async function remindSoon(address: StackAddress, startsMs: readonly number[]): Promise<void> {
  const admin = await staffApi(address, STORY_CLINIC, 'admin');
  const { value } = await admin<KeptSetting<'reminders'>>('GET', '/settings/reminders');
  const plannedAt = Math.floor(Date.now() / MINUTE_MS) + 2;
  const offsetsMinutes = startsMs.map((startMs) => startMs / MINUTE_MS - plannedAt);
  const noHours = { from: '00:00', to: '00:00' };
  await admin('PUT', '/settings/reminders', { ...value, offsetsMinutes, channels: ['mail'], quietHours: noHours });
}
