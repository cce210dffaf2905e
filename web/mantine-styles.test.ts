import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const IMPORTED = /import \{([^}]*)\} from '@mantine\/core'/g;

test('every component of the library that a screen uses comes with its styles', () => {
  const used = globSync('web/**/*.tsx')
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(IMPORTED)])
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));
  const styled = [...new Set(used)].filter((name) => existsSync(`node_modules/@mantine/core/styles/${name}.css`));
  const imported = readFileSync('web/mantine-styles.ts', 'utf8');
  expect(styled.length).toBeGreaterThan(10);
  expect(styled.filter((name) => !imported.includes(`/${name}.css`))).toEqual([]);
});
