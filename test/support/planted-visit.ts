import type { Appointment, Bundle, Patient } from 'fhir/r4';
import type { KeptSetting } from '../../schemas/settings/index.ts';
import type { StackAddress } from './stack.ts';
import { staffApi } from './staff-api.ts';

const MINUTE_MS = 60_000;
/** The clinic whose reminders are set for it; the tests of their settings look at another one's. */
const CLINIC = 'oak-hill';
/** Who has booked. */
export const PLANTED = { given: 'Perpetua', family: 'Quartermaine', email: 'perpetua@example.org' } as const;

/**
 * Books a visit in a running stack, as the desk does, whose reminder falls due in the minute in which the booking is planned: the next but
 * one. It is sent when that is over, so that by the end of a run no test has to wait for it.
 */
export async function plantVisit(address: StackAddress): Promise<void> {
  const desk = await staffApi(address, CLINIC, 'front-desk');
  const { id } = await desk<Patient>('POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    name: [{ family: PLANTED.family, given: [PLANTED.given] }],
    telecom: [{ system: 'email', value: PLANTED.email }],
  });
  const free = await desk<Bundle<Appointment>>('POST', '/fhir/R4/Appointment/$find', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patient', valueReference: { reference: `Patient/${id}` } },
      { name: 'minutes', valueInteger: 20 },
      { name: 'start', valueDateTime: new Date(Date.now() + 60 * MINUTE_MS).toISOString() },
      { name: 'end', valueDateTime: new Date(Date.now() + 14 * 1_440 * MINUTE_MS).toISOString() },
    ],
  });
  const offered = free.entry?.[0]?.resource;
  if (!offered?.start) throw new Error(`${CLINIC} has no free time within two weeks.`);
  await remindSoon(address, Date.parse(offered.start));
  await desk('POST', '/fhir/R4/Appointment/$book', {
    resourceType: 'Parameters',
    parameter: [{ name: 'appointment-resource', resource: offered }],
  });
}

async function remindSoon(address: StackAddress, startMs: number): Promise<void> {
  const admin = await staffApi(address, CLINIC, 'admin');
  const { value } = await admin<KeptSetting<'reminders'>>('GET', '/settings/reminders');
  const offset = startMs / MINUTE_MS - (Math.floor(Date.now() / MINUTE_MS) + 2);
  const noHours = { from: '00:00', to: '00:00' };
  await admin('PUT', '/settings/reminders', { ...value, offsetsMinutes: [offset], channels: ['mail'], quietHours: noHours });
}
