import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('whatever asks is a Dialog, which gives the focus back; but for the one that nobody has opened', () => {
  const direct = globSync('web/**/*.tsx').filter((file) => /<Modal\b/.test(readFileSync(file, 'utf8')));
  expect(direct.sort()).toEqual(['web/components/Dialog.tsx', 'web/features/session/IdleDialog.tsx']);
});
