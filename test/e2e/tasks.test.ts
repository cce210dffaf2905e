import { randomUUID } from 'node:crypto';
import type { Patient, Task } from 'fhir/r4';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { accessTokenOf, sessionOf } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

/* The first page, the rail and the inbox, as a physician works with them. */

const stack = stackAt(inject('stack'));
/** How long a screen may take to follow on a busy machine. */
const SOON = { timeout: 15_000 };
const open: BrowserContext[] = [];
let browser: Browser;
let session: Record<string, string>;
let family: string;
let patient: string;

beforeAll(async () => {
  browser = await openBrowser();
  session = await sessionOf(stack.user('oak', 'physician'));
  // A patient of our own, so that no test meets another's tasks.
  family = `Inbox-${randomUUID().slice(0, 6)}`;
  patient =
    (await send<Patient>('/fhir/R4/Patient', { resourceType: 'Patient', name: [{ family }], birthDate: '1980-10-05' })).id ?? '';
}, 330_000);
afterEach(async () => {
  for (const context of open.splice(0)) await context.close();
});
afterAll(() => browser?.close());

async function send<T>(path: string, body: object): Promise<T> {
  const answer = await fetch(`${stack.url}/api/oak${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessTokenOf(session)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
const newTask = (description: string) => send<Task>('/tasks', { kind: 'call-back', patient, pool: 'physician', description });
async function openPage(path: string, options: Parameters<typeof signedInContext>[2] = WIDE): Promise<Page> {
  const context = await signedInContext(browser, session, options);
  open.push(context);
  const page = await context.newPage();
  await page.goto(`${stack.url}/t/oak${path}`);
  return page;
}
const rowOf = (page: Page, task: Task) => page.locator(`[data-task="${task.id}"]`);
const countOf = async (page: Page, selector: string): Promise<number> =>
  Number.parseInt((await page.locator(selector).first().textContent()) ?? '0', 10);

test('the first page says what waits, and every badge and count is that of the list it leads to', async () => {
  await newTask('Counted everywhere.');
  const page = await openPage('/today');
  const card = page.getByRole('region', { name: 'Waiting for you' });
  await card.locator('li').first().waitFor();
  await page.getByRole('region', { name: 'Your visits today' }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Inbox/ }).click();
  await page.locator('[data-task]').first().waitFor();
  // The card of unsigned notes, and the list that it opens.
  await expect
    .poll(async () => {
      await page.goto(`${stack.url}/t/oak/today`);
      const notes = page.getByRole('region', { name: 'Unsigned notes' });
      await notes.locator('li').first().waitFor();
      const counted = await notes.locator('header span').textContent();
      await notes.getByRole('link', { name: 'Open the inbox: Unsigned notes' }).click();
      await page.locator('[data-task]').first().waitFor();
      expect(await page.getByRole('combobox', { name: 'Kind' }).inputValue()).toContain(counted);
      return Number(await page.locator('[data-count]').getAttribute('data-count')) - Number(counted);
    }, SOON)
    .toBe(0);
  await page.goto(`${stack.url}/t/oak/inbox`);
  await page.locator('[data-task]').first().waitFor();
  // Others open tasks at the same time: what is shown together is compared together.
  await expect
    .poll(async () => {
      const [badge, tab, list] = await Promise.all([
        countOf(page, '[data-badge="inbox"] span'),
        countOf(page, '[data-list="todo"] span'),
        page.locator('[data-count]').getAttribute('data-count'),
      ]);
      return [badge, tab, await page.locator('[data-task]').count()].map((count) => count - Number(list));
    }, SOON)
    .toEqual([0, 0, 0]);
});

test('from the keyboard: to a task, mark two, take both, and take it back', async () => {
  const tasks = [await newTask('First of two.'), await newTask('Second of two.')];
  const page = await openPage('/inbox?kind=call-back');
  for (const task of tasks) await rowOf(page, task).waitFor();
  const focused = () => page.locator('[data-focused]').getAttribute('data-task');
  const places = await page.locator('[data-task]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-task')));
  for (let at = 0; at < places.length; at++) {
    await page.keyboard.press('j');
    if (tasks.some(({ id }) => id === places[at])) {
      await expect.poll(focused, SOON).toBe(places[at]);
      await page.keyboard.press('x');
    }
  }
  await page.getByRole('toolbar', { name: '2 marked' }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press('t');
  await page.getByText('2 tasks changed.').waitFor();
  for (const task of tasks) await rowOf(page, task).getByText('with you').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.').waitFor();
  for (const task of tasks) await rowOf(page, task).getByText('nobody yet').waitFor();
});

test('a task is handed over with a note, its colleague has it, and one that is done can be undone', async () => {
  const [given, called] = [await newTask('For the nurse.'), await newTask('To be called.')];
  const page = await openPage('/inbox?kind=call-back');
  await rowOf(page, given).getByRole('button', { name: 'More for “Call back”' }).click();
  await page.getByRole('menuitem', { name: 'Hand over' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'To whom' }).click();
  await page.getByRole('option', { name: /Jonas Keller/ }).click();
  await dialog.getByLabel('Note (optional)').fill('He knows the family.');
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await page.getByText('Handed over.').waitFor();
  await rowOf(page, given).waitFor({ state: 'detached' });

  await rowOf(page, called).getByRole('button', { name: 'Called' }).click();
  await page.getByText('Done.', { exact: false }).first().waitFor();
  await rowOf(page, called).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await rowOf(page, called).waitFor();

  await page.goto(`${stack.url}/t/oak/inbox?list=all&kind=call-back`);
  await rowOf(page, given).getByText('with Jonas Keller').waitFor();
  await rowOf(page, given).getByText('He knows the family.').waitFor();
});

test('somebody else is first: one is told who it was, and what is shown is true again', async () => {
  const task = await newTask('Wanted by two.');
  const page = await openPage('/inbox?kind=call-back');
  await rowOf(page, task).waitFor();
  await send(`/tasks/changes`, {
    changes: [{ id: task.id, version: 1, change: { do: 'hand-over', pool: 'physician', note: 'Look at this first.' } }],
  });
  await rowOf(page, task).getByRole('button', { name: 'Called' }).click();
  await page.getByText('Somebody has changed this task since you opened the list.').waitFor();
  await rowOf(page, task).getByText('Look at this first.').waitFor();
});

test('a task is opened from a chart by the palette', async () => {
  const page = await openPage(`/patients/${patient}`);
  await page.getByRole('region', { name: 'Patient', exact: true }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a patient or a command').fill('new task');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('What is to be done').fill('Ask how the week went.');
  await dialog.getByRole('combobox', { name: 'To whom' }).click();
  await page.getByRole('option', { name: /Amara Osei/ }).click();
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Open task' }).click();
  await page.getByText('Task opened.').waitFor();
  await page.goto(`${stack.url}/t/oak/inbox?list=mine`);
  await page.getByText('Ask how the week went.').waitFor();
});

test('on a telephone, in the dark and in Spanish, page and inbox have no fault', async () => {
  await newTask('Looked at.');
  for (const [path, shown] of [
    ['/today', 'section li'],
    ['/inbox', '[data-task]'],
    ['/inbox?list=done', '[data-count]'],
    ['/inbox?list=snoozed', '[data-count]'],
  ] as const) {
    const page = await openPage(path, { ...NARROW, colorScheme: 'dark', language: 'es' });
    await page.locator(shown).first().waitFor();
    expect(await faults(page), path).toEqual([]);
  }
});
