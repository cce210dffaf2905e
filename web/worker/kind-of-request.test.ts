import { expect, test } from 'vitest';
import { kindOfRequest } from './kind-of-request.ts';

const ORIGIN = 'https://ehr.example';

test.each([
  { method: 'GET', url: '/t/oak/patients', mode: 'navigate', kind: 'screen', because: 'a screen is asked for' },
  { method: 'GET', url: '/assets/index-3f2a.js', mode: 'cors', kind: 'part', because: 'a part of the app, named by its content' },
  { method: 'GET', url: '/api/oak/charts/1', mode: 'cors', kind: 'other', because: 'a chart' },
  { method: 'GET', url: '/api/oak/charts/1', mode: 'navigate', kind: 'other', because: 'a chart, opened in a tab of its own' },
  { method: 'POST', url: '/assets/index-3f2a.js', mode: 'cors', kind: 'other', because: 'not a reading request' },
  { method: 'POST', url: '/oidc/step', mode: 'navigate', kind: 'other', because: 'a form that is sent' },
  {
    method: 'GET',
    url: '/assets/index-3f2a.js?x=1',
    mode: 'cors',
    kind: 'other',
    because: 'a query would make names without end',
  },
  { method: 'GET', url: '/oidc/token', mode: 'cors', kind: 'other', because: 'of the sign-in' },
  { method: 'GET', url: 'https://bucket.example/assets/scan.pdf', mode: 'cors', kind: 'other', because: 'another origin' },
  {
    method: 'GET',
    url: 'https://ehr.example.evil/assets/a.js',
    mode: 'cors',
    kind: 'other',
    because: 'a name that begins like ours',
  },
] as const)('$method $url ($mode) is $kind: $because', ({ method, url, mode, kind }) => {
  expect(kindOfRequest({ method, url: new URL(url, ORIGIN).href, mode }, ORIGIN)).toBe(kind);
});
