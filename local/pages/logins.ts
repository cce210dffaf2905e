import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DemoFile, DemoUser } from '../identity/demo-file.ts';
import { totpCode } from '../identity/totp.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin-block: 0.5rem 2rem; }
  th, td { text-align: start; padding: 0.4rem 0.75rem; border-block-end: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
  code { font-size: 1rem; user-select: all; }
  .scroll { overflow-x: auto; }
`;

/** `GET /local/logins`: who can sign in to the demo, with the six digits that an authenticator app would show now. On this machine only. */
export const loginsPage =
  (demo: () => DemoFile | undefined) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url !== '/local/logins') return false;
    const known = demo();
    const body = known ? pageOf(known) : '<p>The demo clinics are still being made. This page looks again by itself.</p>';
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5"><title>Demo logins</title><style>${STYLE}</style></head><body><main><h1>Demo logins</h1>${body}</main></body></html>`,
    );
    return true;
  };

function pageOf({ url, operators, tenants }: DemoFile): string {
  const groups = [...tenants.map(({ name, users }) => ({ title: name, users })), { title: 'Platform', users: operators }];
  const tables = groups.map(({ title, users }) => `<h2>${escapeHtml(title)}</h2><div class="scroll">${tableOf(users)}</div>`);
  return `<p>Sign in at <a href="${escapeHtml(url)}/">${escapeHtml(url)}</a>. Each code is good for half a minute; this page brings the next one by itself.</p>${tables.join('')}`;
}

function tableOf(users: readonly DemoUser[]): string {
  const rows = users.map(
    ({ name, role, email, password, totpSecret }) =>
      `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(role)}</td><td><code>${escapeHtml(email)}</code></td><td><code>${escapeHtml(password)}</code></td><td><code>${totpCode(totpSecret, Date.now())}</code></td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">E-mail</th><th scope="col">Password</th><th scope="col">Code now</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
