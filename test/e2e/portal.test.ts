import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { signIn } from '../../local/identity/sign-in.ts';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { measureFirstView } from '../support/first-view.ts';
import { linkMailedTo } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
let browser: Browser;
let patient: string;
let staffToken: string;
let session: Record<string, string>;
const EMAIL = `moira.${Date.now()}@patients.example`;
const PASSWORD = 'Correct-horse-7-battery';
/** Bytes of a first view on a phone: what the sign-in page has brought is not counted twice by a cache. */
const BUDGET = 360_000;

beforeAll(async () => {
  browser = await openBrowser();
  staffToken = (await signIn({ url: stack.url, user: stack.user('oak', 'physician') })).accessToken;
  patient = (await create({ resourceType: 'Patient', active: true, name: [{ text: 'Moira Quill' }], birthDate: '1961-04-09' }))
    .id;
  const subject = { reference: `Patient/${patient}` };
  await create({
    resourceType: 'Observation',
    status: 'final',
    subject,
    effectiveDateTime: '2026-11-20',
    code: { text: 'Potassium' },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }],
    valueQuantity: { value: 6.1, unit: 'mmol/L', code: 'mmol/L', system: 'http://unitsofmeasure.org' },
    referenceRange: [{ low: { value: 3.5, unit: 'mmol/L' }, high: { value: 5.1, unit: 'mmol/L' } }],
  });
  const attachment = { contentType: 'text/plain', data: Buffer.from('Rest and drink enough.').toString('base64') };
  const note = {
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'final',
    subject,
    date: '2026-11-20T10:00:00Z',
    content: [{ attachment }],
  };
  await create({ ...note, description: 'Visit note' });
  await create({
    ...note,
    description: 'Private note',
    type: { text: 'Psychology note' },
    meta: {
      tag: [
        { system: 'https://tessera.example/fhir/CodeSystem/portal', code: 'withheld' },
        { system: 'https://tessera.example/fhir/CodeSystem/withheld-reason', code: 'review' },
      ],
    },
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
});

async function create(resource: Readonly<Record<string, unknown>> & { readonly resourceType: string }): Promise<{ id: string }> {
  const answer = await fetch(`${stack.url}/api/oak/fhir/R4/${resource.resourceType}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${staffToken}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(resource),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { id: string };
}

const newPage = async (options: BrowserContextOptions): Promise<Page> =>
  (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
const as = async (options: BrowserContextOptions & { language?: string }): Promise<Page> =>
  (await signedInContext(browser, session, options)).newPage();

test('the front desk invites from the chart; the link, the birth date and a password open the patient’s own pages', async () => {
  const desk = await newPage(WIDE);
  await signInAs(desk, `${stack.url}/t/oak/patients/${patient}/portal`, stack.user('oak', 'front-desk'));
  await desk.getByText('This patient has no access to the portal.').waitFor();
  await desk.getByLabel('E-mail address of the patient').fill(EMAIL);
  await desk.getByRole('button', { name: 'Send the invitation' }).click();
  await desk.getByText(`Invited at ${EMAIL}`).waitFor();
  expect(await faults(desk)).toEqual([]);

  const phone = await newPage(NARROW);
  await phone.goto(await linkMailedTo(stack.url, EMAIL));
  await phone.getByLabel('Day').fill('8');
  await phone.getByLabel('Month').selectOption('4');
  await phone.getByLabel('Year').fill('1961');
  await phone.getByLabel('Choose a password').fill(PASSWORD);
  await phone.getByRole('button', { name: 'Open my records' }).click();
  await phone.getByText('This is not the birth date that the clinic knows').waitFor();
  expect(await faults(phone)).toEqual([]);
  await phone.getByLabel('Day').fill('9');
  await phone.getByRole('button', { name: 'Open my records' }).click();
  await phone.getByRole('heading', { name: 'Your access is ready' }).waitFor();
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await phone.locator('#password').fill(PASSWORD);
  await phone.keyboard.press('Enter');
  await phone.getByRole('heading', { name: 'Hello, Moira Quill' }).waitFor();
  expect(new URL(phone.url()).pathname).toBe('/p/oak');
  session = await keptSession(phone);
  await desk.reload();
  await desk.getByText('Has access since').waitFor();
  await Promise.all([desk.context().close(), phone.context().close()]);
}, 60_000);

test('every page is whole at 360 px, in the dark, in Spanish and with twice the text; a result has plain words, a withheld note says so', async () => {
  const page = await as(NARROW);
  const open = async (path: string) => {
    await page.goto(`${stack.url}/p/oak${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect([path, await faults(page)]).toEqual([path, []]);
  };
  await open('');
  await page.getByText('1 result from 20 Nov 2026').waitFor();
  for (const path of ['/visits', '/visits/book', '/records', '/bills', '/you']) await open(path);
  await open('/records/results');
  await page.getByText('Above the usual range').waitFor();
  await page.getByText('Usual: 3.5 – 5.1 mmol/L').waitFor();
  await open('/documents');
  await page.getByText('The clinic goes over it before it is shown.').waitFor();
  expect(await page.content()).not.toContain('Psychology note text');
  await page.getByRole('link', { name: /Visit note/ }).click();
  await page.getByText('Rest and drink enough.').waitFor();
  expect(await faults(page)).toEqual([]);
  const small = await page
    .locator('nav a, main a, main button')
    .evaluateAll(
      (all) =>
        all.map((one) => one.getBoundingClientRect()).filter(({ height, width }) => height > 0 && (height < 44 || width < 44))
          .length,
    );
  expect(small).toBe(0);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'));
  expect(await faults(page, ['color-contrast'])).toEqual([]);
  await page.context().close();

  const dark = await as({ ...WIDE, colorScheme: 'dark', language: 'es' });
  await dark.goto(`${stack.url}/p/oak`);
  await dark.getByRole('heading', { name: 'Hola, Moira Quill' }).waitFor();
  await dark.getByText('No hay ninguna cita prevista.').waitFor();
  expect(await faults(dark)).toEqual([]);
  await dark.context().close();
}, 90_000);

test('a first view on a phone is small', async () => {
  const page = await as({ ...NARROW, serviceWorkers: 'block' });
  const view = await measureFirstView(page, async () => {
    await page.goto(`${stack.url}/p/oak`);
    await page.getByRole('heading', { name: 'Hello, Moira Quill' }).waitFor();
  });
  console.table({ portal: view });
  expect(view.total).toBeLessThanOrEqual(BUDGET);
  await page.context().close();
}, 30_000);

test('staff’s pages do not know the patient’s sign-in; signing out leaves nothing; ended access opens nothing', async () => {
  const page = await as(WIDE);
  await page.goto(`${stack.url}/t/oak/patients`);
  await page.getByRole('heading', { name: 'Sign in to your clinic' }).waitFor();
  await page.goto(`${stack.url}/p/oak/you`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Your health records' }).waitFor();
  expect(JSON.stringify(await keptSession(page))).not.toContain('access_token');
  await page.goto(`${stack.url}/p/oak`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.context().close();

  const desk = await newPage(WIDE);
  await signInAs(desk, `${stack.url}/t/oak/patients/${patient}/portal`, stack.user('oak', 'nurse'));
  await desk.getByRole('button', { name: 'End the access' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByRole('button', { name: 'End the access' }).click();
  await dialog.getByText('Say why, in a few words.').waitFor();
  await dialog.getByLabel('Why?').fill('Wrong address');
  await dialog.getByRole('button', { name: 'End the access' }).click();
  await desk.getByText(`The access of ${EMAIL} was ended.`).waitFor();
  await desk.context().close();
}, 60_000);
