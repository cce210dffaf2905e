import { createHash, randomUUID } from 'node:crypto';
import type { Appointment, Patient } from 'fhir/r4';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { toCommunication } from '../../functions/reminders/communication.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { visitOf } from '../support/reminders.ts';
import { accessTokenOf, openAs, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

/* Reminders as the clinic sets them, as a chart shows them, and as a patient answers them on a telephone. */

const stack = stackAt(inject('stack'));
const SHOTS = process.env.REMINDER_SHOTS; // a folder: pictures to look at
let browser: Browser;
let page: Page;
let session: Record<string, string>;
beforeAll(async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ ...WIDE, locale: 'en-GB' })).newPage();
  session = await sessionOf(stack.user('oak', 'admin'));
  await openAs(page, `${stack.url}/t/oak/settings/reminders`, stack.user('oak', 'admin'));
});
afterAll(() => browser?.close());

const shot = async (of: Page, name: string): Promise<void> => {
  if (SHOTS) await of.screenshot({ path: `${SHOTS}-${name}.png`, fullPage: true });
};
async function api<R>(method: string, path: string, body: unknown): Promise<R> {
  const answer = await fetch(`${stack.url}/api/oak${path}`, {
    method,
    headers: { authorization: `Bearer ${accessTokenOf(session)}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as R;
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(told)}`);
  return told;
}

/** A patient with a visit a week from now, and a reminder of it that was sent. */
async function reminded(): Promise<{ patient: string; visit: string; token: string }> {
  const name = [{ family: `Reminded${randomUUID().slice(0, 4)}`, given: ['Vera'] }];
  const telecom = [{ system: 'email', value: 'vera@mail.example' }];
  const { id: patient = '' } = await api<Patient>('POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    name,
    telecom,
    gender: 'female',
  });
  const start = new Date(
    Math.ceil(Date.now() / 60_000) * 60_000 + 7 * 86_400_000 + Math.floor(Math.random() * 600) * 60_000,
  ).toISOString();
  const { participant, ...rest } = visitOf(patient, start);
  const wanted = { ...rest, participant: participant.slice(0, 1) };
  const { id: visit = '' } = await api<Appointment>('POST', '/fhir/R4/Appointment', wanted);
  const secret = randomUUID();
  const occasion = {
    appointment: visit as FhirId,
    patient: patient as FhirId,
    startMs: Date.parse(start),
    offset: 1_440,
    channel: 'mail',
  } as const;
  const link = createHash('sha256').update(secret).digest('base64url');
  const sent = new Date().toISOString();
  const message = toCommunication('elsewhere' as TenantId, occasion, { status: 'completed', link, sent, text: 'A reminder.' });
  await api('PUT', `/fhir/R4/Communication/${message.id}`, message);
  return { patient, visit, token: `${message.id}.${secret}` };
}

test('an administrator sets when and how patients are reminded, and sees what they get', async () => {
  await page.getByRole('heading', { name: 'Reminders', level: 1 }).waitFor();
  await page.getByText('2 days before').waitFor();
  await page.getByLabel('How long before').fill('7');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('7 days before').waitFor();
  const preview = page.locator('pre').first();
  expect(await preview.textContent()).toContain('your visit on');
  await page.getByLabel('Language of those who have named none').selectOption('es');
  expect(await preview.textContent()).toContain('su cita del');
  await page.getByRole('button', { name: 'Save reminders' }).click();
  await page.getByText(/Reminders saved/).waitFor();
  await page.reload();
  await page.getByText('7 days before').waitFor();
  await page.getByRole('button', { name: 'Remove: 7 days before' }).click();
  await page.getByLabel('Language of those who have named none').selectOption('en');
  await page.getByRole('button', { name: 'Save reminders' }).click();
  await page.getByText(/Reminders saved/).waitFor();
  await shot(page, 'settings');
  expect(await faults(page)).toEqual([]);
});

test('an administrator sets how long the task of a lost reminder may wait; a value out of range and somebody else’s save are told', async () => {
  const hours = (tab: Page) =>
    tab.getByRole('listitem').filter({ hasText: 'Reminder not delivered' }).getByLabel('Hours to be taken');
  await page.goto(`${stack.url}/t/oak/settings/tasks`);
  const other = await page.context().newPage();
  await openAs(other, `${stack.url}/t/oak/settings/tasks`, stack.user('oak', 'admin'));
  await hours(other).waitFor(); // it has read what the first one is about to change
  await hours(page).fill('0');
  await page.getByText('1 to 2160 hours.').waitFor();
  expect(await page.getByRole('button', { name: 'Save hours' }).isDisabled()).toBe(true);
  await hours(page).fill('3');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await page.getByText('Hours saved.', { exact: false }).waitFor();
  await hours(other).fill('5');
  await other.getByRole('button', { name: 'Save hours' }).click();
  await other.getByText('Somebody else has just changed this.', { exact: false }).waitFor();
  await other.getByRole('button', { name: 'Show theirs' }).click();
  await expect.poll(() => hours(other).inputValue()).toBe('3');
  await hours(other).fill('');
  await other.getByRole('button', { name: 'Save hours' }).click();
  await other.getByText('Hours saved.', { exact: false }).waitFor();
  await page.reload();
  await hours(page).waitFor();
  expect([await hours(page).inputValue(), await faults(page)]).toEqual(['', []]);
  await other.close();
});

test('a chart shows what the patient wants and what was sent, and a wish is written down', async () => {
  const { patient } = await reminded();
  await page.goto(`${stack.url}/t/oak/patients/${patient}/reminders`);
  await page.getByRole('cell', { name: 'handed over' }).waitFor();
  await page.getByRole('button', { name: 'Wants none: E-mail' }).click();
  await page.getByText(/^wants none, said/).waitFor();
  await shot(page, 'patient');
  expect(await faults(page)).toEqual([]);
  for (const path of [`patients/${patient}/reminders`, 'settings/reminders']) {
    const context = await signedInContext(browser, session, { ...NARROW, colorScheme: 'dark', language: 'es' });
    const narrow = await context.newPage();
    await narrow.goto(`${stack.url}/t/oak/${path}`);
    await narrow.getByRole('heading', { name: 'Recordatorios' }).first().waitFor();
    await narrow.locator('tbody tr').first().waitFor();
    await shot(narrow, path.includes('patients') ? 'patient-360' : 'settings-360');
    expect(await faults(narrow)).toEqual([]);
    await context.close();
  }
});

test('a patient confirms on a telephone without signing in; opened again, the link says that it was used', async () => {
  const { token } = await reminded();
  const phone = await (await browser.newContext({ ...NARROW, locale: 'en-US' })).newPage();
  await phone.goto(`${stack.url}/visit/oak#${token}`);
  await phone.getByRole('button', { name: 'Yes, I will come' }).waitFor();
  await shot(phone, 'link-360');
  expect(await faults(phone)).toEqual([]);
  await phone.getByRole('button', { name: 'Yes, I will come' }).click();
  await phone.getByText('Thank you. We expect you.').waitFor();
  await phone.reload();
  await phone.getByText('Thank you. We expect you.').waitFor();
  await phone.context().close();
});

test('a patient cancels after one more question, and a spoilt link is told in words', async () => {
  const { token } = await reminded();
  const phone = await (await browser.newContext({ ...NARROW, colorScheme: 'dark', locale: 'es-US' })).newPage();
  await phone.goto(`${stack.url}/visit/oak#${token}`);
  await phone.getByRole('button', { name: 'Cancelar esta cita' }).click();
  await phone.getByRole('button', { name: 'Sí, cancelarla' }).click();
  await phone.getByText('Su cita está cancelada.').waitFor();
  await shot(phone, 'cancelled-360');
  expect(await faults(phone)).toEqual([]);
  await phone.goto(`${stack.url}/visit/oak#${token.slice(0, -2)}zz`);
  await phone.reload();
  await phone.getByText('No conocemos este enlace.').waitFor();
  await phone.context().close();
});
