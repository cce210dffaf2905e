import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, WIDE } from '../support/browser.ts';
import { firstSignIn, linkMailedTo, NEW_PASSWORD, refreshed, tokensOf } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
const slug = `elm-${Date.now().toString(36)}`;
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const context = (options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> =>
  browser.newContext({ locale: 'en-US', timezoneId: 'America/Chicago', ...options });

test('a clinic signs up, its administrator signs in and invites a nurse, who works there until she is disabled', async () => {
  const admin = await (await context(WIDE)).newPage();
  const email = `ana@${slug}.example`;
  await admin.goto(stack.url);
  await admin.getByRole('link', { name: 'Sign up your clinic' }).click();
  expect(await faults(admin)).toEqual([]);
  await admin.getByLabel('Name of the clinic').fill('Elm Street Clinic');
  expect(await admin.getByLabel('Address in Tessera').inputValue()).toBe('elm-street-clinic');
  expect(await admin.getByLabel('Time zone').inputValue()).toBe('America/Chicago');
  await admin.getByLabel('Address in Tessera').fill('oak');
  await admin.getByText('This address is taken').waitFor();
  await admin.getByLabel('Address in Tessera').fill(slug);
  await admin.getByText('This address is free').waitFor();
  await admin.getByLabel('Your name').fill('Ana Reyes');
  await admin.getByLabel('Your work e-mail').fill(email);
  await admin.keyboard.press('Enter');
  await admin.getByRole('heading', { name: 'Look into your inbox' }).waitFor();
  expect(await faults(admin)).toEqual([]);

  // A mail scanner opens the link first, twice, with a browser of its own.
  const link = await linkMailedTo(stack.url, email);
  const scanner = await (await context(NARROW)).newPage();
  for (const _ of [1, 2]) {
    await scanner.goto(link);
    await scanner.getByRole('heading', { name: 'Open Elm Street Clinic' }).waitFor();
    expect((await scanner.request.head(link)).status()).toBe(200);
  }
  expect(await faults(scanner)).toEqual([]);
  await scanner.context().close();

  await admin.goto(link);
  await admin.getByLabel('Choose a password').fill('too short');
  await admin.getByRole('button', { name: 'Open the clinic' }).click();
  await admin.getByText('This password is not accepted').waitFor();
  await admin.getByLabel('Choose a password').fill(NEW_PASSWORD);
  await admin.getByRole('button', { name: 'Open the clinic' }).click();
  await admin.getByRole('heading', { name: 'Elm Street Clinic is ready' }).waitFor();
  await admin.getByRole('button', { name: 'Sign in' }).click();
  await firstSignIn(admin, email);
  await admin.getByRole('heading', { name: /^Good day/, level: 1 }).waitFor();
  // A clinic without patients: the first step is to have some, one by one or all at once.
  const guide = admin.getByRole('region', { name: 'First steps' });
  await guide.getByRole('heading', { name: 'Add your first patients' }).waitFor();
  expect(await faults(admin)).toEqual([]);
  await admin.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Patients' }).click();
  for (const place of [guide, admin.getByRole('region', { name: 'Recently opened' })]) {
    await place.getByRole('link', { name: 'New patient' }).waitFor();
    await place.getByRole('link', { name: 'Import patients' }).waitFor();
  }
  expect(await faults(admin)).toEqual([]);

  await admin.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await admin.getByRole('link', { name: 'Staff' }).click();
  await admin.getByRole('button', { name: 'Invite somebody' }).first().click();
  const nurseEmail = `grace@${slug}.example`;
  await admin.getByLabel('Name', { exact: true }).fill('Grace Mensah');
  await admin.getByLabel('E-mail', { exact: true }).fill(nurseEmail);
  await admin.getByLabel('Nurse', { exact: true }).check();
  expect(await faults(admin)).toEqual([]);
  await admin.getByRole('button', { name: 'Send the invitation' }).click();
  await admin.locator(`[data-person="${nurseEmail}"]`).getByText('Invited').waitFor();

  const nurse = await (await context(NARROW)).newPage();
  const nurseLink = await linkMailedTo(stack.url, nurseEmail);
  await nurse.goto(nurseLink);
  await nurse.getByText('You are invited as: Nurse.').waitFor();
  await nurse.getByLabel('Choose a password').fill(NEW_PASSWORD);
  await nurse.getByRole('button', { name: 'Join' }).click();
  await nurse.getByRole('button', { name: 'Sign in' }).click();
  await nurse.locator('#password').waitFor();
  expect(await nurse.locator('#email').inputValue()).toBe(nurseEmail);
  await firstSignIn(nurse, nurseEmail);
  await nurse.getByRole('heading', { name: /^Good day/, level: 1 }).waitFor();
  expect(await nurse.getByRole('link', { name: 'Settings' }).count()).toBe(0);

  // In a browser where somebody else is signed in, whoever follows the link is asked who they are.
  const shared = await admin.context().newPage();
  await shared.goto(nurseLink);
  await shared.getByRole('button', { name: 'Sign in' }).click();
  await shared.locator('#password').waitFor();
  await shared.close();

  await admin.reload();
  const row = admin.locator(`[data-person="${nurseEmail}"]`);
  await row.getByText('Active').waitFor();
  await row.getByRole('button', { name: /Actions for/ }).click();
  await admin.getByRole('menuitem', { name: 'Disable' }).click();
  await admin.getByLabel('Reason').fill('Has left the clinic.');
  await admin.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await row.getByText('Disabled').waitFor();
  expect(await faults(admin)).toEqual([]);
  expect(await refreshed(stack.url, await tokensOf(nurse))).toMatchObject({ error: 'invalid_grant' });
}, 60_000);

test('in Spanish and on a phone, signing up is Spanish and fits', async () => {
  const page = await (await browser.newContext({ ...NARROW, locale: 'es-MX', timezoneId: 'America/Mexico_City' })).newPage();
  await page.goto(`${stack.url}/signup`);
  await page.getByRole('heading', { name: 'Registre su clínica' }).waitFor();
  expect(await page.getByLabel('País').inputValue()).toBe('MX');
  await page.getByRole('button', { name: 'Enviarme el enlace' }).click();
  await page.getByText('Escriba el nombre de la clínica.').waitFor();
  expect(await faults(page)).toEqual([]);
});
