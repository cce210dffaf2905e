import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keptSession, NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { failStripeEvent } from '../support/failed-stripe-event.ts';
import { faults } from '../support/page-faults.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

/*
 * What a clinic pays the platform for, in the browser. Among the last files (test/support/last-things-last.ts), for it moves Stripe's time on
 * by a month.
 */

const stack = stackAt(inject('stack'));
const SOON = { timeout: 20_000, interval: 500 };
const PLAN = `${stack.url}/t/oak/settings/plan`;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
  await openAs(page, PLAN, stack.user('oak', 'admin'));
});
afterAll(() => browser?.close());

async function look(of: Page, name: string): Promise<void> {
  expect([name, await faults(of)]).toEqual([name, []]);
  const folder = process.env.TESSERA_SCREENS;
  if (folder) await of.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
async function card(number: string): Promise<void> {
  await page.locator('#number').fill(number);
  await page.locator('#expiry').fill('12 / 39');
  await page.locator('#cvc').fill('123');
}

test('an administrator begins a trial with a card, sees who and what is counted, and is told of a payment that fails', async () => {
  await page.getByRole('heading', { name: 'Choose a plan' }).waitFor();
  await look(page, 'plan-free');
  await page.getByRole('button', { name: /^Start 30 days free$/ }).click();
  await page.waitForURL(/\/local\/stripe\/checkout\//);
  await card('4242424242424242');
  await page
    .getByRole('button', { name: /^Start trial/ })
    .first()
    .click();
  await page.waitForURL(/settings\/plan/);
  await page.getByText(/^The trial ends on/).waitFor();

  const providers = (await page.locator('dl dd').first().textContent()) ?? '';
  const names = await page.locator('dl dd p').first().textContent();
  expect(Number.parseInt(providers, 10)).toBe(names?.split(', ').length);
  const listed = page.getByRole('table', { name: 'Counted visits' }).locator('tbody tr');
  // The demo's visits may still be on their way to the ledger.
  const difference = async (): Promise<number> => {
    await page.goto(PLAN);
    await page.getByRole('button', { name: 'Show each counted visit' }).click();
    await listed.first().waitFor();
    return (await listed.count()) - Number(await page.locator('dl dd').nth(1).textContent());
  };
  await expect.poll(difference, SOON).toBe(0);

  await page.getByRole('button', { name: 'Card, payments and ending the plan' }).click();
  await page.waitForURL(/\/local\/stripe\/portal\//);
  await card('4000000000000341'); // is taken, and declines whatever is charged
  await page.getByRole('button', { name: 'Save card and pay what is open' }).click();
  await page.getByRole('heading', { name: 'Invoices' }).waitFor();
  await page.goto(`${stack.url}/local/stripe`);
  await page.getByRole('button', { name: '31 days later' }).click();
  await page.waitForURL(/\/local\/stripe$/);
  const open = async () => {
    await page.goto(PLAN);
    await page.getByRole('heading', { name: 'Invoices' }).waitFor();
    return page.getByText('A payment is open').count();
  };
  await expect.poll(open, SOON).toBe(1);
  await page.getByText(/bookings at the desk and exports never stop/).waitFor();
  await page.getByRole('cell', { name: 'open', exact: true }).waitFor();
  await look(page, 'plan-overdue');

  const narrow = await signedInContext(browser, await keptSession(page), NARROW);
  const phone = await narrow.newPage();
  await phone.goto(PLAN);
  await phone.getByText('A payment is open').waitFor();
  await look(phone, 'plan-phone');
  await phone.goto(`${stack.url}/t/oak/settings/failed-work`);
  await phone.getByRole('heading', { name: 'Failed Stripe events' }).waitFor();
  await look(phone, 'failed-work-phone');
  await narrow.close();
}, 60_000);

test('the operator sees the clinic’s plan, use, health and invoice, and nobody of it', async () => {
  const [operator] = stack.demo.operators;
  if (!operator) throw new Error('The demo has no operator.');
  const context = await browser.newContext({ ...WIDE, locale: 'en-GB' });
  const console = await context.newPage();
  await openAs(console, `${stack.url}/operator/invoices`, operator);
  const line = console.getByRole('row').filter({ has: console.getByRole('link', { name: 'oak', exact: true }) });
  await line.getByText('open', { exact: true }).waitFor();
  await look(console, 'operator-invoices');
  await line.getByRole('link', { name: 'oak', exact: true }).first().click();
  await console.getByRole('heading', { name: 'Use by month' }).waitFor();
  await console.getByText('payment open').waitFor();
  const text = (await console.getByRole('main').textContent()) ?? '';
  for (const { users } of stack.demo.tenants) for (const user of users) expect(text).not.toContain(user.name);
  await look(console, 'operator-clinic');
  const session = await keptSession(console);
  const narrow = await signedInContext(browser, session, NARROW);
  const phone = await narrow.newPage();
  for (const [path, heading] of [
    ['plans/oak', 'Use by month'],
    ['invoices', 'Invoices'],
    ['events', 'Failed Stripe events'],
  ] as const) {
    await phone.goto(`${stack.url}/operator/${path}`);
    await phone.getByRole('heading', { name: heading }).first().waitFor();
    await phone.getByRole('status', { name: /^Loading/ }).waitFor({ state: 'detached' });
    await look(phone, `operator-${path.replace('/', '-')}-phone`);
  }

  // An event that could not be worked through: tried in vain, mended, tried again.
  const failed = await failStripeEvent(stack);
  try {
    await console.goto(`${stack.url}/operator/events`);
    const event = console.getByRole('row').filter({ hasText: 'invoice.payment_failed' });
    const tries = event.locator('td').nth(1);
    expect([await event.locator('td').first().textContent(), await tries.textContent()]).toEqual(['oak', '1']);
    const again = event.getByRole('button', { name: 'Try again: invoice.payment_failed' });
    await again.click();
    await console.getByRole('alert').waitFor();
    await expect.poll(() => tries.textContent(), SOON).toBe('2');
    await look(console, 'operator-failed-event');
    failed.mend();
    await again.click();
    await console.getByText('It has been worked through.').waitFor();
    await event.waitFor({ state: 'detached' });
    await console.getByText('Nothing failed.').waitFor();
  } finally {
    failed.forget();
  }
  await Promise.all([narrow.close(), context.close()]);
}, 60_000);
