import type { ServerResponse } from 'node:http';
import { digitsOf } from '../../../schemas/money.ts';
import { type Html, html } from '../../identity/pages/layout.ts';

export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #4f566b; --line: #c9d0dc; --paper: #ffffff; --ground: #f4f6fa; --act: #3b4cca; --actink: #ffffff; --bad: #b3261e; --badground: #fdecea; --note: #fff6dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f8; --soft: #b3bbcd; --line: #475069; --paper: #1c2233; --ground: #12172a; --act: #aab4ff; --actink: #12172a; --bad: #ffb4ab; --badground: #4a1c1a; --note: #3a3420; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
main.wide { max-width: 64rem; }
.standin { background: var(--note); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem; margin: 0 0 1rem; font-size: .9rem; }
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; margin: 0 0 1rem; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
.amount { font-size: 2rem; font-weight: 600; margin: .25rem 0; }
.soft { color: var(--soft); margin: .25rem 0; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 500; }
input[type=text] { width: 100%; min-height: 44px; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 8px; }
input:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
button { min-height: 44px; width: 100%; margin-top: 1rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border: 1px solid transparent; border-radius: 8px; background: var(--act); color: var(--actink); cursor: pointer; }
button.plain { background: transparent; color: var(--ink); border-color: var(--soft); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.bad { background: var(--badground); color: var(--bad); border-radius: 8px; padding: .5rem .75rem; margin: 0 0 1rem; }
a { color: var(--act); } dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0; } dd { margin: 0; text-align: right; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } .row { display: flex; flex-wrap: wrap; gap: .5rem; } .row button { width: auto; }
`;

export interface PageAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly location?: string;
  readonly type?: string;
}
export const seeOther = (location: string): PageAnswer => ({ status: 303, location });

export function page(
  title: string,
  main: Html,
  { wide = false, status = 200 }: { wide?: boolean; status?: number } = {},
): PageAnswer {
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – stand-in for Stripe</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/local/stripe/pages.css">
</head>
<body>
<main${wide && html` class="wide"`}>
<p class="standin">This page stands in for Stripe’s on this machine. No money moves, and no card leaves the machine.</p>
${main}
</main>
</body>
</html>`.text;
  return { status, body };
}

export function sendPage(response: ServerResponse, { status = 200, body = '', location, type = 'text/html' }: PageAnswer): void {
  response.writeHead(status, {
    ...(location === undefined ? { 'content-type': `${type}; charset=utf-8` } : { location }),
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() }).format(
    amount / 10 ** digitsOf(currency.toUpperCase()),
  );

export const alertOf = (text: string | undefined): Html | false =>
  text !== undefined && html`<p class="bad" role="alert">${text}</p>`;
