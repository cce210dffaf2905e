import { afterEach, beforeEach, expect, test } from 'vitest';
import { textMessagesFromEnvironment } from '../sms/from-environment.ts';
import { mailerFromEnvironment } from './from-environment.ts';

const before = { ...process.env };
beforeEach(() => {
  delete process.env.MAIL_FROM;
  delete process.env.SMS_FROM;
});
afterEach(() => {
  process.env = { ...before };
});

test('without a sender whoever sends is told who has to do what', async () => {
  await expect(mailerFromEnvironment().send({ to: 'ada@oak.example', subject: 'Hello', text: '' })).rejects.toMatchObject({
    kind: 'unavailable',
    issues: [{ text: expect.stringContaining('set mailFrom and deploy again') }],
  });
  await expect(textMessagesFromEnvironment().send({ to: '+15551230000', text: '' })).rejects.toMatchObject({
    kind: 'unavailable',
    issues: [{ text: expect.stringContaining('set smsFrom and deploy again') }],
  });
});

test('a sender that is no address is missed at the start, not at the first mail', () => {
  process.env.MAIL_FROM = 'somebody';
  expect(() => mailerFromEnvironment()).toThrow('MAIL_FROM');
});
