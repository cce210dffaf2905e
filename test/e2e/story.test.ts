import { randomUUID } from 'node:crypto';
import type { Appointment, Bundle, Patient } from 'fhir/r4';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { tokensOf } from '../support/newcomer.ts';
import { faults } from '../support/page-faults.ts';
import { referralLetter } from '../support/scan-letters.ts';
import { faxOf, pageOf } from '../support/scan-maker.ts';
import { stackAt } from '../support/stack.ts';

/**
 * One visit from the telephone call to the money: booked and reminded, its faxed referral filed, checked in, seen, the note signed, invoiced
 * and paid. Each person works in a window of their own, as they would.
 */
const stack = stackAt(inject('stack'));
const ROLES = ['front-desk', 'physician', 'biller', 'admin'] as const;
type Staff = (typeof ROLES)[number];
let browser: Browser;
const sessions = new Map<Staff, Record<string, string>>();
const tokens = new Map<Staff, string>();

beforeAll(async () => {
  browser = await openBrowser();
  for (const role of ROLES) {
    const page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
    await signInAs(page, `${stack.url}/t/oak/today`, stack.user('oak', role));
    await page.getByRole('heading', { level: 1 }).waitFor();
    sessions.set(role, await keptSession(page));
    tokens.set(role, (await tokensOf(page)).access_token ?? '');
    if (role === 'admin') await connectPayments(page);
    await page.close();
  }
}, 240_000);
afterAll(async () => {
  await browser?.close();
});

/** The clinic's own account at Stripe, where it has none yet. */
async function connectPayments(page: Page): Promise<void> {
  await page.goto(`${stack.url}/t/oak/settings/payments`);
  const ready = page.getByText('Patients can pay by card and bank account.');
  const connect = page.getByRole('button', { name: 'Connect Stripe' });
  await ready.or(connect).waitFor();
  if (await ready.isVisible()) return;
  await connect.click();
  await page.waitForURL(/\/local\/stripe\//);
  await page.getByRole('button').first().click();
  await ready.waitFor();
}

const api = async <T>(
  role: Staff,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> => {
  const answer = await fetch(`${stack.url}/api/oak${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(role)}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} is ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
};

const newPatient = (person: { given: string; family: string; birthDate: string }, email: string) =>
  api<Patient & { id: string }>('front-desk', 'POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    name: [{ family: person.family, given: [person.given] }],
    birthDate: person.birthDate,
    gender: 'female',
    telecom: [{ system: 'email', value: email }],
  });

/** Reminds as long before as brings the reminder of a visit at `start` into the minute in which a booking of now is planned: the next but one. */
async function remindSoon(start: number): Promise<void> {
  const kept = await api<{ value: Record<string, unknown>; version: number }>('admin', 'GET', '/settings/reminders');
  const minutes = start / 60_000 - (Math.floor(Date.now() / 60_000) + 2);
  const elsewhere = `${String((new Date().getUTCHours() + 6) % 24).padStart(2, '0')}`;
  await api(
    'admin',
    'PUT',
    '/settings/reminders',
    {
      ...kept.value,
      offsetsMinutes: [minutes],
      channels: ['mail'],
      quietHours: { from: `${elsewhere}:00`, to: `${elsewhere}:01` },
    },
    kept.version > 0 ? { 'if-match': `W/"${kept.version}"` } : {},
  );
}

/** What every clinic begins with: other tests look at it. */
async function remindAsBefore(): Promise<void> {
  const { version } = await api<{ version: number }>('admin', 'GET', '/settings/reminders');
  await api('admin', 'PUT', '/settings/reminders', {}, { 'if-match': `W/"${version}"` });
}

/** A visit that begins now, whatever stands in the way, with whom another time was offered. */
const bookNow = async (patient: string, offered: Appointment | undefined): Promise<string> => {
  const startMs = Math.ceil(Date.now() / 60_000) * 60_000;
  const appointment = {
    resourceType: 'Appointment',
    status: 'booked',
    ...(offered?.serviceType && { serviceType: offered.serviceType }),
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + 20 * 60_000).toISOString(),
    participant: [
      { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
      ...(offered?.participant ?? []).filter(({ actor }) => actor?.reference && !actor.reference.startsWith('Patient/')),
    ],
  };
  const { entry = [] } = await api<Bundle<Appointment>>('front-desk', 'POST', '/fhir/R4/Appointment/$book', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'appointment-resource', resource: appointment },
      { name: 'override-reason', valueString: 'Stands at the counter' },
    ],
  });
  return entry[0]?.resource?.id ?? '';
};

/** What was mailed to somebody, once it has come. */
async function mailTo(email: string): Promise<{ text: string; others: number }> {
  const inbox = `${stack.url}/local/inbox.json?to=${encodeURIComponent(email)}`;
  return vi.waitFor(
    async () => {
      const [mail, ...others] = (await (await fetch(inbox)).json()) as { text: string }[];
      if (!mail) throw new Error('No reminder has come.');
      return { text: mail.text, others: others.length };
    },
    { timeout: 180_000, interval: 500 },
  );
}

/** Counts presses of one piece of work. */
function clicker() {
  let clicks = 0;
  return {
    click: async (what: Locator) => {
      clicks += 1;
      await what.first().click();
    },
    clicks: () => clicks,
  };
}

/** Who waits for a reminder of the follow-up. */
const reminded: { given: string; family: string; email: string }[] = [];

describe.each([
  { width: 'wide', options: WIDE, letters: 'Adaeze' },
  { width: 'at 360 px', options: NARROW, letters: 'Beatrix' },
])('one visit, $width', ({ width, options, letters }) => {
  test('is booked, checked in, seen, signed, invoiced and paid, and its fax is filed', async () => {
    const found: string[] = [];
    const windowOf = async (role: Staff, more: BrowserContextOptions = options): Promise<Page> => {
      const context = await signedInContext(browser, sessions.get(role) ?? {}, more);
      const page = await context.newPage();
      page.on('pageerror', (error) => void found.push(error.message));
      return page;
    };
    const look = async (name: string, page: Page) => found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
    const person = {
      given: letters,
      family: `Okonkwo${randomUUID().replace(/\W|\d/g, '').slice(0, 5)}`,
      birthDate: '1984-02-29',
    };
    const email = `${person.family.toLowerCase()}@example.org`;
    const patient = await newPatient(person, email);
    const [fax] = [faxOf([await pageOf(referralLetter(person)), await pageOf(['Page 2', 'Medications: none.'])], 'fine')];
    const [desk, doctor, billing] = [await windowOf('front-desk'), await windowOf('physician'), await windowOf('biller')];
    const begun = performance.now();

    // The desk books.
    const booking = clicker();
    await desk.goto(`${stack.url}/t/oak/patients`);
    await desk.getByRole('combobox', { name: 'Find a patient' }).fill(person.family);
    await booking.click(desk.getByRole('option', { name: new RegExp(person.family) }));
    const offered = desk.waitForResponse((response) => response.url().endsWith('$find'));
    await booking.click(desk.locator('[data-section=appointments]').getByRole('link', { name: 'Book a visit' }));
    const times = ((await (await offered).json()) as Bundle<Appointment>).entry ?? [];
    const at = times.findIndex(({ resource }) => Date.parse(resource?.start ?? '') > Date.now() + 17 * 60_000);
    if (width === 'wide') {
      await remindSoon(Date.parse(times[at]?.resource?.start ?? ''));
      reminded.push({ ...person, email });
    }
    await booking.click(desk.locator('aside button[aria-pressed]').nth(at));
    await booking.click(desk.locator('aside').getByRole('button', { name: /^Book / }));
    await desk.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('booked', desk);

    // A fax comes in and is filed.
    await desk.goto(`${stack.url}/t/oak/documents`);
    await desk.locator('input[type=file]').first().setInputFiles({ name: 'fax.tiff', mimeType: 'image/tiff', buffer: fax });
    const uploaded = performance.now();
    await desk.getByRole('button', { name: /^Upload as one document/ }).click();
    const row = desk.getByRole('row', { name: new RegExp(person.family) });
    await row.waitFor({ timeout: 40_000 });
    await look('board', desk);
    const filing = clicker();
    await filing.click(row.getByRole('link'));
    await filing.click(desk.getByRole('button', { name: 'File to chart' }));
    await desk
      .getByText(/^Filed to the chart of/)
      .first()
      .waitFor();
    const filedMs = performance.now() - uploaded;

    // The patient stands at the counter already: booked over what is in the way, checked in, seen; the physician signs.
    const visit = await bookNow(patient.id, times[at]?.resource);
    await desk.goto(`${stack.url}/t/oak/calendar?visit=${visit}`);
    await desk.getByRole('button', { name: 'Check in' }).first().click();
    await desk.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('calendar', desk);
    await doctor.goto(`${stack.url}/t/oak/patients/${patient.id}`);
    await doctor.getByRole('link', { name: 'Open the visit' }).click();
    await doctor.getByRole('button', { name: /SOAP/ }).click();
    const subjective = doctor.getByRole('main').getByRole('textbox').first();
    await subjective.fill('Chest pressure on the stairs for three weeks; none at rest.');
    await doctor
      .getByText(/^Saved/)
      .first()
      .waitFor();
    await look('note', doctor);
    const signing = clicker();
    await signing.click(doctor.getByRole('button', { name: /^Sign note/ }));
    await doctor.getByText(/The signature is valid/).waitFor();
    await look('signed', doctor);

    // The biller invoices, the patient pays.
    await billing.goto(`${stack.url}/t/oak/billing/unbilled`);
    await billing
      .getByRole('row', { name: new RegExp(person.family) })
      .getByRole('link')
      .first()
      .click();
    await billing.getByRole('button', { name: 'Make invoice' }).click();
    await billing.getByRole('heading', { name: /^Invoice / }).waitFor();
    await look('invoice', billing);
    await billing.getByRole('button', { name: 'Pay by card or bank' }).click();
    await billing.locator('#number').fill('4242424242424242');
    await billing.locator('#expiry').fill('12 / 34');
    await billing.locator('#cvc').fill('123');
    await billing.getByRole('button', { name: /by card$/ }).click();
    await billing.waitForURL(/\/billing\/invoices\//);
    await billing.getByText('Paid').first().waitFor();

    const seconds = (performance.now() - begun) / 1000;
    process.stdout.write(
      `Story, ${width}: ${seconds.toFixed(0)} s; clicks: book from search ${booking.clicks()}, file a suggested scan ${filing.clicks()}, sign ${signing.clicks()}; fax filed ${(filedMs / 1000).toFixed(1)} s after it was sent.\n`,
    );
    for (const page of [desk, doctor, billing]) await page.context().close();
    expect(found).toEqual([]);
    expect(booking.clicks()).toBeLessThanOrEqual(5);
    expect(filing.clicks()).toBeLessThanOrEqual(3);
    expect(signing.clicks()).toBe(1);
  }, 150_000);
});

test('the reminder of the follow-up has come, once; it names nobody, and its link is answered on a telephone', async () => {
  const [person] = reminded;
  if (!person) throw new Error('Nobody was booked.');
  const { text, others } = await mailTo(person.email);
  expect(others).toBe(0);
  expect(text).not.toMatch(new RegExp(`${person.given}|${person.family}|referral|chest|Osei`, 'i'));
  const phone = await (await browser.newContext({ ...NARROW, locale: 'en-GB' })).newPage();
  await phone.goto(/https?:\/\/\S+/.exec(text)?.[0] ?? '');
  await phone.getByRole('button', { name: 'Yes, I will come' }).click();
  await phone.getByText('Thank you. We expect you.').waitFor();
  expect(await faults(phone)).toEqual([]);
  await remindAsBefore();
  await phone.context().close();
}, 200_000);
