import type { Appointment, Bundle, Patient } from 'fhir/r4';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { referralLetter } from '../../local/demo/scan-letters.ts';
import { faxOf, pageOf } from '../../local/demo/scan-maker.ts';
import { keptSession, NARROW, openBrowser, signedInContext, signInAs, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { PLANTED, STORY_CLINIC, UNREACHABLE } from '../support/planted-visit.ts';
import { stackAt } from '../support/stack.ts';
import { type StaffApi, staffApi } from '../support/staff-api.ts';

/**
 * One patient from the telephone call to the money: a visit booked, of another one reminded, the faxed referral filed, checked in, seen,
 * the note signed, invoiced and paid. Each person works in a window of their own, as they would. A reminder goes out when two minutes
 * are over, so the visit that it is about was booked when the stack began.
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
  desk = await staffApi(stack, STORY_CLINIC, 'front-desk');
  for (const role of ROLES) {
    const page = await browser.newPage({ ...WIDE, locale: 'en-GB' });
    await signInAs(page, `${stack.url}/t/${STORY_CLINIC}/today`, stack.user(STORY_CLINIC, role));
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
  await page.goto(`${stack.url}/t/${STORY_CLINIC}/settings/payments`);
  const ready = page.getByText('Patients can pay by card and bank account.');
  const connect = page.getByRole('button', { name: 'Connect Stripe' });
  await ready.or(connect).waitFor();
  if (await ready.isVisible()) return;
  await connect.click();
  await page.waitForURL(/\/local\/stripe\//);
  await page.getByRole('button').first().click();
  await ready.waitFor();
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
  const { entry = [] } = await desk<Bundle<Appointment>>('POST', '/fhir/R4/Appointment/$book', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'appointment-resource', resource: appointment },
      { name: 'override-reason', valueString: 'Stands at the counter' },
    ],
  });
  return entry[0]?.resource?.id ?? '';
};

/** The one message that has come there. */
async function reminderTo(email: string): Promise<string> {
  const mails = await vi.waitFor(
    async () => {
      const answer = await fetch(`${stack.url}/local/inbox.json?to=${encodeURIComponent(email)}`);
      const found = (await answer.json()) as { text: string }[];
      if (found.length === 0) throw new Error('No reminder has come.');
      return found;
    },
    { timeout: 200_000, interval: 500 },
  );
  expect(mails).toHaveLength(1);
  return mails[0]?.text ?? '';
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

describe.each([
  { width: 'wide', options: WIDE, person: PLANTED[0] },
  { width: 'at 360 px', options: NARROW, person: PLANTED[1] },
])('one visit, $width', ({ width, options, person }) => {
  test('is booked, reminded of, checked in, seen, signed, invoiced and paid, and its fax is filed', async () => {
    const found: string[] = [];
    const windowOf = async (role: Staff, more: BrowserContextOptions = options): Promise<Page> => {
      const context = await signedInContext(browser, sessions.get(role) ?? {}, more);
      const page = await context.newPage();
      page.on('pageerror', (error) => void found.push(error.message));
      return page;
    };
    const look = async (name: string, page: Page) => found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
    const [fax] = [faxOf([await pageOf(referralLetter(person)), await pageOf(['Page 2', 'Medications: none.'])], 'fine')];
    const [counter, doctor, billing] = [await windowOf('front-desk'), await windowOf('physician'), await windowOf('biller')];
    const text = await reminderTo(person.email);
    const begun = performance.now();

    // The desk books.
    const booking = clicker();
    await counter.goto(`${stack.url}/t/${STORY_CLINIC}/patients`);
    await counter.getByRole('combobox', { name: 'Find a patient' }).fill(person.family);
    await booking.click(counter.getByRole('option', { name: new RegExp(person.family) }));
    const offered = counter.waitForResponse((response) => response.url().endsWith('$find'));
    await counter.waitForURL(/\/patients\/[^/]+$/);
    const patient = new URL(counter.url()).pathname.split('/').at(-1) ?? '';
    await booking.click(counter.locator('[data-section=appointments]').getByRole('link', { name: 'Book a visit' }));
    const times = ((await (await offered).json()) as Bundle<Appointment>).entry ?? [];
    await booking.click(counter.locator('aside button[aria-pressed]'));
    await booking.click(counter.locator('aside').getByRole('button', { name: /^Book / }));
    await counter.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('booked', counter);

    // Of another visit she was reminded, once: the message names nobody, and its link is answered on a telephone.
    expect(text).toContain('Oak Hill Clinic');
    expect(text).not.toMatch(new RegExp(`${person.given}|${person.family}|Dr\\.|follow`, 'i'));
    const phone = await (await browser.newContext({ ...NARROW, locale: 'en-GB' })).newPage();
    await phone.goto(/https?:\/\/\S+/.exec(text)?.[0] ?? '');
    await phone.getByRole('button', { name: 'Yes, I will come' }).click();
    await phone.getByText('Thank you. We expect you.').waitFor();
    await look('reminded', phone);

    // A fax comes in and is filed.
    await counter.goto(`${stack.url}/t/${STORY_CLINIC}/documents`);
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
    const visit = await bookNow(patient, times[0]?.resource);
    await counter.goto(`${stack.url}/t/${STORY_CLINIC}/calendar?visit=${visit}`);
    await counter.getByRole('button', { name: 'Check in' }).first().click();
    await counter.getByRole('button', { name: 'Undo' }).first().waitFor();
    await look('calendar', counter);
    await doctor.goto(`${stack.url}/t/${STORY_CLINIC}/patients/${patient}`);
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
    await billing.goto(`${stack.url}/t/${STORY_CLINIC}/billing/unbilled`);
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
    for (const page of [counter, phone, doctor, billing]) await page.context().close();
    expect(found).toEqual([]);
    expect(booking.clicks()).toBeLessThanOrEqual(5);
    expect(filing.clicks()).toBeLessThanOrEqual(3);
    expect(signing.clicks()).toBe(1);
  }, 300_000);
});

test('a reminder that came back is told in the chart, and calling the patient is a task of the desk', async () => {
  const found = await desk<Bundle<Patient>>('GET', `/fhir/R4/Patient?family=${UNREACHABLE.family}`);
  const patient = found.entry?.[0]?.resource?.id ?? '';
  const context = await signedInContext(browser, sessions.get('front-desk') ?? {}, WIDE);
  const page = await context.newPage();
  await page.goto(`${stack.url}/t/${STORY_CLINIC}/inbox?kind=reminder-failed`);
  const task = page.locator('[data-task]').filter({ hasText: UNREACHABLE.family });
  await task.getByText('Reminder not delivered').waitFor({ timeout: 90_000 }); // the list is asked for again each minute
  expect(await faults(page)).toEqual([]);
  await page.goto(`${stack.url}/t/${STORY_CLINIC}/patients/${patient}/reminders`);
  await page
    .getByRole('row')
    .filter({ hasText: 'it came back: call the patient, and ask for another address' })
    .first()
    .waitFor();
  expect(await faults(page)).toEqual([]);
  await context.close();
}, 150_000);
