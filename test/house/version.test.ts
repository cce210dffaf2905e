import { expect, test } from 'vitest';
import { VERSION } from '../../functions/version.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { VERSION as WEB_VERSION } from '../../web/version.ts';

test('the version is the package’s', () => {
  expect(WEB_VERSION).toBe(VERSION);
  expect(VERSION).toBe(packageJson.version);
});
