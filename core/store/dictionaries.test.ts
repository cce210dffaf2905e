import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { dictionaryFor, NEWEST_DICTIONARY } from './dictionaries.ts';
import { COMMON_1, SPECIFIC_1 } from './dictionaries-1.ts';

test('a dictionary that bodies were written with has not changed', () => {
  const hash = createHash('sha256')
    .update(JSON.stringify([COMMON_1, SPECIFIC_1]))
    .digest('hex');
  // When this fails, put the old text back and make a new version: stored bodies can only be read with the words they were written with.
  expect(hash).toBe('a9128c6d8f797e3e3b99e1b2ad52c0f40f1379ddc972276f0bfb39bfa81f8b0e');
});

test('every version stays readable, and none costs more window than it saves', () => {
  for (let version = 0; version <= NEWEST_DICTIONARY; version++) {
    for (const type of ['Observation', 'Patient', 'DiagnosticReport', 'Basic']) {
      expect(dictionaryFor(type, version).length).toBeLessThanOrEqual(8_192);
    }
  }
});
