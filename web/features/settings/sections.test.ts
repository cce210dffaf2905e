import { expect, test } from 'vitest';
import { mayDo, type Role } from '../../../schemas/access.ts';
import { permittedSections, SETTINGS_SECTIONS } from './sections.ts';

const shownTo = (role: Role) => permittedSections((type, interaction) => mayDo([role], type, interaction));

test('the administrator is shown every section, each at an address of its own', () => {
  expect(shownTo('admin')).toEqual(SETTINGS_SECTIONS);
  expect(new Set(SETTINGS_SECTIONS.map(({ path }) => path)).size).toBe(SETTINGS_SECTIONS.length);
});

test('a nurse is not shown what only the administrator sets', () => {
  expect(shownTo('nurse').map(({ path }) => path)).not.toContain('clinic');
});
