import { createHash, randomBytes } from 'node:crypto';
import type { SignInClient } from '../../local/identity/sign-in.ts';

/** What a browser shows after its redirects. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  /** The first heading, and what the page says is wrong. */
  readonly heading?: string;
  readonly alert?: string;
}

/** A browser without a screen: keeps cookies, follows redirects until they leave the sign-in pages, sends forms. */
export class Visitor {
  readonly #cookies = new Map<string, string>();
  readonly verifier = randomBytes(32).toString('base64url');
  readonly client: SignInClient;
  #at = '';

  constructor(client: SignInClient) {
    this.client = client;
  }

  /** The request that begins a sign-in; `change` alters its parameters, undefined takes one away. */
  authorize(change: Readonly<Record<string, string | undefined>> = {}): Promise<Shown> {
    const wanted = {
      client_id: this.client.clientId,
      redirect_uri: this.client.redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state: 'the-state',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...change,
    };
    const given = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.open(`${this.client.issuer}/oauth2/authorize?${new URLSearchParams(given)}`);
  }

  send(form: Readonly<Record<string, string>>): Promise<Shown> {
    return this.open(this.#at, new URLSearchParams(form));
  }

  async open(url: string, form?: URLSearchParams): Promise<Shown> {
    this.#at = url;
    let body = form;
    for (let hop = 0; hop < 10; hop += 1) {
      if (this.#at.startsWith(this.client.redirectUri)) return { url: this.#at, status: 302, text: '' };
      const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
      const answer: Response = await fetch(this.#at, {
        redirect: 'manual',
        headers: { cookie },
        ...(body && { method: 'POST', body }),
      });
      for (const line of answer.headers.getSetCookie()) this.#keep(line);
      const location = answer.headers.get('location');
      if (!location) return shown(this.#at, answer.status, await answer.text());
      this.#at = new URL(location, this.#at).href;
      body = undefined;
    }
    throw new Error('These pages lead in a circle.');
  }

  /** Exchanges the code in a callback address; `change` as in `authorize`. */
  exchange(callback: string, change: Readonly<Record<string, string | undefined>> = {}): Promise<TokenAnswer> {
    const code = new URL(callback).searchParams.get('code') ?? undefined;
    return this.token({
      grant_type: 'authorization_code',
      redirect_uri: this.client.redirectUri,
      code,
      code_verifier: this.verifier,
      ...change,
    });
  }

  refresh(refreshToken: string): Promise<TokenAnswer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  async token(parameters: Readonly<Record<string, string | undefined>>): Promise<TokenAnswer> {
    const given = Object.entries({ client_id: this.client.clientId, ...parameters }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const answer = await fetch(`${this.client.issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(given) });
    return { status: answer.status, ...((await answer.json()) as object) };
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

export interface TokenAnswer {
  readonly status: number;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
  readonly error?: string;
}

function shown(url: string, status: number, text: string): Shown {
  const [, heading] = /<h1>([^<]*)/.exec(text) ?? [];
  const [, alert] = /role="alert">([^<]*)/.exec(text) ?? [];
  return { url, status, text, ...(heading !== undefined && { heading }), ...(alert !== undefined && { alert }) };
}
