import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encounter, Patient, Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import type { Page } from 'playwright-core';
import { beforeAll, expect, inject, test } from 'vitest';
import type { VisitWorkspace } from '../../schemas/visit.ts';
import { atBrowser } from '../support/at-browser.ts';
import { NARROW, WIDE } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { openAs } from '../support/signed-in.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));
const physician = atBrowser(stack, 'oak', 'physician');
const { api, tab } = physician;
const SOON = { timeout: 15_000 };
let patient: string;

beforeAll(async () => {
  const made = await api<Patient>('POST', '/fhir/R4/Patient', {
    resourceType: 'Patient',
    name: [{ family: 'Visitor', given: ['Vera'] }],
    birthDate: '1980-10-05',
  });
  patient = made.id ?? '';
});

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

/** A visit whose note is begun, and its address. */
async function visit(): Promise<{ id: string; path: string; note: QuestionnaireResponse }> {
  const { id = '' } = await api<Encounter>('POST', '/visits', { patient }, { 'idempotency-key': crypto.randomUUID() });
  const { templates } = await api<VisitWorkspace>('GET', `/visits/${id}`);
  const soap = templates.find(({ code }) => code?.some((one) => one.code === 'soap-visit')) as Questionnaire;
  const note = await api<QuestionnaireResponse>('POST', `/visits/${id}/note`, { template: soap.id });
  return { id, path: `/t/oak/patients/${patient}/visits/${id}`, note };
}
const stored = async (note: QuestionnaireResponse): Promise<string> =>
  JSON.stringify((await api<QuestionnaireResponse>('GET', `/fhir/R4/QuestionnaireResponse/${note.id}`)).item ?? []);

test('from the chart to a signed note that anybody can check: one click signs', async () => {
  const page = await tab(`/t/oak/patients/${patient}`);
  await page.getByRole('button', { name: 'Start a visit' }).click();
  await page.getByRole('menuitem', { name: 'Follow-up' }).click();
  await page.getByRole('button', { name: 'Visit note (SOAP)' }).click();
  await field(page, 'Subjective').pressSequentially('Coughs since Monday. /problem asthma');
  await page.keyboard.press('Enter');
  await field(page, 'Plan').fill('Ruhe, 休息, راحة');
  await page.getByRole('button', { name: 'Record vital signs' }).click();
  await page.getByLabel('Blood pressure: Systolic').fill('142');
  await page.keyboard.press('Enter');
  await page.keyboard.type('91');
  await page.getByLabel('Weight', { exact: true }).fill('1500');
  await page.getByRole('button', { name: 'Save vital signs' }).click();
  await page.getByText('Weight lies between 0.2 and 650 kg.').first().waitFor();
  await page.getByLabel('Weight', { exact: true }).fill('72,5');
  await page.getByRole('button', { name: 'Save vital signs' }).click();
  await page.getByText('Vital signs saved').waitFor();

  let clicks = 0;
  await page.getByRole('button', { name: 'Sign note' }).click();
  clicks += 1;
  await page.getByText('The signature is valid, and the chart says what was signed.').waitFor();
  expect(clicks).toBe(1);
  const text = (await page.getByRole('region', { name: 'Note', exact: true }).textContent()) ?? '';
  for (const part of ['Coughs since Monday.', 'Asthma', 'راحة', 'Blood pressure 142/91 mmHg', 'Weight 72.5 kg'])
    expect(text).toContain(part);
  expect(text).not.toContain('/problem');

  await page.getByRole('button', { name: 'Write an addendum' }).click();
  await field(page, 'Addendum').fill('Called back: better.');
  await page.getByRole('button', { name: 'Sign addendum' }).click();
  await page.getByRole('heading', { name: 'Addenda' }).waitFor();

  await page.getByRole('button', { name: 'Download signed file' }).waitFor();
  const visitId = new URL(page.url()).pathname.split('/').at(-1);
  const { signed } = await api<VisitWorkspace>('GET', `/visits/${visitId}`);
  const folder = mkdtempSync(join(tmpdir(), 'tessera-verify-'));
  const file = join(folder, 'note.json');
  writeFileSync(file, JSON.stringify(await api<object>('GET', `/notes/${signed?.id}/file`)));
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, await (await fetch(`${stack.url}/api/platform/signing-keys`)).text());
  const verify = (...args: string[]) => spawnSync(process.execPath, ['infra/verify-note.ts', ...args], { encoding: 'utf8' });
  expect(verify(file, '--keys', keys)).toMatchObject({ status: 0, stdout: expect.stringContaining('valid\nSigned by') });
  expect(verify(file)).toMatchObject({ status: 2, stdout: expect.stringContaining('unknown key') });
  writeFileSync(file, readFileSync(file, 'utf8').replace('Coughs', 'Sneezes'));
  expect(verify(file, '--keys', keys)).toMatchObject({ status: 1, stdout: expect.stringContaining('altered') });
});

test('a killed tab loses no keystroke', async () => {
  const { path, note } = await visit();
  const context = await physician.context();
  const page = await tab(path, context);
  await page.route('**/QuestionnaireResponse/**', (route) => route.abort()); // so that nothing was saved when it died
  await field(page, 'Subjective').pressSequentially('Up to the last letter');
  const browserSession = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  void browserSession.send('Page.crash').catch(() => undefined); // nobody is left to answer
  await crashed;
  const again = await tab(path, context);
  await expect.poll(() => field(again, 'Subjective').inputValue(), SOON).toBe('Up to the last letter');
  await again.getByText('What you typed before is back.').waitFor();
  await expect.poll(() => stored(note), SOON).toContain('Up to the last letter');
});

test('five minutes without a network lose none: kept here, and said so, and on the server as soon as it is back', async () => {
  const { path, note } = await visit();
  const context = await physician.context();
  const page = await tab(path, context);
  await field(page, 'Subjective').waitFor();
  await page.clock.install();
  await context.setOffline(true);
  await field(page, 'Subjective').pressSequentially('Typed in the cellar');
  await page.clock.runFor(300_000);
  await page.getByText('Kept on this computer. The server is not reached').waitFor();
  expect(await stored(note)).toBe('[]');
  await context.setOffline(false);
  await page.clock.runFor(5_000);
  await expect.poll(() => stored(note), SOON).toContain('Typed in the cellar');
});

test('a browser that keeps nothing says that the text is nowhere but on the screen', async () => {
  const { path } = await visit();
  const page = await tab('/');
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Refused', 'SecurityError');
    };
  });
  await page.route('**/QuestionnaireResponse/**', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await page.goto(`${stack.url}${path}`);
  await field(page, 'Subjective').pressSequentially('Nowhere');
  await page.getByText('NOT kept: this browser keeps nothing').waitFor();
  await page.close();
});

test('a session that ends loses none: whoever signs in again finds what they typed', async () => {
  const { path, note } = await visit();
  const context = await physician.context();
  const page = await tab(path, context);
  await context.route('**/QuestionnaireResponse/**', (route) => route.fulfill({ status: 401, body: '{}' }));
  await field(page, 'Plan').pressSequentially('Before the session ended');
  await page.getByText(/Your session has ended/).waitFor();
  await page.close(); // nothing of it is left that could still save
  await context.unroute('**/QuestionnaireResponse/**');
  const again = await tab(path, context);
  await expect.poll(() => field(again, 'Plan').inputValue(), SOON).toBe('Before the session ended');
  await expect.poll(() => stored(note), SOON).toContain('Before the session ended');
});

test('two people in one note: what only one wrote stands, and where both wrote both texts are shown and joined', async () => {
  const { path, note } = await visit();
  const page = await tab(path);
  await field(page, 'Subjective').fill('Mine');
  await expect.poll(() => stored(note), SOON).toContain('Mine');
  const theirs = await api<QuestionnaireResponse>('GET', `/fhir/R4/QuestionnaireResponse/${note.id}`);
  await api('PUT', `/fhir/R4/QuestionnaireResponse/${note.id}`, {
    ...theirs,
    item: [
      { linkId: '1', answer: [{ valueString: 'Theirs' }] },
      { linkId: '2', answer: [{ valueString: 'Lungs clear' }] },
    ],
  });
  await field(page, 'Subjective').fill('Mine, and more');
  const clash = page.getByRole('region', { name: 'Somebody else has written here too' });
  await clash.getByText('Theirs', { exact: true }).last().waitFor();
  expect(await field(page, 'Objective').inputValue()).toBe('Lungs clear');
  await clash.getByRole('button', { name: 'Keep both' }).click();
  await expect.poll(() => stored(note), SOON).toContain('Mine, and more\\nTheirs');
});

test('the note, its measurements and the signed note at 360 px, in the dark, without a fault that axe finds', async () => {
  const { path, id } = await visit();
  for (const options of [NARROW, { ...WIDE, colorScheme: 'dark' } as const]) {
    const page = await tab(path, options);
    await field(page, 'Plan').fill('Rest');
    await page.locator('[data-saved="saved"]').waitFor();
    await page.getByRole('button', { name: 'Record vital signs' }).click();
    await page.getByLabel('Blood pressure: Systolic').waitFor();
    expect(await faults(page)).toEqual([]);
  }
  const { note } = await api<VisitWorkspace>('GET', `/visits/${id}`);
  await api('POST', `/visits/${id}/note/sign`, {}, { 'if-match': `W/"${note?.meta?.versionId}"` });
  const page = await tab(path, NARROW);
  await page.getByText('The signature is valid').waitFor();
  expect(await faults(page)).toEqual([]);
});

test('an administrator makes a new version of a template; the note that was begun keeps its own', async () => {
  const { path } = await visit();
  const own = await physician.browser.newContext({ ...WIDE, locale: 'en-GB' });
  const admin = await own.newPage();
  await openAs(admin, `${stack.url}/t/oak/settings/note-templates`, stack.user('oak', 'admin'));
  await admin.getByRole('region', { name: 'Visit note (SOAP)' }).getByRole('button', { name: 'Make a new version' }).click();
  await admin.getByRole('button', { name: 'Add a question' }).click();
  await admin.getByLabel('Question', { exact: true }).last().fill('Follow-up');
  await admin.getByText('New: Follow-up (Text)').waitFor();
  expect(await faults(admin)).toEqual([]);
  await admin.getByRole('button', { name: /^Publish version/ }).click();
  await admin.getByText(/^Version \d+ published$/).waitFor();
  const page = await tab(path);
  await field(page, 'Plan').waitFor();
  expect(await field(page, 'Follow-up').count()).toBe(0);
});
