import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { Problem, said, toOutcome } from '../../core/outcome.ts';
import { pdfOf } from '../../local/demo/scan-maker.ts';
import type { UploadAccepted, UploadStatus } from '../../schemas/uploads.ts';
import { keptSession, NARROW, openBrowser, signedInContext, WIDE } from '../support/browser.ts';
import { measureFirstView } from '../support/first-view.ts';
import { linkMailedTo, tokensOf } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';
import { type StaffApi, staffApi } from '../support/staff-api.ts';

const stack = stackAt(inject('stack'));
let browser: Browser;
let patient: string;
let staff: StaffApi;
/** The scan that is on its way into the chart while the patient is invited. */
let scan: Promise<void>;
let session: Record<string, string>;
const EMAIL = `moira.${Date.now()}@patients.example`;
const PASSWORD = 'Correct-horse-7-battery';
/** Bytes of a first view on a phone: what the sign-in page has brought is not counted twice by a cache. */
const BUDGET = 360_000;

beforeAll(async () => {
  browser = await openBrowser();
  staff = await staffApi(stack, 'oak', 'physician');
  patient = (await create({ resourceType: 'Patient', active: true, name: [{ text: 'Moira Quill' }], birthDate: '1961-04-09' }))
    .id;
  scan = fileAndRelease(patient);
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

const create = (resource: Readonly<Record<string, unknown>> & { readonly resourceType: string }): Promise<{ id: string }> =>
  staff('POST', `/fhir/R4/${resource.resourceType}`, resource);

/** A scanned letter: uploaded, read, filed to the chart and released to its patient. */
async function fileAndRelease(to: string): Promise<void> {
  const file = await pdfOf(['Laboratory report', 'Potassium 6.1 mmol/L']);
  const upload: UploadAccepted = await staff('POST', '/uploads', {
    source: 'upload',
    files: [{ type: 'application/pdf', bytes: file.length }],
  });
  const link = upload.links[0];
  const form = new FormData();
  for (const [name, value] of Object.entries(link?.fields ?? {})) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(file)], { type: 'application/pdf' }));
  const taken = await fetch(link?.url ?? '', { method: 'POST', body: form });
  if (!taken.ok) throw new Error(await taken.text());
  const { revision } = await vi.waitFor(
    async () => {
      const now: UploadStatus = await staff('GET', `/uploads/${upload.id}`);
      expect(now.state).toBe('to-file');
      return now;
    },
    { timeout: 40_000, interval: 250 },
  );
  const filed: UploadStatus = await staff('POST', `/uploads/${upload.id}/file`, { revision, patient: to, type: '11502-2' });
  await staff('POST', `/documents/${filed.filing?.document}/portal`, { version: 1, shown: true });
}

const newPage = async (options: BrowserContextOptions): Promise<Page> =>
  (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
const as = async (options: BrowserContextOptions & { language?: string }): Promise<Page> =>
  (await signedInContext(browser, session, options)).newPage();

test('the front desk invites from the chart; the link, the birth date and a password open the patient’s own pages', async () => {
  const desk = await newPage(WIDE);
  await openAs(desk, `${stack.url}/t/oak/patients/${patient}/portal`, stack.user('oak', 'front-desk'));
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
  for (const path of ['/visits', '/visits/book', '/records', '/bills', '/you', '/you/who-looked']) await open(path);
  await page.getByText('Front desk').first().waitFor();
  await open('/records/results');
  await page.getByText('Above the usual range').waitFor();
  await page.getByText('Usual: 3.5 – 5.1 mmol/L').waitFor();
  await open('/documents');
  await page.getByText('The clinic goes over it before it is shown.').waitFor();
  expect(await page.content()).not.toContain('Psychology note text');
  await scan;
  await open('/documents');
  await page.getByRole('link', { name: /Laboratory report/ }).click();
  const picture = page.getByRole('img', { name: 'Page 1' });
  await picture.waitFor();
  await vi.waitFor(async () =>
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100),
  );
  expect(await faults(page)).toEqual([]);
  await open('/documents');
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

test('a clinic that takes no bookings online tells the patient to call, in their language, and what is booked is shown', async () => {
  // The refusal as the server gives it, once the plan's notice is over (test/integration/plan-gates.test.ts): its fourteen days are the clock's.
  const refusal = toOutcome(new Problem('forbidden', said('online-booking-closed')));
  for (const [language, words] of [
    ['en', 'You cannot book online at the moment. Call the clinic'],
    ['es', 'Ahora no se puede reservar en línea. Llame a la clínica'],
  ] as const) {
    const page = await as({ ...NARROW, language });
    await page.route('**/portal/visits/types', (route) => route.fulfill({ status: 403, json: refusal }));
    for (const path of ['/visits', '/visits/book']) {
      await page.goto(`${stack.url}/p/oak${path}`);
      await page.getByText(words).waitFor();
      expect(await page.getByRole('link', { name: /^(Book a visit|Reservar una cita)$/ }).count()).toBe(0);
      expect([path, await faults(page)]).toEqual([path, []]);
    }
    await page.context().close();
  }
}, 30_000);

test('a first view on a phone is small', async () => {
  const page = await as(NARROW);
  const view = await measureFirstView(page, async () => {
    await page.goto(`${stack.url}/p/oak`);
    await page.getByRole('heading', { name: 'Hello, Moira Quill' }).waitFor();
  });
  console.table({ portal: view });
  expect(view.total).toBeLessThanOrEqual(BUDGET);
  await page.context().close();
}, 30_000);

test('staff’s pages do not know the patient’s sign-in; signing out leaves nothing; ended access closes the open page at once', async () => {
  const phone = await as(NARROW);
  await phone.goto(`${stack.url}/p/oak`);
  await phone.getByRole('heading', { name: 'Hello, Moira Quill' }).waitFor();
  const { access_token: token } = await tokensOf(phone);
  const own = async (id: string) =>
    (await fetch(`${stack.url}/api/oak/fhir/R4/Patient/${id}`, { headers: { authorization: `Bearer ${token}` } })).status;
  const other = await create({ resourceType: 'Patient', name: [{ text: 'Somebody Else' }] });
  expect([await own(patient), await own(other.id)]).toEqual([200, 404]);

  const page = await as(WIDE);
  await page.goto(`${stack.url}/t/oak/patients`);
  await page.getByRole('heading', { name: 'Sign in to your clinic' }).waitFor();
  await page.goto(`${stack.url}/p/oak/you`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/p'); // by way of the issuer
  await page.getByRole('heading', { name: 'Your health records' }).waitFor();
  expect(JSON.stringify(await keptSession(page))).not.toContain('access_token');
  await page.goto(`${stack.url}/p/oak`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.context().close();

  const desk = await newPage(WIDE);
  await openAs(desk, `${stack.url}/t/oak/patients/${patient}/portal`, stack.user('oak', 'nurse'));
  const end = desk.getByRole('button', { name: 'End the access' });
  await end.click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByLabel('Why?').press('Escape');
  await vi.waitFor(async () => expect(await end.evaluate((button) => button === document.activeElement)).toBe(true));
  await end.click();
  await dialog.getByRole('button', { name: 'End the access' }).click();
  await dialog.getByText('Say why, in a few words.').waitFor();
  await dialog.getByLabel('Why?').fill('Wrong address');
  await dialog.getByRole('button', { name: 'End the access' }).click();
  await desk.getByText(`The access of ${EMAIL} was ended.`).waitFor();
  expect(await own(patient)).toBe(403);
  await phone.getByRole('link', { name: 'Visits', exact: true }).click();
  await phone.getByText('The clinic has ended your access to these pages.').waitFor();
  expect(await phone.getByText('Moira').count()).toBe(0);
  await Promise.all([desk.context().close(), phone.context().close()]);
}, 60_000);
