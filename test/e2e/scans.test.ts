import { randomUUID } from 'node:crypto';
import type { Patient } from 'fhir/r4';
import type { Page } from 'playwright-core';
import { beforeAll, expect, inject, test } from 'vitest';
import { labReport } from '../../local/demo/scan-letters.ts';
import { pdfOf } from '../../local/demo/scan-maker.ts';
import type { UploadStatus } from '../../schemas/uploads.ts';
import { atBrowser } from '../support/at-browser.ts';
import { NARROW } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { stackAt } from '../support/stack.ts';

/** Whoever sets the rules, files and reads charts: one person, so that one sign-in does. */
const stack = stackAt(inject('stack'));
const admin = atBrowser(stack, 'oak-hill', 'admin');
const SOON = { timeout: 40_000 };

const family = (): string => `Scan${randomUUID().replace(/\W|\d/g, '').slice(0, 6)}`;
const wrong = { given: 'Wanda', family: family(), birthDate: '1971-08-23' };
const right = { given: 'Rosa', family: family(), birthDate: '1972-02-03' };
beforeAll(async () => {
  for (const { given, family: name, birthDate } of [wrong, right])
    await admin.api<Patient>('POST', '/fhir/R4/Patient', {
      resourceType: 'Patient',
      name: [{ family: name, given: [given] }],
      birthDate,
    });
});

/** Drops a file where it says so, as a hand does. */
async function drop(page: Page, name: string, type: string, content: Buffer): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, fileType, base64]) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], fileName, { type: fileType }));
      return transfer;
    },
    [name, type, content.toString('base64')] as const,
  );
  await page.getByText('Drop scans here').dispatchEvent('drop', { dataTransfer: files });
}
/** Sends what was dropped; answers the id of its upload. */
async function send(page: Page): Promise<string> {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/uploads') && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: /^Upload as one document/ }).click();
  return ((await (await answered).json()) as UploadStatus).id;
}
async function look(page: Page, what: string): Promise<void> {
  expect([what, ...(await faults(page))]).toEqual([what]);
}
const EICAR = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'}!$H+H*`;

/** Rules of one's own are an add-on. */
async function begunTrial(): Promise<Page> {
  const page = await admin.tab('/t/oak-hill/settings/plan');
  await page.getByRole('checkbox', { name: 'Document workflows' }).check();
  await page.getByRole('button', { name: /^Start 30 days free$/ }).click();
  await page.waitForURL(/\/local\/stripe\/checkout\//);
  await page.locator('#number').fill('4242424242424242');
  await page.locator('#expiry').fill('12 / 39');
  await page.locator('#cvc').fill('123');
  await page
    .getByRole('button', { name: /^Start trial/ })
    .first()
    .click();
  await page.getByText(/^The trial ends on/).waitFor();
  return page;
}

test('a rule of the clinic is made, and says in a sentence what it does', async () => {
  const page = await begunTrial();
  await page.goto(`${stack.url}/t/oak-hill/settings/document-workflows`);
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const rule = page.getByRole('group', { name: /have a task within 48 h/ }).last();
  await rule.getByRole('combobox', { name: 'Who gets the task' }).selectOption('Administrators');
  await page.getByLabel('Within hours').last().fill('24');
  await page.getByText('Every kind (Every way): Administrators have a task within 24 h.').last().waitFor();
  await look(page, 'workflows');
  await page.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules are saved.').waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, 'workflows at 360 px');
});

test('what is no scan, and what is infected, is refused with a word for whoever uploaded it; nobody can open it', async () => {
  const page = await admin.tab('/t/oak-hill/documents', NARROW);
  await drop(page, 'letter.docx', 'application/msword', Buffer.from('x'));
  await page.getByText('letter.docx is no PDF, TIFF, PNG or JPEG.').waitFor();
  const refused = [
    { content: '<html><script>alert(1)</script></html>', words: 'This is not a PDF, TIFF, PNG or JPEG file.' },
    { content: EICAR, words: /malware/ },
  ];
  for (const { content, words } of refused) {
    await page.goto(`${stack.url}/t/oak-hill/documents`);
    await drop(page, 'scan.pdf', 'application/pdf', Buffer.from(content));
    const id = await send(page);
    await page.locator(`a[href$="/documents/${id}"]`).click();
    await page.getByRole('alert').getByText(words).waitFor(SOON);
    const status = await admin.api<UploadStatus>('GET', `/uploads/${id}`);
    expect([status.state, status.pages]).toEqual(['refused', undefined]);
    await look(page, 'refused at 360 px');
  }
});

test('a dropped report is read, filed, found by its words, given to whom the rule names, and moved to the right patient', async () => {
  const page = await admin.tab('/t/oak-hill/documents');
  await drop(page, 'scan.pdf', 'application/pdf', await pdfOf(labReport(wrong)));
  const id = await send(page);
  const row = page.getByRole('row', { name: new RegExp(wrong.family) });
  await row.waitFor(SOON);
  await look(page, 'board');
  await row.getByRole('link').click();
  await page.getByRole('img', { name: 'Page 1 as it was scanned' }).waitFor();
  await page.getByRole('button', { name: 'Larger' }).click();
  await page.getByRole('button', { name: 'Turn right' }).click();
  await look(page, 'filing form and viewer');
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, 'filing form and viewer at 360 px');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'File to chart' }).click();
  await page
    .getByText(/^Filed to the chart of/)
    .first()
    .waitFor();

  const { filing } = await admin.api<UploadStatus>('GET', `/uploads/${id}`);
  await page.goto(`${stack.url}/t/oak-hill/inbox?kind=review-document`);
  const task = page.getByRole('listitem').filter({ hasText: wrong.family });
  await task.getByText(/^due /).waitFor();
  await page.goto(`${stack.url}/t/oak-hill/patients/${filing?.patient}/documents`);
  await page.getByRole('textbox', { name: 'Find in documents' }).fill('potassium HEMOLYZED');
  await page.keyboard.press('Enter');
  await page.getByText('1 document has these words').waitFor();

  await page.goto(`${stack.url}/t/oak-hill/documents/${id}`);
  await page.getByRole('button', { name: 'Move to another patient' }).click();
  await page.getByLabel('Find a patient by name, birth date, phone or record number').fill(right.family);
  await page.getByRole('button', { name: 'Move here' }).click();
  await page.getByLabel('Why').fill('The wrong chart was open');
  await page.getByRole('button', { name: 'Move here' }).click();
  await page.getByText(new RegExp(`^Moved to the chart of ${right.given}`)).waitFor();
  const moved = await admin.api<UploadStatus>('GET', `/uploads/${id}`);
  await page.goto(`${stack.url}/t/oak-hill/inbox?kind=review-document`);
  await page.getByRole('listitem').filter({ hasText: right.family }).first().waitFor();
  await page.goto(`${stack.url}/t/oak-hill/patients/${moved.filing?.patient}/notes`);
  const report = page.getByRole('link', { name: /Laboratory report/ }).first();
  await report.click();
  await page.getByRole('img', { name: 'Page 1 as it was scanned' }).waitFor();
  await look(page, 'in the chart');
  // From the chart, where no row of the board is needed.
  // The rest of the chart answers late: the document has gone by then, and the buttons beside it.
  await page.route(/\/charts\//, async (route) => {
    await page.getByRole('button', { name: 'Move to another patient' }).waitFor({ state: 'detached' });
    await route.continue();
  });
  await page.getByRole('button', { name: 'Take out of the chart' }).click();
  await page.getByLabel('Why').fill('Nobody knows whose it is');
  await page.getByRole('dialog').getByRole('button', { name: 'Take out of the chart' }).click();
  await page.getByText('Taken back: it waits on the board again.').first().waitFor();
  await report.waitFor({ state: 'detached' });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
