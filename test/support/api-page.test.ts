import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiPage } from './api-page.ts';

test('docs/api.md says what the endpoint table says (else: node test/support/api-page.ts)', () => {
  expect(readFileSync('docs/api.md', 'utf8')).toBe(apiPage());
});
