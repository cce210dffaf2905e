import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Problem } from '../outcome.ts';
import { MAX_BODY_BYTES, parseJson, readBody } from './body.ts';

const JSON_ENDPOINT = { body: z.unknown() };
const FHIR = { 'content-type': 'application/fhir+json' };
const eventOf = (bytes: Buffer | string, isBase64Encoded = true) =>
  ({ body: isBase64Encoded ? Buffer.from(bytes).toString('base64') : String(bytes), isBase64Encoded }) as APIGatewayProxyEventV2;
const problemOf = (run: () => unknown): Problem => {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
};

describe('readBody', () => {
  test.each([
    { title: 'base64, as the gateway sends application/fhir+json', event: eventOf('{"a":"é"}'), headers: FHIR },
    {
      title: 'plain text, as it sends application/json',
      event: eventOf('{"a":"é"}', false),
      headers: { 'content-type': 'application/json; charset=UTF-8' },
    },
    { title: 'gzip', event: eventOf(gzipSync('{"a":"é"}')), headers: { ...FHIR, 'content-encoding': 'gzip' } },
  ])('reads $title', ({ event, headers }) => {
    expect(readBody(event, headers, JSON_ENDPOINT)).toEqual({ kind: 'json', value: { a: 'é' } });
  });

  test('a form keeps repeats', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = readBody(eventOf('date=ge2020&date=lt2021'), headers, { form: true });
    expect(body.kind === 'form' && body.parameters.getAll('date')).toEqual(['ge2020', 'lt2021']);
  });

  test.each([
    { title: 'no media type', headers: {}, event: eventOf('{}'), status: 415 },
    { title: 'XML', headers: { 'content-type': 'application/fhir+xml' }, event: eventOf('<a/>'), status: 415 },
    {
      title: 'a form where JSON is due',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      event: eventOf('a=1'),
      status: 415,
    },
    {
      title: 'another charset',
      headers: { 'content-type': 'application/fhir+json; charset=latin1' },
      event: eventOf('{}'),
      status: 415,
    },
    { title: 'another packing', headers: { ...FHIR, 'content-encoding': 'br' }, event: eventOf('{}'), status: 415 },
    { title: 'gzip that is none', headers: { ...FHIR, 'content-encoding': 'gzip' }, event: eventOf('{}'), status: 400 },
    { title: 'broken UTF-8', headers: FHIR, event: eventOf(Buffer.from([0x22, 0xff, 0x22])), status: 400 },
    { title: 'broken JSON', headers: FHIR, event: eventOf('{"a":'), status: 400 },
    { title: '4 MB and one byte', headers: FHIR, event: eventOf(Buffer.alloc(MAX_BODY_BYTES + 1, 0x20)), status: 413 },
    {
      title: 'a small file that unpacks to 400 MB',
      headers: { ...FHIR, 'content-encoding': 'gzip' },
      event: eventOf(gzipSync(Buffer.alloc(400_000_000))),
      status: 413,
    },
  ])('$title is $status', ({ headers, event, status }) => {
    expect(problemOf(() => readBody(event, headers, JSON_ENDPOINT)).status).toBe(status);
  });

  test('exactly 4 MB is taken', () => {
    const text = `"${'a'.repeat(MAX_BODY_BYTES - 2)}"`;
    expect(readBody(eventOf(text), FHIR, JSON_ENDPOINT)).toMatchObject({ kind: 'json' });
  });
});

describe('parseJson', () => {
  test('a hundred thousand brackets are refused before anything recursive sees them', () => {
    expect(problemOf(() => parseJson('['.repeat(100_000))).status).toBe(400);
  });
  test('brackets inside strings do not nest', () => {
    expect(parseJson(`["${'['.repeat(1_000)}\\"${'{'.repeat(1_000)}"]`)).toHaveLength(1);
  });
  test('the refusal quotes nothing of the body', () => {
    const problem = problemOf(() => parseJson('{"family": "Chalmers", }'));
    expect(JSON.stringify([problem.message, problem.issues, problem.stack, problem.cause])).not.toContain('Chalmers');
  });
});
