import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OwnPages } from '../front-door/server.ts';
import { type Html, html } from '../identity/pages/layout.ts';
import type { Message, MessageStore } from '../messages/message-store.ts';
import type { AnswerText } from '../messages/text-answers.ts';
import { INBOX_SCRIPT, INBOX_STYLE } from './inbox-assets.ts';
import { linked } from './linked.ts';

/** As many as a person looks through; the rest is found by recipient. */
const MOST_SHOWN = 200;
const MOST_IN_JSON = 1_000;

/**
 * `GET /local/inbox`: what the application would have sent by mail and text message, newest first. `?to=` filters by recipient,
 * `/local/inbox/<id>` opens one (a text message can be answered there), `/local/inbox.json` is the same for programs. On this machine only.
 */
export const inboxPages =
  (store: MessageStore, answerText?: AnswerText): OwnPages =>
  async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^\/local\/inbox(\.json|\.css|\.js|\/[\w-]+)?$/.test(pathname)) return false;
    const answered = request.method === 'POST' && answerText ? store.find(pathname.slice('/local/inbox/'.length)) : undefined;
    if (answered?.kind === 'sms' && answerText) {
      const text = new URLSearchParams(await bodyOf(request)).get('text')?.trim() ?? '';
      const heard = text !== '' && (await answerText(answered, text));
      send(request, response, { type: 'text/html', body: answeredPage(text, heard) });
      return true;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(request, response, { status: 405, type: 'text/plain', body: 'Messages are only read here.' });
      return true;
    }
    send(request, response, answer(store, pathname, searchParams.get('to')?.trim() ?? ''));
    return true;
  };

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

function answer(store: MessageStore, pathname: string, to: string): Answer {
  switch (pathname) {
    case '/local/inbox':
      return { type: 'text/html', body: listPage(store.list({ to, most: MOST_SHOWN }), to) };
    case '/local/inbox.json':
      return { type: 'application/json', body: JSON.stringify(store.list({ to, most: MOST_IN_JSON }).map(toJson)) };
    case '/local/inbox.css':
      return { type: 'text/css', body: INBOX_STYLE };
    case '/local/inbox.js':
      return { type: 'text/javascript', body: INBOX_SCRIPT };
    default: {
      const message = store.find(pathname.slice('/local/inbox/'.length));
      return message
        ? { type: 'text/html', body: messagePage(message) }
        : { status: 404, type: 'text/html', body: notFoundPage() };
    }
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status = 200, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // A link in a message is opened by a person or not at all.
    'x-dns-prefetch-control': 'off',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const toJson = ({ sentMs, ...message }: Message) => ({ ...message, sent: new Date(sentMs).toISOString() });

function listPage(messages: readonly Message[], to: string): string {
  const rows = messages.map(
    (message) => html`<li><a href="/local/inbox/${message.id}"><span class="to">${message.to}</span>${time(message)}
<span class="subject">${message.kind === 'sms' ? html`<b class="kind">Text message</b> ${message.text}` : message.subject}</span></a></li>`,
  );
  return page(
    'Inbox of this machine',
    html`<p class="soft">Mail and text messages that Tessera would have sent. None has left this machine.</p>
<form method="get" action="/local/inbox" role="search">
<label for="to">Recipient</label>
<input id="to" name="to" type="search" value="${to}" autocomplete="off" spellcheck="false">
<button type="submit">Filter</button>${to !== '' && html` <a class="plain" href="/local/inbox">Show all</a>`}
</form>
${messages.length > 0 ? html`<ol class="list">${rows}</ol>` : emptyList(to)}`,
    { newest: messages[0]?.id ?? '', to },
  );
}

const emptyList = (to: string): Html =>
  to === ''
    ? html`<p class="empty">Nothing has been sent yet. Sign up a clinic or invite somebody: their mail appears here by itself.</p>`
    : html`<p class="empty">Nothing has been sent to “${to}”. <a href="/local/inbox">Show all messages</a></p>`;

function messagePage(message: Message): string {
  const { kind, from, to, subject, text } = message;
  return page(
    kind === 'sms' ? 'Text message' : subject || '(no subject)',
    html`<p><a href="/local/inbox">Back to the inbox</a></p>
<dl><dt>To</dt><dd>${to}</dd><dt>From</dt><dd>${from}</dd><dt>Sent</dt><dd>${time(message)}</dd></dl>
<div class="text">${linked(text)}</div>
${kind === 'sms' && answerForm}`,
  );
}

const answerForm: Html = html`<form method="post">
<label for="text">Answer, as its recipient</label>
<input id="text" name="text" autocomplete="off" placeholder="STOP" maxlength="160" required>
<button type="submit">Send</button>
</form>`;

const answeredPage = (text: string, heard: boolean): string =>
  page(
    heard ? 'The answer was delivered' : 'The answer was not heard',
    html`<p>${heard ? html`“${text}” has reached Tessera.` : html`Nobody took “${text}”. The log of the functions says why.`} <a href="/local/inbox">Back to the inbox</a></p>`,
  );

/** The most of an answer that is read, in characters. */
const MOST_ANSWER = 4_000;
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_ANSWER) return '';
  }
  return text;
}

const notFoundPage = (): string =>
  page(
    'There is no such message',
    html`<p>It may have been among the oldest, which are taken away. <a href="/local/inbox">Back to the inbox</a></p>`,
  );

const time = ({ sentMs }: Message): Html => {
  const iso = new Date(sentMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
};

/** @param watch what the list shows, for the script that looks for more. */
const page = (title: string, main: Html, watch?: { readonly newest: string; readonly to: string }): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Tessera</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/local/inbox.css">
${watch && html`<script src="/local/inbox.js" defer></script>`}
</head>
<body${watch && html` data-newest="${watch.newest}" data-to="${watch.to}"`}>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>`.text;
