import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { door } from './en.ts';

/** What may be on screen before the words of the pages have come. */
const AT_THE_DOOR = [
  'web/features/session/SignInPage.tsx',
  'web/features/session/CallbackPage.tsx',
  'web/app/AppNotices.tsx',
  'web/app/routes.tsx',
  'web/components/CrashScreen.tsx',
  'web/components/PanelBoundary.tsx',
  'web/components/KeptDrafts.tsx',
  'web/components/LanguageChoice.tsx',
  'web/components/states.tsx',
];

test.each(AT_THE_DOOR)('%s says only words of the door', (file) => {
  const groups = [...readFileSync(file, 'utf8').matchAll(/(?:\bt\(|\? |: )[`']([a-zA-Z]+)\.[\w.${}-]+[`']/g)].map(
    ([, group]) => group ?? '',
  );
  expect(groups.filter((group) => !(group in door))).toEqual([]);
});
