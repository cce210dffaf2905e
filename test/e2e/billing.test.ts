import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Encounter } from 'fhir/r4';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { finishedVisit } from '../support/billing.ts';
import { NARROW, openBrowser, WIDE } from '../support/browser.ts';
import { linkMailedTo } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { pdfPages } from '../support/pdf-text.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';
import { type StaffApi, staffApi } from '../support/staff-api.ts';

const stack = stackAt(inject('stack'));
const oak = `${stack.url}/t/oak`;
const EMAIL = `ines.${Date.now()}@patients.example`;
const NAME = 'Inés Wróblewska';
let browser: Browser;
let biller: StaffApi;
let patient: string;
/** Finished visits of the patient, whose charges are proposed. */
let visits: string[];

beforeAll(async () => {
  browser = await openBrowser();
  const [physician, admin, desk] = await Promise.all(
    ['physician', 'admin', 'front-desk'].map((role) => staffApi(stack, 'oak', role)),
  );
  biller = await staffApi(stack, 'oak', 'biller');
  const connect = await admin?.<{ url: string }>('POST', '/billing/connect');
  await fetch(connect?.url ?? '', { method: 'POST', redirect: 'manual' });
  const person = { resourceType: 'Patient', active: true, name: [{ text: NAME }], birthDate: '1979-02-03' };
  patient = (await physician?.<{ id: string }>('POST', '/fhir/R4/Patient', person))?.id ?? '';
  await desk?.('POST', '/portal/invites', { patient, email: EMAIL });
  visits = [];
  for (let at = 0; at < 3; at += 1) {
    const visit = await physician?.<Encounter & { id: string }>(
      'POST',
      '/fhir/R4/Encounter',
      finishedVisit(patient, 'telephone'),
    );
    await vi.waitFor(() => biller('POST', `/billing/visits/${visit?.id}/check`), { timeout: 20_000 });
    visits.push(visit?.id ?? '');
  }
});
afterAll(async () => {
  await browser?.close();
});

const newPage = async (options: BrowserContextOptions): Promise<Page> =>
  (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
const pay = async (page: Page, number: string): Promise<void> => {
  await page.locator('#number').fill(number);
  await page.locator('#expiry').fill('12 / 34');
  await page.locator('#cvc').fill('123');
  await page.getByRole('button', { name: /by card$/ }).click();
};
const saved = async (page: Page, press: () => Promise<void>): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return (await pdfPages(await readFile(await file.path()))).join(' ');
};
/** What is wrong with the page, wide and on a phone. */
const wrong = async (page: Page): Promise<string[]> => {
  const found = await faults(page);
  await page.setViewportSize({ width: 360, height: 740 });
  found.push(...(await faults(page, ['label', 'button-name', 'link-name'])).map((fault) => `360 px: ${fault}`));
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
};

test('the biller makes an invoice; a declined card pays nothing, the next one pays; the receipt says so, and a part is given back', async () => {
  const page = await newPage(WIDE);
  await openAs(page, `${oak}/settings/fees`, stack.user('oak', 'biller'));
  await page.getByRole('button', { name: 'Add a fee' }).waitFor();
  expect(['fees', ...(await wrong(page))]).toEqual(['fees']);
  await page.goto(`${oak}/billing/unbilled`);
  await page.getByRole('link', { name: NAME }).first().waitFor();
  expect(['to bill', ...(await wrong(page))]).toEqual(['to bill']);

  await page.goto(`${oak}/billing/visits/${visits[0]}`);
  await page.getByRole('button', { name: 'Make invoice' }).click();
  const heading = page.getByRole('heading', { level: 1, name: /^Invoice / });
  await heading.waitFor();
  const number = ((await heading.textContent()) ?? '').replace('Invoice ', '');
  await page.getByRole('button', { name: 'Pay by card or bank' }).click();
  await pay(page, '4000000000000002');
  await page.getByText('Your card was declined.').waitFor();
  await pay(page, '4242424242424242');
  await page.waitForURL(/\/billing\/invoices\//);
  await page.getByText('Payment, Visa 4242').waitFor();

  const receipt = await saved(page, () => page.getByRole('button', { name: 'Receipt' }).click());
  expect(receipt).toContain(number);
  expect(receipt).toContain('Visa 4242');
  expect(receipt).toContain('This invoice has been paid in full.');

  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('20.00');
  await dialog.getByLabel('Reason').fill('Charged too much');
  await dialog.getByRole('button', { name: 'Refund' }).click();
  await page.getByText('Refund, Visa 4242').waitFor();
  expect(['invoice', ...(await wrong(page))]).toEqual(['invoice']);
  expect(await saved(page, () => page.getByRole('button', { name: 'Receipt' }).click())).toContain('less what was given back');
  // The rest in cash, and a slip of the hand: one press takes it back, and both stay to be read.
  await page.getByRole('button', { name: 'Record a payment' }).click();
  await dialog.getByRole('button', { name: 'Record a payment' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone at once').waitFor();
  await page.getByRole('link', { name: NAME }).click();
  await page.getByRole('link', { name: 'Owes $20.00' }).waitFor();
  expect(['account', ...(await wrong(page))]).toEqual(['account']);
  await page.context().close();
});

test('a patient asks about a bill, pays one with 3-D Secure and one with a saved card that they remove, at 360 px', async () => {
  for (const visit of visits.slice(1)) await biller('POST', `/billing/visits/${visit}/invoice`, { attempt: randomUUID() });
  const page = await newPage(NARROW);
  await page.goto(await linkMailedTo(stack.url, EMAIL));
  await page.getByLabel('Day').fill('3');
  await page.getByLabel('Month').selectOption('2');
  await page.getByLabel('Year').fill('1979');
  await page.getByLabel('Choose a password').fill('Correct-horse-7-battery');
  await page.getByRole('button', { name: 'Open my records' }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#password').fill('Correct-horse-7-battery');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Hello, ${NAME}` }).waitFor();
  await page.goto(`${stack.url}/p/oak/bills`);
  const bills = page.getByRole('main').getByRole('listitem');

  const first = bills.first();
  await first.getByRole('button', { name: 'Ask about this bill' }).click();
  await first.getByLabel('Your question').fill('Why is it this much?');
  await first.getByRole('button', { name: 'Send the question' }).click();
  await page.getByText(/The clinic answers by/).waitFor();
  expect(['bills', ...(await faults(page))]).toEqual(['bills']);

  await first.getByRole('button', { name: 'Pay', exact: true }).click();
  await pay(page, '4000002760003184');
  await page.getByRole('button', { name: 'Complete authentication' }).click();
  await page.getByText('Thank you. Your payment has arrived.').waitFor();
  const paid = bills.filter({ hasText: 'Visa 3184' });
  expect(await saved(page, () => paid.getByRole('button', { name: 'Receipt (PDF)' }).click())).toContain('Visa 3184');

  await page.getByRole('button', { name: 'Save a card or bank account' }).click();
  await page.locator('#number').fill('4242424242424242');
  await page.locator('#expiry').fill('12 / 34');
  await page.locator('#cvc').fill('123');
  await page.getByRole('button', { name: 'Save by card' }).click();
  await page.getByRole('button', { name: 'Pay with Visa 4242' }).first().click();
  await page.getByRole('button', { name: /^Pay \$/ }).click();
  await page
    .getByText(/paid on .*: Visa 4242/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Remove Visa 4242' }).click();
  expect(['saved', ...(await faults(page))]).toEqual(['saved']);
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
  await page.getByText('You have saved no card').waitFor();
  await page.context().close();
});
