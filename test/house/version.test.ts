import { expect, test } from 'vitest';
import { VERSION } from '../../functions/version.ts';
import packageJson from '../../package.json' with { type: 'json' };

test('the version is the package’s', () => {
  expect(VERSION).toBe(packageJson.version);
});
