import { endpoint, reply } from '../../core/http/endpoint.ts';

export interface PublicConfig {
  readonly staff: { readonly issuer: string; readonly clientId: string };
  readonly patients: { readonly issuer: string; readonly clientId: string };
  readonly version: string;
}

/** GET /api/platform/config: what the web app must know before anybody has signed in. */
export const config = (answer: PublicConfig) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/config',
    access: {
      kind: 'public',
      why: 'The sign-in page needs the issuers before anybody has signed in. They are public by nature.',
    },
    summary: 'The OpenID issuers and clients of staff and patients, and the version.',
    media: 'application/json',
    run: async () => reply(200, answer),
  });
