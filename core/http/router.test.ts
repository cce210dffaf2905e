import { describe, expect, test } from 'vitest';
import { Problem } from '../outcome.ts';
import { endpoint, reply } from './endpoint.ts';
import { createRouter, MethodNotAllowed } from './router.ts';
import type { Method } from './types.ts';

const row = (method: Method, path: string) =>
  endpoint({ method, path, access: { kind: 'signed-in' }, summary: path, run: async () => reply(200) });
const TABLE = [
  row('GET', '/f/{type}/{id}'),
  row('PUT', '/f/{type}/{id}'),
  row('POST', '/f/{type}/_search'),
  row('GET', '/f/metadata'),
  row('GET', '/f/{type}'),
  row('POST', '/f/{type}'),
  row('GET', '/f/Patient/{id}/$everything'),
  row('GET', '/f/{type}/{id}/{other}'),
];
const route = createRouter(TABLE);

describe('the router', () => {
  test.each([
    { method: 'GET', path: '/f/Patient/1', expected: 'GET /f/{type}/{id}', because: 'two parameters' },
    { method: 'POST', path: '/f/Patient/_search', expected: 'POST /f/{type}/_search', because: 'the literal wins over an id' },
    { method: 'GET', path: '/f/metadata', expected: 'GET /f/metadata', because: 'the literal wins over a type' },
    {
      method: 'GET',
      path: '/f/Patient/1/$everything',
      expected: 'GET /f/Patient/{id}/$everything',
      because: 'the earlier literal weighs more',
    },
    { method: 'HEAD', path: '/f/Patient/1', expected: 'GET /f/{type}/{id}', because: 'HEAD is GET without its body' },
  ])('$method $path is $expected: $because', ({ method, path, expected }) => {
    const { endpoint: found } = route(method, path);
    expect(`${found.method} ${found.path}`).toBe(expected);
  });

  test('a parameter comes decoded', () => {
    expect(route('GET', '/f/Patient/a%20b').params).toEqual({ type: 'Patient', id: 'a b' });
  });

  test.each([
    { method: 'DELETE', path: '/f/Patient/1', allow: 'GET, HEAD, PUT' },
    { method: 'GET', path: '/f/Patient/_search', allow: 'POST' },
    { method: 'OPTIONS', path: '/f/Patient', allow: 'GET, HEAD, POST' },
  ])('$method $path is refused with Allow: $allow', ({ method, path, allow }) => {
    expect(() => route(method, path)).toThrow(MethodNotAllowed);
    try {
      route(method, path);
    } catch (error) {
      expect((error as MethodNotAllowed).allow).toBe(allow);
    }
  });

  test.each(['/', '/f', '/f/', '/f//1', '/f/Patient/1/2/3', '/F/metadata', '/f/Patient/%zz'])('%s leads nowhere', (path) => {
    expect(() => route('GET', path)).toThrow(Problem);
  });

  test('two rows with one method and path are a mistake that shows at once', () => {
    expect(() => createRouter([row('GET', '/a'), row('GET', '/a')])).toThrow('share a method');
  });
});
