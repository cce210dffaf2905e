import type { AllergyIntolerance, Bundle, Observation, Patient } from 'fhir/r4';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { atBrowser } from '../support/at-browser.ts';
import { NARROW, signInAs, WIDE } from '../support/browser.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
const physician = atBrowser(stack, 'oak', 'physician');
let patient: string;

beforeAll(async () => {
  // A chart of our own to write into, so that no test meets another's words.
  const made = await fhir<Patient>('POST', 'Patient', {
    resourceType: 'Patient',
    name: [{ family: 'Zimmermann', given: ['Test'] }],
    birthDate: '1980-10-05',
    gender: 'female',
  });
  patient = made.id ?? '';
});

/** A request of somebody else's, beside the browser. */
const fhir = <T>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<T> =>
  physician.api<T>(method, `/fhir/R4/${path}`, body, headers);

/** How long a screen may take to follow on a busy machine. */
const SOON = { timeout: 15_000 };

const openPage = (path: string): Promise<Page> => physician.tab(path);
const banner = (page: Page) => page.getByRole('region', { name: 'Patient', exact: true });
const tile = (page: Page, name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name, exact: false }) });
const panel = (page: Page) => page.getByRole('complementary');

async function recordAllergy(page: Page, substance: string): Promise<void> {
  await panel(page).getByLabel('Substance').fill(substance);
  await page.keyboard.press('Tab');
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();
  await page.getByText('Allergy recorded just now.').waitFor();
}

test('from a name typed to an allergy recorded, corrected, taken back, and the taking back undone; the banner is true at each step', async () => {
  const page = await openPage('/t/oak/patients');
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('zimm test');
  await page.getByRole('option', { name: /Test Zimmermann/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => banner(page).textContent(), SOON).toContain('Allergies not asked');

  await tile(page, 'Allergies').getByRole('link', { name: 'Record allergy' }).first().click();
  await recordAllergy(page, 'Peanut');
  expect(await banner(page).textContent()).toContain('Peanut');

  await tile(page, 'Allergies')
    .getByRole('link', { name: /Peanut/ })
    .click();
  await panel(page).getByRole('link', { name: 'Correct' }).click();
  await panel(page).getByLabel('Reactions').fill('Hives');
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();
  await page.getByText('Allergy corrected just now.').waitFor();

  await tile(page, 'Allergies')
    .getByRole('link', { name: /Peanut/ })
    .click();
  await panel(page).getByText('History', { exact: true }).click();
  await expect.poll(() => panel(page).locator('ins').allTextContents(), SOON).toEqual(['Hives']);

  await panel(page).getByRole('button', { name: 'Mark as entered in error' }).click();
  await panel(page).getByRole('button', { name: 'Mark as entered in error' }).click();
  await panel(page).getByText('Say why, for those who read the chart later.').waitFor();
  await panel(page).getByLabel('Reason').fill('Another patient');
  await panel(page).getByRole('button', { name: 'Mark as entered in error' }).click();
  await panel(page).getByText('Entered in error: do not use this.').waitFor();
  await expect.poll(() => banner(page).textContent(), SOON).toContain('Allergies not asked');

  await page.getByRole('alert').filter({ hasText: 'Marked as entered in error' }).getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone.').waitFor();
  await expect.poll(() => banner(page).textContent(), SOON).toContain('Peanut');
});

test('an allergy found after “no known allergies” was recorded: one save makes the statement inactive, one undo restores both', async () => {
  const other = await fhir<Patient>('POST', 'Patient', {
    resourceType: 'Patient',
    name: [{ family: 'Nonesuch', given: ['Nell'] }],
  });
  const page = await openPage(`/t/oak/patients/${other.id}?write=allergy`);
  const substance = page.locator('#allergy-substance');
  await substance.fill('NKDA');
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();
  await panel(page).getByText('This is not a substance.').first().waitFor();
  await substance.fill('');
  await panel(page).getByRole('button', { name: 'Record “no known allergies”' }).click();
  await expect.poll(() => banner(page).textContent(), SOON).toContain('No known allergies');

  await page.goto(`${stack.url}/t/oak/patients/${other.id}?write=allergy`);
  await substance.fill('Latex');
  await panel(page).getByText('Saving this allergy makes that statement inactive.').waitFor();
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();
  const said = page.getByRole('alert').filter({ hasText: 'Allergy recorded, and “no known allergies” made inactive' });
  await said.waitFor();
  expect(await banner(page).textContent()).toContain('Latex');

  await said.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => banner(page).textContent(), SOON).toContain('No known allergies');
});

test('a version that somebody saved meanwhile is shown beside one’s own, and each difference is chosen', async () => {
  const allergy = await fhir<AllergyIntolerance>('POST', 'AllergyIntolerance', {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'confirmed' }],
    },
    code: { text: 'Latex' },
    patient: { reference: `Patient/${patient}` },
  });
  const page = await openPage(`/t/oak/patients/${patient}?write=allergy/${allergy.id}`);
  await panel(page).getByLabel('Risk').selectOption('high');
  await fhir('PUT', `AllergyIntolerance/${allergy.id}`, { ...allergy, code: { text: 'Latex gloves' } }, { 'if-match': 'W/"1"' });
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();

  const conflict = panel(page).getByRole('region', { name: 'Somebody else changed this record' });
  await conflict.getByRole('radiogroup', { name: 'Substance' }).getByLabel('Latex gloves').check();
  expect(await conflict.getByRole('button', { name: 'Save the choice' }).isDisabled()).toBe(true);
  await conflict.getByRole('radiogroup', { name: 'Risk' }).getByLabel('High').check();
  await conflict.getByRole('button', { name: 'Save the choice' }).click();
  await page.getByText('Allergy corrected just now.').waitFor();

  const kept = await fhir<AllergyIntolerance>('GET', `AllergyIntolerance/${allergy.id}`);
  expect([kept.meta?.versionId, kept.code?.text, kept.criticality]).toEqual(['3', 'Latex gloves', 'high']);
});

test('a blood pressure that no cuff shows is refused, an unusual one is asked about, and a right one is in the tile at once', async () => {
  const page = await openPage(`/t/oak/patients/${patient}?write=blood-pressure`);
  const form = panel(page);
  await form.getByLabel('Systolic').fill('400');
  await form.getByLabel('Diastolic').fill('125');
  await form.getByText('Very high. Check the number.').waitFor();
  await form.getByRole('button', { name: 'Save to chart' }).click();
  await form.getByText('One thing to correct:').waitFor();
  expect(await form.getByLabel('Systolic').evaluate((field) => field === document.activeElement)).toBe(true);

  await form.getByLabel('Systolic').fill('142');
  await form.getByLabel('Diastolic').fill('91');
  await form.getByRole('button', { name: 'Save to chart' }).click();
  await page.getByText('Blood pressure recorded just now.').waitFor();
  expect(await tile(page, 'Vital signs').textContent()).toMatch(/high.*142\/91\smmHg/);
});

test('whoever reads from Tokyo sees and types the clock of the clinic, and is asked about the hour that came twice', async () => {
  const context = await physician.context({ ...WIDE, timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  await page.goto(`${stack.url}/t/oak/patients/${patient}?write=blood-pressure`);
  await page.getByText('Times are those of the clinic: America/Chicago.').waitFor();
  const form = panel(page);
  await form.getByLabel('Systolic').fill('118');
  await form.getByLabel('Diastolic').fill('76');
  await form.getByLabel('Measured at').fill('2026-03-08T02:30');
  await form.getByText('The clocks went forward over this time').waitFor();
  await form.getByLabel('Measured at').fill('2026-11-01T01:30');
  await form.getByText('this time came twice').waitFor();
  await form.getByRole('combobox', { name: 'Before or after' }).selectOption({ index: 2 });
  await form.getByRole('button', { name: 'Save to chart' }).click();
  await page.getByText('Blood pressure recorded just now.').waitFor();

  const found = await fhir<Bundle<Observation>>('GET', `Observation?patient=${patient}&date=2026-11-01`);
  expect(found.entry?.map(({ resource }) => resource?.effectiveDateTime)).toEqual(['2026-11-01T01:30:00-06:00']);
  await page.goto(`${stack.url}/t/oak/patients/${patient}/vitals`);
  await page.locator('tbody').getByText('1 Nov 2026, 01:30').waitFor();
});

test('what is typed survives Esc, a reload, and a session that ends', async () => {
  const page = await openPage(`/t/oak/patients/${patient}?write=allergy`);
  await panel(page).getByLabel('Reactions').fill('A long story that nobody wants to type twice');
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  await page.goto(`${stack.url}/t/oak/patients/${patient}?write=allergy`);
  await panel(page).getByText('This is what you typed before.').waitFor();
  expect(await panel(page).getByLabel('Reactions').inputValue()).toContain('nobody wants to type twice');

  await page.route('**/api/oak/**', (route) => route.fulfill({ status: 401, contentType: 'application/fhir+json', body: '{}' }));
  await panel(page).getByLabel('Substance').fill('Egg');
  await panel(page).getByRole('button', { name: 'Save to chart' }).click();
  await page.getByText(/Your session has ended/).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/t/oak/patients/${patient}`);
  const drafts = await page.evaluate(() =>
    Object.entries(sessionStorage)
      .filter(([name]) => name.startsWith('tessera.draft/'))
      .map(([, value]) => value),
  );
  expect(drafts.join()).toContain('Egg');
});

test('a form over one patient is never saved into the chart of another, whichever way the history is gone', async () => {
  await fhir<Patient>('POST', 'Patient', { resourceType: 'Patient', name: [{ family: 'Otherwise', given: ['Test'] }] });
  const page = await openPage(`/t/oak/patients/${patient}?write=allergy`);
  await panel(page).getByLabel('Substance').waitFor();
  await page.locator('[data-top-search]').fill('otherwise');
  await page.getByRole('option', { name: /Otherwise/ }).waitFor();
  await page.keyboard.press('Enter');
  await tile(page, 'Allergies').getByRole('link', { name: 'Record allergy' }).first().click();
  await panel(page).getByLabel('Substance').fill('Egg');
  await page.evaluate(() => window.history.go(-2));
  await expect.poll(() => banner(page).textContent(), SOON).toContain('Zimmermann');
  expect(await panel(page).getByLabel('Substance').inputValue()).toBe('');
});

test('what cannot be read again stays on the screen, with what is typed, and it is said', async () => {
  const page = await physician.tab('/t/oak/today');
  await page.clock.install();
  await page.goto(`${stack.url}/t/oak/patients/${patient}?write=allergy`);
  await panel(page).getByLabel('Reactions').fill('Half a sentence');
  await page.route('**/api/oak/**', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }));
  await page.clock.fastForward(6 * 60_000); // whose clinic this is, too, is asked again
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.getByText('This could not be read again.').waitFor();
  expect(await panel(page).getByLabel('Reactions').inputValue()).toBe('Half a sentence');
  await tile(page, 'Problems').waitFor();
  await page.unroute('**/api/oak/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('This could not be read again.').waitFor({ state: 'detached' });
});

test('on a phone the banner has two lines, whatever stands in it; a tile that breaks leaves the others', async () => {
  const page = await physician.tab('/t/oak/today', NARROW);
  const substances = ['Penicillin V', 'Codeine', 'Sulfamethoxazole', 'Latex', 'Peanut', 'Shellfish', 'Bee venom'];
  await page.route('**/api/oak/charts/**', async (route) => {
    const answer = await route.fetch();
    const overview = (await answer.json()) as { patient: Patient; sections: Record<string, object> };
    overview.patient.name = [{ family: 'Wolfeschlegelsteinhausen', given: ['Margaret Anne'] }];
    overview.sections.AllergyIntolerance = {
      resources: substances.map((text) => ({ resourceType: 'AllergyIntolerance', id: text.slice(0, 3), code: { text } })),
    };
    overview.sections.Flag = {
      resources: ['Fall risk', 'Needs an interpreter'].map((text) => ({
        resourceType: 'Flag',
        id: text,
        status: 'active',
        code: { text },
      })),
    };
    const category = [{ coding: [{ code: 'vital-signs' }] }];
    overview.sections.Observation = { resources: [{ resourceType: 'Observation', id: 'odd', category, code: { coding: 5 } }] };
    await route.fulfill({ response: answer, json: overview });
  });
  await page.goto(`${stack.url}/t/oak/patients/${patient}`);
  const allergies = banner(page).getByRole('link', { name: /Penicillin V/ });
  await allergies.waitFor();
  expect((await banner(page).boundingBox())?.height).toBeLessThanOrEqual(60);
  expect((await allergies.boundingBox())?.width).toBeGreaterThan(90);
  await allergies.getByText('7', { exact: true }).waitFor();
  await banner(page).getByRole('button', { name: 'More of this chart, 2 flags' }).click();
  await page.getByRole('menu').getByText('Fall risk').waitFor();
  await page.getByRole('menuitem', { name: 'Patient portal' }).waitFor();
  await tile(page, 'Vital signs').getByRole('alert').waitFor();
  await tile(page, 'Problems').getByText('No problems recorded.').waitFor();
});

describe('a tile has four states', () => {
  const chart = '**/api/oak/charts/**';

  test('while it loads it holds its place, and the screen reader is told', async () => {
    const page = await openPage('/t/oak/patients');
    await page.route(chart, () => undefined); // never answered
    await page.goto(`${stack.url}/t/oak/patients/${patient}`);
    await page.getByRole('status', { name: 'Loading: Problems' }).waitFor();
  });

  test('when it fails it says what to do, and doing it works', async () => {
    const page = await openPage('/t/oak/patients');
    await page.route(chart, (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${stack.url}/t/oak/patients/${patient}`);
    await page.getByText('The server could not answer.').first().waitFor();
    await page.unroute(chart);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await tile(page, 'Problems').getByText('No problems recorded.').waitFor();
  });

  test('when there is nothing it says so, and offers what can be done', async () => {
    const page = await openPage(`/t/oak/patients/${patient}`);
    await tile(page, 'Immunizations').getByText('No immunizations recorded.').waitFor();
    expect(await tile(page, 'Vital signs').getByRole('link', { name: 'Record blood pressure' }).count()).toBeGreaterThan(0);
  });

  test('with data it shows what the server holds', async () => {
    const found = await fhir<Bundle<Patient>>('GET', 'Patient?name=whitfield');
    const id = found.entry?.[0]?.resource?.id ?? '';
    const problems = await fhir<Bundle>('GET', `Condition?patient=${id}&_count=100`);
    const page = await openPage(`/t/oak/patients/${id}`);
    const heading = tile(page, 'Problems').getByRole('heading', { level: 2 });
    await expect.poll(() => heading.textContent(), SOON).toBe(`Problems${problems.entry?.length}`);
  });
});

test('a chart can be walked by keyboard: search, palette, a tile, its record, and back', async () => {
  const page = await openPage(`/t/oak/patients/${patient}`);
  await tile(page, 'Allergies').waitFor();
  await page.keyboard.press('/');
  expect(await page.locator('[data-top-search]').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type('whitf');
  await page.getByRole('option', { name: /Whitfield/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => banner(page).textContent(), SOON).toContain('Whitfield');

  await page.locator('body').click({ position: { x: 5, y: 400 } });
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a patient or a command').waitFor();
  await page.keyboard.type('record blood');
  await page.getByRole('button', { name: 'Record blood pressure' }).last().waitFor();
  await page.keyboard.press('Enter');
  await panel(page).getByRole('heading', { name: 'Record blood pressure' }).waitFor();
  await page.getByPlaceholder('Find a patient or a command').waitFor({ state: 'hidden' }); // until then Esc is the palette's
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });

  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.getByRole('heading', { level: 1, name: 'Patients' }).waitFor();
});

test('a filter stands in the address, so that Back and a colleague find the same screen; the words looked for do not', async () => {
  const found = await fhir<Bundle<Patient>>('GET', 'Patient?name=whitfield');
  const page = await openPage(`/t/oak/patients/${found.entry?.[0]?.resource?.id}/problems`);
  await page.getByLabel('Status').selectOption('current');
  await expect.poll(() => new URL(page.url()).search, SOON).toBe('?status=current');
  await page.getByRole('rowheader', { name: /Depression/ }).waitFor();
  await page.getByText(/\d+ of \d+ shown/).waitFor();
  const rows = await page.getByRole('rowheader').allTextContents();
  await page.getByLabel('Find in this list').fill('depr');
  await expect.poll(() => page.getByRole('rowheader').allTextContents(), SOON).toEqual(rows.filter((row) => /depr/i.test(row)));
  expect(new URL(page.url()).search).toBe('?status=current');
  await page.reload();
  await page.getByRole('table').waitFor();
  expect(await page.getByRole('rowheader').allTextContents()).toEqual(rows);
});

test('a window that nobody uses blurs, counts down and signs out, at the issuer too; the next sign-in leads back to the same place', async () => {
  const context = await physician.browser.newContext({ ...WIDE, locale: 'en-GB' });
  const page = await context.newPage();
  await page.clock.install();
  const nurse = stack.user('oak', 'nurse');
  await signInAs(page, `${stack.url}/t/oak/patients/${patient}`, nurse);
  await banner(page).waitFor();
  await page.clock.runFor(14 * 60_000 + 2_000);
  await page.getByRole('dialog', { name: 'Still there?' }).waitFor();
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByRole('dialog', { name: 'Still there?' }).waitFor({ state: 'detached' });

  await page.clock.runFor(15 * 60_000 + 2_000);
  await page.getByText('You were signed out because nobody used this window').waitFor();
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('oidc.user')))).toEqual([]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#email').waitFor(); // the password is asked for again
  await page.goto(`${stack.url}/`);
  await page.clock.resume();
  await signInAs(page, `${stack.url}/`, nurse);
  await expect.poll(() => new URL(page.url()).pathname, SOON).toBe(`/t/oak/patients/${patient}`);
});
