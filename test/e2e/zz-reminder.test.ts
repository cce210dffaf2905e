import { expect, inject, test, vi } from 'vitest';
import { NARROW, openBrowser } from '../support/browser.ts';
import { faults } from '../support/page-faults.ts';
import { PLANTED } from '../support/planted-visit.ts';
import { stackAt } from '../support/stack.ts';

const stack = stackAt(inject('stack'));

test('who has booked was reminded, once; the message names nobody, and its link is answered on a telephone', async () => {
  const mails = await vi.waitFor(
    async () => {
      const answer = await fetch(`${stack.url}/local/inbox.json?to=${encodeURIComponent(PLANTED.email)}`);
      const found = (await answer.json()) as { text: string }[];
      if (found.length === 0) throw new Error('No reminder has come.');
      return found;
    },
    { timeout: 200_000, interval: 500 },
  );
  expect(mails).toHaveLength(1);
  const text = mails[0]?.text ?? '';
  expect(text).toContain('Oak Hill Clinic');
  expect(text).not.toMatch(new RegExp(`${PLANTED.given}|${PLANTED.family}|Dr\\.|follow`, 'i'));
  const browser = await openBrowser();
  try {
    const phone = await (await browser.newContext({ ...NARROW, locale: 'en-GB' })).newPage();
    await phone.goto(/https?:\/\/\S+/.exec(text)?.[0] ?? '');
    await phone.getByRole('button', { name: 'Yes, I will come' }).click();
    await phone.getByText('Thank you. We expect you.').waitFor();
    expect(await faults(phone)).toEqual([]);
  } finally {
    await browser.close();
  }
}, 220_000);
