import type { Bundle, Patient } from 'fhir/r4';
import { expect, inject, test } from 'vitest';
import { DEMO_CLINICS } from '../../local/demo/clinics.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { keptOutsideCharts, leaks, type Secret, secretsOf } from '../support/no-patient-data.ts';
import { stackAt } from '../support/stack.ts';

/*
 * The last file of the browser tests (test/support/last-things-last.ts): what they did has passed over stream, bus and queues by now, and
 * has been logged.
 */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** Every patient of a clinic that a Latin letter finds, those that the tests made included. */
async function patientsOf(slug: string): Promise<Patient[]> {
  const stack = stackAt(inject('stack'));
  const { accessToken } = await signIn({ url: stack.url, user: stack.user(slug, 'admin') });
  const found = new Map<string, Patient>();
  for (const letter of LETTERS) {
    const response = await fetch(`${stack.url}/api/${slug}/fhir/R4/Patient/_search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: `name=${letter}&_count=200`,
    });
    expect(response.status).toBe(200);
    for (const { resource } of ((await response.json()) as Bundle<Patient>).entry ?? [])
      if (resource?.resourceType === 'Patient' && resource.id) found.set(resource.id, resource);
  }
  return [...found.values()];
}

test('no event, queue, log, mail, text message or name of the template holds a name, birth date, telephone number or e-mail address of a patient', async () => {
  const stack = stackAt(inject('stack'));
  const patients = (await Promise.all(DEMO_CLINICS.map(({ slug }) => patientsOf(slug)))).flat();
  expect(patients.length).toBeGreaterThan(20);
  const demo = DEMO_CLINICS.flatMap((clinic) => clinic.patients).map(
    ({ given, family, ownScript }): Patient => ({
      resourceType: 'Patient',
      name: [{ given: [...given], family }, ...(ownScript ? [{ given: [ownScript.given], family: ownScript.family }] : [])],
    }),
  );
  const secrets: Secret[] = secretsOf([...patients, ...demo]);
  const kept = keptOutsideCharts(stack.dataDir);
  // So that an empty folder is not what passes: registrations of the demo's patients have been told.
  expect(kept.some(({ where, text }) => where.endsWith('bus.log') && text.includes('PatientRegistered'))).toBe(true);
  expect(kept.some(({ where }) => where.includes('EventsUsage'))).toBe(true);
  // Staff are no patients: a family name that both have proves nothing.
  const staff = new Set(
    DEMO_CLINICS.flatMap(({ members }) => members.filter(({ patient }) => !patient).map(({ name }) => name.split(' ').at(-1))),
  );
  expect(
    leaks(
      kept,
      secrets.filter(({ text }) => !staff.has(text)),
    ),
  ).toEqual([]);
});
