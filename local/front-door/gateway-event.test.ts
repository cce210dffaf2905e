import { describe, expect, test } from 'vitest';
import { type EventContext, toGatewayEvent, type WireRequest } from './gateway-event.ts';

const context: EventContext = {
  routeKey: 'ANY /api/{proxy+}',
  pathParameters: { proxy: 'x' },
  originHeaders: { 'x-origin-secret': 's' },
  apiId: 'abc1234567',
  accountId: '111111111111',
  requestId: 'r-1',
  nowMs: Date.UTC(2026, 2, 5, 9, 3, 7),
};
const request = (over: Partial<WireRequest> = {}): WireRequest => ({
  method: 'POST',
  target: '/api/x?a=1&b=x%20y&a=2&flag',
  rawHeaders: ['Host', 'localhost:3000', 'Accept', 'a', 'accept', 'b', 'Cookie', 'one=1; two=2', 'Connection', 'keep-alive'],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  port: 3000,
  ...over,
});
const eventOf = (over: Partial<WireRequest> = {}) => toGatewayEvent(request(over), context);

describe('the event of payload format 2.0', () => {
  test('keeps the query as sent, and joins repeats with commas beside it', () => {
    expect(eventOf()).toMatchObject({
      version: '2.0',
      rawPath: '/api/x',
      rawQueryString: 'a=1&b=x%20y&a=2&flag',
      queryStringParameters: { a: '1,2', b: 'x y', flag: '' },
      pathParameters: { proxy: 'x' },
      requestContext: {
        stage: '$default',
        time: '05/Mar/2026:09:03:07 +0000',
        timeEpoch: context.nowMs,
        http: { method: 'POST', path: '/api/x', protocol: 'HTTP/1.1' },
      },
    });
  });

  test('has no query parameters and no body when there are none', () => {
    const event = eventOf({ target: '/api/x' });
    expect(event.rawQueryString).toBe('');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('body');
    expect(event.isBase64Encoded).toBe(false);
  });

  test('joins headers of one name, takes cookies out, and passes on nothing of the connection', () => {
    const { headers, cookies } = eventOf();
    expect(headers).toMatchObject({
      host: 'localhost:3000',
      accept: 'a,b',
      'x-origin-secret': 's',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    });
    expect(cookies).toEqual(['one=1', 'two=2']);
    expect(headers).not.toHaveProperty('connection');
    expect(headers).not.toHaveProperty('cookie');
  });

  test('believes neither an origin secret nor an address that the caller sends', () => {
    const { headers } = eventOf({ rawHeaders: ['X-Origin-Secret', 'guessed', 'X-Forwarded-For', '10.0.0.1'] });
    expect(headers).toMatchObject({ 'x-origin-secret': 's', 'x-forwarded-for': '127.0.0.1' });
  });

  test.each([
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['text/csv', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/fhir+json', true],
    ['application/json-patch+json', true],
    ['application/x-www-form-urlencoded', true],
    ['image/png', true],
  ])('a body of type %s is base64: %s', (type, encoded) => {
    const event = eventOf({ rawHeaders: ['Content-Type', type], body: Buffer.from('é') });
    expect(event.isBase64Encoded).toBe(encoded);
    expect(event.body).toBe(encoded ? 'w6k=' : 'é');
  });

  test('a compressed body is base64 whatever its type', () => {
    expect(
      eventOf({ rawHeaders: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'], body: Buffer.from([0x1f, 0x8b]) }),
    ).toMatchObject({ isBase64Encoded: true, body: 'H4s=' });
  });
});
