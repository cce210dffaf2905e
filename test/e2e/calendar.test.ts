import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { addDays, momentsOf } from '../../schemas/wall-clock.ts';
import { NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { openAs, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
let browser: Browser;
let page: Page;
/** The administrator's. */
let kept: Record<string, string> = {};
const address = `${stack.url}/t/oak/calendar`;
/** Far enough ahead that nobody else's test books there; the demo clinic is open every day. */
const DAY = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
  await openAs(page, address, stack.user('oak', 'front-desk'));
}, 120_000);
afterAll(async () => {
  await browser?.close();
});

const panel = () => page.locator('aside');
const choosePatient = async (name: string) => {
  await panel().getByLabel('Patient').fill(name);
  await panel()
    .getByRole('button', { name: new RegExp(name, 'i') })
    .first()
    .click();
};

test('a visit is booked from a search for the patient in at most five clicks', async () => {
  let clicks = 0;
  const click = async (what: ReturnType<Page['locator']>) => {
    clicks += 1;
    await what.first().click();
  };
  await page.goto(`${stack.url}/t/oak/patients`);
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('novák');
  await click(page.getByRole('option', { name: /Novák/ }));
  await click(page.locator('[data-section=appointments]').getByRole('link', { name: 'Book a visit' }));
  await click(panel().locator('button[aria-pressed]'));
  await click(panel().getByRole('button', { name: /^Book / }));
  await page.getByRole('button', { name: 'Undo' }).first().waitFor();
  process.stdout.write(`Booked from search with ${clicks} clicks.\n`);
  expect(clicks).toBeLessThanOrEqual(5);
});

test('a time that is not free says why, offers others, and is booked over with a reason; then moved, and cancelled with the way back', async () => {
  await page.goto(`${address}?date=${DAY}&book=`);
  await choosePatient('kjær');
  await panel().getByLabel('With').selectOption({ label: 'Dr. Amara Osei' });
  await panel().getByLabel('Another time').fill(`${DAY}T12:10`);
  await panel()
    .getByRole('button', { name: /^Book / })
    .click();
  const conflict = page.getByRole('region', { name: 'This time is not free' });
  await conflict.getByText(/open 08:00–12:00, 13:00–18:00/).waitFor();
  expect(await conflict.getByRole('button', { name: /Dr\. Amara Osei/ }).count()).toBe(3);
  await conflict.getByLabel('Book it all the same, because').fill('Comes by the noon bus');
  await conflict.getByRole('button', { name: 'Book over it' }).click();
  const visit = (clock: string) => page.getByRole('button', { name: new RegExp(`^${clock}–.*Kjær`) });
  await visit('12:10').click();
  await panel().getByText('Comes by the noon bus').waitFor();

  await panel().getByRole('button', { name: 'Move to…' }).click();
  await panel().getByLabel('Move to…').fill(`${DAY}T13:30`);
  await panel().getByRole('button', { name: 'Move', exact: true }).click();
  await visit('13:30').waitFor();
  // The same by hand: dragged to another practitioner's column, an hour later.
  const column = page.getByRole('button', { name: 'Book with Dr. Samira Nasser' });
  const from = await visit('13:30').boundingBox();
  const to = await column.boundingBox();
  if (!from || !to) throw new Error('Both are on the screen.');
  await visit('13:30').dragTo(column, {
    sourcePosition: { x: 10, y: 5 },
    targetPosition: { x: 40, y: from.y + 5 - to.y + 120 },
  });
  await visit('14:30').click();
  await panel().getByText('Dr. Samira Nasser').first().waitFor();

  await panel().getByRole('button', { name: 'Cancel visit…' }).click();
  await panel().getByLabel('Why').selectOption('pat-fb');
  await panel().getByRole('button', { name: 'Cancel visit', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'cancelled' }).getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone.').first().waitFor();
  await visit('14:30').waitFor();
});

test('a typed time of the hour that comes twice is asked about before anything is booked', async () => {
  const night = Array.from({ length: 400 }, (_, days) => addDays(DAY, days)).find(
    (day) => momentsOf(`${day}T01:30`, 'America/Chicago').length === 2,
  );
  await page.goto(`${address}?date=${DAY}&book=`);
  await choosePatient('kjær');
  await panel().getByLabel('With').selectOption({ label: 'Dr. Amara Osei' });
  await panel().getByLabel('Another time').fill(`${night}T01:30`);
  await panel().getByText('This hour comes twice on that night.').waitFor();
  await panel().getByRole('button', { name: 'Book', exact: true }).click();
  await panel()
    .getByRole('link', { name: /This hour comes twice/ })
    .waitFor();
  for (const zone of ['GMT-5', 'GMT-6']) {
    // The first time it is the second option, after the empty one; then the second of two.
    await panel().getByRole('combobox', { name: 'Before or after' }).selectOption({ index: 1 });
    await panel()
      .getByRole('button', { name: new RegExp(`^Book .*, 01:30 ${zone}$`) })
      .waitFor();
  }
  expect(await faults(page)).toEqual([]);
});

test('hours that leave a booked visit outside are saved, and the visit is named with the way to it; nothing is cancelled', async () => {
  const admin = await browser.newPage({ ...WIDE, locale: 'en-GB' });
  await openAs(admin, `${stack.url}/t/oak/settings/opening-hours`, stack.user('oak', 'admin'));
  kept = await sessionOf(stack.user('oak', 'admin'));
  await page.goto(`${address}?date=${DAY}&book=`);
  await choosePatient('kjær');
  await panel().getByLabel('With').selectOption({ label: 'Dr. Amara Osei' });
  await panel().getByLabel('Another time').fill(`${DAY}T10:10`);
  await panel()
    .getByRole('button', { name: /^Book / })
    .click();
  await page.getByRole('button', { name: /^10:10–.*Kjær/ }).waitFor();

  const dialog = admin.getByRole('dialog');
  const edit = () => admin.getByRole('button', { name: /Dr\. Amara Osei/ }).click();
  const save = () => dialog.getByRole('button', { name: 'Save' }).click();
  await edit();
  await dialog.getByRole('button', { name: 'Add closed days' }).click();
  await dialog.getByLabel('First day').fill(DAY);
  await save();
  await dialog.getByText('Closed days need a first day that is not after the last one.').waitFor();
  await dialog.getByLabel('Last day').fill(DAY);
  await save();
  await dialog.getByText(/now lies? outside these hours/).waitFor();
  expect(await faults(admin)).toEqual([]);
  await dialog.getByRole('listitem').filter({ hasText: 'Kjær' }).getByRole('link').first().click();
  await admin.locator('aside').getByText('Dr. Amara Osei').first().waitFor();
  await admin.goto(`${stack.url}/t/oak/settings/opening-hours`);
  await edit();
  await dialog.getByRole('button', { name: 'Remove these days' }).click();
  await save();
  await dialog.waitFor({ state: 'hidden' });
  await admin.close();
});

test('the screens of the calendar and its settings, wide and at 360 px, have no fault of accessibility and nothing beside the screen', async () => {
  for (const options of [WIDE, NARROW]) {
    const context = await signedInContext(browser, kept, options);
    const tab = await context.newPage();
    for (const [path, ready] of [
      ['/calendar?off=1', '[data-status], main li button'],
      [`/calendar?date=${DAY}&book=`, 'aside button[aria-pressed]'],
      ['/settings/opening-hours', 'article'],
    ] as const) {
      await tab.goto(`${stack.url}/t/oak${path}`);
      await tab.locator(ready).first().waitFor();
      expect([path, await faults(tab)]).toEqual([path, []]);
    }
    await context.close();
  }
});
