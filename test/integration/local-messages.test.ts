import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sesMailer } from '../../core/mail/ses-mailer.ts';
import { Problem } from '../../core/outcome.ts';
import { awsTextMessages } from '../../core/sms/aws-text-messages.ts';
import { LocalCredentials, type Principal } from '../../local/aws/credentials.ts';
import { createServices } from '../../local/aws/services.ts';
import { LoopbackServer } from '../../local/loopback-server.ts';
import { MessageStore } from '../../local/messages/message-store.ts';
import { createSes } from '../../local/messages/ses-api.ts';
import { createSms } from '../../local/messages/sms-api.ts';
import { inboxPages } from '../../local/pages/inbox.ts';

const FROM = 'no-reply@tessera.example';
const IDENTITY = 'arn:aws:ses:us-east-1:111111111111:identity/tessera.example';
const NUMBER = 'arn:aws:sms-voice:us-east-1:111111111111:sender-id/TESSERA/US';
const SENDING = 'arn:aws:iam::111111111111:role/sending';
const OTHER = 'arn:aws:iam::111111111111:role/other';
const OWNER: Principal = { role: 'root', tags: {}, expiresMs: Number.MAX_SAFE_INTEGER };

const credentials = new LocalCredentials('a secret of this test');
const file = join(mkdtempSync(join(tmpdir(), 'tessera-messages-')), 'messages.db');
let store: MessageStore;
let services: LoopbackServer;
let door: LoopbackServer;

const nobody = async (): Promise<never> => {
  throw new Error('Not this service.');
};

/** Opens the store as a start of the runtime does. */
function open(): void {
  store = new MessageStore(file);
  services.answerWith(
    createServices({
      credentials,
      roles: [
        {
          arn: SENDING,
          trust: [],
          rights: [
            {
              Effect: 'Allow',
              Action: 'ses:SendEmail',
              Resource: IDENTITY,
              Condition: { StringEquals: { 'ses:FromAddress': FROM } },
            },
            { Effect: 'Allow', Action: 'sms-voice:SendTextMessage', Resource: NUMBER },
          ],
        },
        { arn: OTHER, trust: [], rights: [] },
      ],
      ses: createSes({ identities: [{ domain: 'tessera.example', arn: IDENTITY }], store }),
      sms: createSms({ store }),
      ssm: () => ({ status: 500, body: {} }),
      textract: async () => ({ status: 400, body: {} }),
      kms: () => ({ status: 400, body: {} }),
      sqs: nobody,
      events: () => ({ status: 500, body: {} }),
      cloudWatch: () => ({ status: 500, body: {} }),
      sts: () => ({ status: 500, xml: '' }),
      cognito: nobody,
    }),
  );
  const pages = inboxPages(store, async ({ to }, text) => heard.push(`${to}: ${text}`) > 0);
  door.answerWith(async (request, response) => {
    if (!(await pages(request, response))) response.writeHead(404).end();
  });
}

/** What was answered to text messages, in the recipient's name. */
const heard: string[] = [];

beforeAll(async () => {
  [services, door] = [await LoopbackServer.open(), await LoopbackServer.open()];
  open();
});
afterAll(async () => {
  store.close();
  await Promise.all([services.close(), door.close()]);
});

const clientAs = (role: string) => ({
  region: 'us-east-1',
  endpoint: services.url,
  credentials: credentials.issue({ ...OWNER, role }),
});
const mailerAs = (role = SENDING, from = FROM) => sesMailer({ from, client: clientAs(role) });
const refusal = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error('It was not refused.', { cause: error });
  return error;
};
const causeOf = ({ cause }: Problem): string => (cause instanceof Error ? cause.name : '');
const inbox = async (
  query = '',
): Promise<{ id: string; kind: string; to: string; subject: string; text: string; html?: string }[]> =>
  (await fetch(`${door.url}/local/inbox.json${query}`)).json() as never;

describe('a mail', () => {
  test('that the application sends lies in the inbox, with both of its bodies, newest first', async () => {
    await mailerAs().send({ to: 'ada@oak.example', subject: 'First', text: 'One' });
    await mailerAs().send({ to: 'Bob@elm.example', subject: 'Zweite – ñ', text: 'Two\nlines', html: '<p>Two</p>' });
    expect((await inbox()).slice(0, 2)).toMatchObject([
      { kind: 'mail', to: 'Bob@elm.example', subject: 'Zweite – ñ', text: 'Two\nlines', html: '<p>Two</p>' },
      { kind: 'mail', to: 'ada@oak.example', subject: 'First', text: 'One' },
    ]);
  });

  test('is found by its recipient, whatever the case, and by a part of the address', async () => {
    expect((await inbox('?to=BOB@elm.example')).map(({ to }) => to)).toEqual(['Bob@elm.example']);
    expect(await inbox('?to=nobody@elm.example')).toEqual([]);
    expect(await inbox('?to=%25')).toEqual([]); // not a pattern
  });

  test('of a subject with a line break stays one header line', async () => {
    await mailerAs().send({ to: 'ada@oak.example', subject: 'Hello\r\nBcc: eve@example.com', text: '' });
    expect((await inbox())[0]?.subject).toBe('Hello Bcc: eve@example.com');
  });

  test('survives a restart', async () => {
    await mailerAs().send({ to: 'ada@oak.example', subject: 'Kept', text: '' });
    store.close();
    open();
    expect((await inbox())[0]?.subject).toBe('Kept');
  });

  test.each([
    { who: 'a function without the right', mailer: () => mailerAs(OTHER), cause: 'AccessDeniedException' },
    {
      who: 'an address of our domain that the right does not name',
      mailer: () => mailerAs(SENDING, 'ceo@tessera.example'),
      cause: 'AccessDeniedException',
    },
    {
      who: 'an address of a domain that is not proven',
      mailer: () => mailerAs(SENDING, 'no-reply@other.example'),
      cause: 'MessageRejected',
    },
  ])('from $who is refused as $cause, and the person is told what to do', async ({ mailer, cause }) => {
    const before = await inbox();
    const problem = await refusal(mailer().send({ to: 'ada@oak.example', subject: 'No', text: '' }));
    expect([problem.kind, causeOf(problem)]).toEqual(['unavailable', cause]);
    expect(problem.issues[0]?.text).toMatch(/try again|has to look/);
    expect(await inbox()).toEqual(before);
  });

  test('to something that is no address is refused', async () => {
    const problem = await refusal(mailerAs().send({ to: 'nobody', subject: 'No', text: '' }));
    expect([problem.kind, causeOf(problem)]).toEqual(['unavailable', 'BadRequestException']);
  });

  test('of raw content, which the application never sends, is refused rather than lost', async () => {
    const raw = new SendEmailCommand({
      FromEmailAddress: FROM,
      Destination: { ToAddresses: ['ada@oak.example'] },
      Content: { Raw: { Data: new TextEncoder().encode('Subject: x') } },
    });
    await expect(new SESv2Client(clientAs(SENDING)).send(raw)).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('when nothing answers is refused within seconds', async () => {
    const silent = await LoopbackServer.open();
    silent.answerWith(() => new Promise(() => undefined));
    const startedMs = performance.now();
    const client = { ...clientAs(SENDING), endpoint: silent.url };
    const problem = await refusal(sesMailer({ from: FROM, client }).send({ to: 'ada@oak.example', subject: 'x', text: '' }));
    await silent.close();
    expect(problem.kind).toBe('unavailable');
    expect(performance.now() - startedMs).toBeLessThan(9_000);
  });
});

describe('a text message', () => {
  const sender = (role: string) => awsTextMessages({ from: NUMBER, client: clientAs(role) });

  test('lies in the same inbox', async () => {
    await sender(SENDING).send({ to: '+15551230000', text: 'Your visit is tomorrow.' });
    expect((await inbox())[0]).toMatchObject({ kind: 'sms', to: '+15551230000', text: 'Your visit is tomorrow.' });
  });

  test.each([
    { why: 'without the right', role: OTHER, to: '+15551230000', cause: 'AccessDeniedException' },
    { why: 'to a number that is not E.164', role: SENDING, to: '555-1230', cause: 'ValidationException' },
  ])('$why is refused', async ({ role, to, cause }) => {
    const problem = await refusal(sender(role).send({ to, text: 'Hello' }));
    expect([problem.kind, causeOf(problem)]).toEqual(['unavailable', cause]);
  });
});

describe('the inbox page', () => {
  const page = async (path: string) => {
    const answer = await fetch(`${door.url}${path}`);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  let id = '';
  beforeEach(async () => {
    const text = 'Open http://localhost:3000/join?k=1 within a day.\n<script>alert(1)</script>';
    await mailerAs().send({ to: 'ada@oak.example', subject: '<b>Join</b>', text });
    id = (await inbox())[0]?.id ?? '';
  });

  test('lists messages with a link to each, and opens one as text with its addresses as links', async () => {
    expect((await page('/local/inbox')).text).toContain(`href="/local/inbox/${id}"`);
    const { text } = await page(`/local/inbox/${id}`);
    expect(text).toContain('<a href="http://localhost:3000/join?k=1" rel="noreferrer noopener">');
    expect(text).toContain('&#60;script&#62;');
    expect(text).not.toContain('<b>Join</b>');
  });

  test('lets nothing of a message run, load or be fetched ahead, and no other site read it', async () => {
    const { headers, text } = await page(`/local/inbox/${id}`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(headers.get('x-dns-prefetch-control')).toBe('off');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(text).not.toMatch(/prefetch|preload|prerender|preconnect/);
  });

  test('says what will be here while it is empty, and what was looked for', async () => {
    expect((await page('/local/inbox?to=%3Cnobody%3E')).text).toContain('Nothing has been sent to “&#60;nobody&#62;”');
    const empty = new MessageStore(':memory:');
    const written: string[] = [];
    const response = { writeHead: () => undefined, end: (body: string) => written.push(body) };
    await inboxPages(empty)({ url: '/local/inbox', method: 'GET' } as never, response as never);
    expect(written[0]).toContain('Nothing has been sent yet.');
    empty.close();
  });

  test('answers 404 in words for a message that is gone, and 405 for anything but reading', async () => {
    expect(await page('/local/inbox/no-such-id')).toMatchObject({ status: 404 });
    expect((await fetch(`${door.url}/local/inbox`, { method: 'POST' })).status).toBe(405);
    expect((await page('/local/inboxes')).status).toBe(404);
  });
});

test('a text message can be answered in the inbox as its recipient would; a mail cannot, and nothing is heard of no words', async () => {
  store.keep({ kind: 'sms', from: 'TESSERA', to: '+13125550147', subject: '', text: 'Your visit', html: undefined });
  store.keep({ kind: 'mail', from: 'a@tessera.example', to: 'b@elm.example', subject: 'Hello', text: 'Hello', html: undefined });
  const [mail, text] = await inbox();
  const answer = async (id: string | undefined, words: string): Promise<number> =>
    (await fetch(`${door.url}/local/inbox/${id}`, { method: 'POST', body: new URLSearchParams({ text: words }) })).status;
  expect(await answer(text?.id, 'STOP')).toBe(200);
  expect(await answer(text?.id, ' ')).toBe(200);
  expect(await answer(mail?.id, 'STOP')).toBe(405);
  expect(heard).toEqual(['+13125550147: STOP']);
});
