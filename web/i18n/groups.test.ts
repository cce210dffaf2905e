import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { door } from './door/en.ts';
import { ENGLISH, type Group, SPANISH } from './groups.ts';

/** By the first part of a text's name: who brings it. */
const groupOf = new Map<string, Group>();
beforeAll(async () => {
  for (const [group, words] of Object.entries(ENGLISH)) {
    for (const name of Object.keys(await words())) groupOf.set(name, group as Group);
  }
});

const withoutComments = (file: string) =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

const BROUGHT = /\bbring\(\s*\(\) => import\('([^']+)'\)((?:,\s*'\w+')*)/g;
/** What comes together with a file: a piece that is brought comes later, with its own words. */
const IMPORTED = /(?:^(?:import|export) (?!type\b)[^;]*?from |^import |\bimport\()'(\.[^']+\.tsx?)'/gms;

function comingWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file) || !file.startsWith('web/') || file.startsWith('web/i18n/')) return found;
  found.add(file);
  for (const [, other = ''] of withoutComments(file).replace(BROUGHT, '').matchAll(IMPORTED)) {
    comingWith(join(dirname(file), other), found);
  }
  return found;
}

/** The groups of the texts that a file names, wherever the name is written: also to be said by another file. */
function saidIn(text: string): readonly Group[] {
  const names = [...text.matchAll(/['`]([a-zA-Z]+)\.[\w.${}()-]+['`]/g), ...text.matchAll(/\b(?:word|known)\('(\w+)'/g)];
  const groups = names.flatMap(([, name = '']) => groupOf.get(name) ?? []);
  return /\bfault\(\{/.test(text) ? [...groups, 'problems'] : groups;
}

const brought = globSync('web/{app,features}/**/*.{ts,tsx}').flatMap((file) =>
  [...withoutComments(file).matchAll(BROUGHT)].map(([, page = '', groups = '']) => ({
    page: join(dirname(file), page),
    groups: [...groups.matchAll(/\w+/g)].map(([group]) => group),
  })),
);

test('the pages are found', () => {
  expect(brought.length).toBeGreaterThan(50);
  expect(saidIn("t('billing.title')")).toEqual(['billing']);
  expect([...comingWith('web/app/Chart.tsx')]).toContain('web/features/chart/Banner.tsx');
});

test.each(brought)('$page brings the words it says', ({ page, groups }) => {
  const said = new Set([...comingWith(page)].flatMap((file) => saidIn(withoutComments(file))));
  expect([...groups].sort()).toEqual([...said].sort());
});

test('no page comes without having been brought', () => {
  const loose = ['web/app/routes.tsx', ...globSync('web/features/*/pages.ts'), 'web/app/Frame.tsx', 'web/app/Chart.tsx'].filter(
    (file) => /\bimport\('[^']+\.tsx'/.test(withoutComments(file).replace(BROUGHT, '')),
  );
  expect(loose).toEqual([]);
});

test('no two groups have a text of the same name, and none of the door’s', async () => {
  const names = (await Promise.all(Object.values(ENGLISH).map((words) => words()))).flatMap((words) => Object.keys(words));
  expect(new Set([...names, ...Object.keys(door)]).size).toBe(names.length + Object.keys(door).length);
  expect(Object.keys(SPANISH)).toEqual(Object.keys(ENGLISH));
});

test('what a catalogue imports comes with it alone: a piece shared with a page would wait for the app, and the app waits for its words', () => {
  const texts = globSync('web/i18n/**/*.ts', { exclude: (name) => name.endsWith('.test.ts') })
    .filter((file) => /\/(en|es)\.ts$/.test(file))
    .flatMap((file) => [...withoutComments(file).matchAll(IMPORTED)].map(([, other = '']) => join(dirname(file), other)));
  const shared = new Set(texts.filter((file) => file.startsWith('schemas/')));
  expect([...shared].filter((file) => withoutComments(file).match(IMPORTED))).toEqual([]);
  const pages = globSync('web/{app,components,features,lib}/**/*.{ts,tsx}').filter((file) => !/\.test\.tsx?$/.test(file));
  const takers = pages.filter((file) =>
    [...withoutComments(file).matchAll(IMPORTED)].some(([, other = '']) => shared.has(join(dirname(file), other))),
  );
  expect([[...shared].sort(), takers]).toEqual([['schemas/task-texts.ts'], []]);
});
