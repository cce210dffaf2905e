import { describe, expect, test } from 'vitest';
import { parseRouteKey } from '../template/routes.ts';
import { matchRoute } from './match-route.ts';

const routes = [
  '$default',
  'ANY /api/{tenant}/fhir/R4/{proxy+}',
  'ANY /api/{tenant}/fhir/R4',
  'POST /api/{tenant}/fhir/R4/$import',
  'ANY /api/{tenant}/{proxy+}',
  'GET /api/{tenant}/me',
  'ANY /api/platform/{proxy+}',
].map(parseRouteKey);

describe('the route that API Gateway chooses', () => {
  test.each([
    [
      'GET',
      '/api/oak/fhir/R4/Patient/1',
      'ANY /api/{tenant}/fhir/R4/{proxy+}',
      { tenant: 'oak', proxy: 'Patient/1' },
      'the longest literal beginning',
    ],
    ['POST', '/api/oak/fhir/R4', 'ANY /api/{tenant}/fhir/R4', { tenant: 'oak' }, 'a greedy part is never empty'],
    [
      'POST',
      '/api/oak/fhir/R4/$import',
      'POST /api/{tenant}/fhir/R4/$import',
      { tenant: 'oak' },
      'a full match before a greedy one',
    ],
    [
      'GET',
      '/api/oak/fhir/R4/$import',
      'ANY /api/{tenant}/fhir/R4/{proxy+}',
      { tenant: 'oak', proxy: '$import' },
      'a full match of another method is none',
    ],
    ['GET', '/api/oak/me', 'GET /api/{tenant}/me', { tenant: 'oak' }, 'a named method'],
    [
      'GET',
      '/api/platform/me',
      'GET /api/{tenant}/me',
      { tenant: 'platform' },
      'full before greedy, even when a parameter takes a literal part',
    ],
    ['PUT', '/api/platform/me', 'ANY /api/platform/{proxy+}', { proxy: 'me' }, 'a literal before a parameter'],
    [
      'GET',
      '/api/oak/fhir/R4/Patient/a%20b',
      'ANY /api/{tenant}/fhir/R4/{proxy+}',
      { tenant: 'oak', proxy: 'Patient/a b' },
      'parameters are decoded',
    ],
    ['GET', '/api/oak/me/', 'ANY /api/{tenant}/{proxy+}', { tenant: 'oak', proxy: 'me/' }, 'a closing slash is another path'],
    ['GET', '/elsewhere', '$default', {}, 'nothing else fits'],
  ])('%s %s -> %s: %s', (method, path, key, pathParameters, _because) => {
    expect(matchRoute(routes, method, path)).toMatchObject({ route: { key }, pathParameters });
  });

  test('none, where there is no $default', () => {
    expect(matchRoute(routes.slice(1), 'GET', '/elsewhere')).toBeUndefined();
  });
});
