import { randomUUID } from 'node:crypto';
import type { Appointment, Bundle, Patient } from 'fhir/r4';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { referralLetter } from '../../local/demo/scan-letters.ts';
import { faxOf, pageOf } from '../../local/demo/scan-maker.ts';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { stackAt } from '../support/stack.ts';
import { type StaffApi, staffApi } from '../support/staff-api.ts';

/**
 * One visit from the telephone call to the money: booked, its faxed referral filed, checked in, seen, the note signed, invoiced
 * and paid. Each person works in a window of their own, as they would.
 */
const stack = stackAt(inject('stack'));
const ROLES = ['front-desk', 'physician', 'biller', 'admin'] as const;
type Staff = (typeof ROLES)[number];
let browser: Browser;
const sessions = new Map<Staff, Record<string, string>>();
/** What the story takes for granted is done as the desk. */
let desk: StaffApi;

beforeAll(async () => {
  browser = await openBrowser();
  desk = await staffApi(stack, 'oak', 'front-desk');
  for (const role of ROLES) {
    const page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
    await signInAs(page, `${stack.url}/t/oak/today`, stack.user('oak', role));
    await page.getByRole('heading', { level: 1 }).waitFor();
    sessions.set(role, await keptSession(page));
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

const newPatient = (person: { given: string; family: string; birthDate: string }, email: string) =>
  desk<Patient & { id: string }>('POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    name: [{ family: person.family, given: [person.given] }],
    birthDate: person.birthDate,
    gender: 'female',
    telecom: [{ system: 'email', value: email }],
  });

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
  const { entry = [] } = await desk<Bundle<Appointment>>('POST', '/fhir/R4/Appointment/$book', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'appointment-resource', resource: appointment },
      { name: 'override-reason', valueString: 'Stands at the counter' },
    ],
  });
  return entry[0]?.resource?.id ?? '';
};

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
    const [counter, doctor, billing] = [await windowOf('front-desk'), await windowOf('physician'), await windowOf('biller')];
    const begun = performance.now();

    // The desk books.
    const booking = clicker();
    await counter.goto(`${stack.url}/t/oak/patients`);
    await counter.getByRole('combobox', { name: 'Find a patient' }).fill(person.family);
    await booking.click(counter.getByRole('option', { name: new RegExp(person.family) }));
    const offered = counter.waitForResponse((response) => response.url().endsWith('$find'));
    await booking.click(counter.locator('[data-section=appointments]').getByRole('link', { name: 'Book a visit' }));
    const times = ((await (await offered).json()) as Bundle<Appointment>).entry ?? [];
    await booking.click(counter.locator('aside button[aria-pressed]'));
    await booking.click(counter.locator('aside').getByRole('button', { name: /^Book / }));
    await counter.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('booked', counter);

    // A fax comes in and is filed.
    await counter.goto(`${stack.url}/t/oak/documents`);
    await counter.locator('input[type=file]').first().setInputFiles({ name: 'fax.tiff', mimeType: 'image/tiff', buffer: fax });
    const uploaded = performance.now();
    await counter.getByRole('button', { name: /^Upload as one document/ }).click();
    const row = counter.getByRole('row', { name: new RegExp(person.family) });
    await row.waitFor({ timeout: 40_000 });
    await look('board', counter);
    const filing = clicker();
    await filing.click(row.getByRole('link'));
    await filing.click(counter.getByRole('button', { name: 'File to chart' }));
    await counter
      .getByText(/^Filed to the chart of/)
      .first()
      .waitFor();
    const filedMs = performance.now() - uploaded;

    // The patient stands at the counter already: booked over what is in the way, checked in, seen; the physician signs.
    const visit = await bookNow(patient.id, times[0]?.resource);
    await counter.goto(`${stack.url}/t/oak/calendar?visit=${visit}`);
    await counter.getByRole('button', { name: 'Check in' }).first().click();
    await counter.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('calendar', counter);
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
    for (const page of [counter, doctor, billing]) await page.context().close();
    expect(found).toEqual([]);
    expect(booking.clicks()).toBeLessThanOrEqual(5);
    expect(filing.clicks()).toBeLessThanOrEqual(3);
    expect(signing.clicks()).toBe(1);
  }, 150_000);
});
