import { expect, test } from 'vitest';
import { keepDraft } from './drafts.ts';
import { dropAllDrafts, keptDrafts } from './kept-drafts.ts';

/** As much of a Storage as drafts use: names are the object's own keys. */
const storage = (): Storage =>
  Object.defineProperties({} as Storage, {
    getItem: {
      value(this: Record<string, string>, name: string) {
        return this[name] ?? null;
      },
    },
    setItem: {
      value(this: Record<string, string>, name: string, value: string) {
        this[name] = value;
      },
    },
    removeItem: {
      value(this: Record<string, string>, name: string) {
        delete this[name];
      },
    },
  });
const ada = { user: 'ada', tenant: 'oak', patient: 'p1' };

test('a list of drafts has what was typed and where, and nobody else’s', () => {
  const kept = storage();
  keepDraft({ ...ada, form: 'allergy' }, { typed: { substance: 'Peanut', reactions: 'Hives\nCough', severity: '' } }, kept);
  keepDraft({ ...ada, form: 'allergy:a1' }, { typed: { substance: 'Egg' }, base: { code: { text: 'Milk' } } }, kept);
  keepDraft({ ...ada, user: 'ada2', form: 'allergy' }, { typed: { substance: 'Latex' } }, kept);
  expect(keptDrafts('ada', kept)).toEqual([
    {
      storageKey: 'tessera.draft/ada/oak/p1/allergy',
      tenant: 'oak',
      patient: 'p1',
      form: 'allergy',
      values: ['Peanut', 'Hives\nCough'],
    },
    { storageKey: 'tessera.draft/ada/oak/p1/allergy:a1', tenant: 'oak', patient: 'p1', form: 'allergy:a1', values: ['Egg'] },
  ]);
  expect(keptDrafts('', kept)).toEqual([]);
});

test('dropping all drafts leaves what is no draft', () => {
  const kept = storage();
  keepDraft({ ...ada, form: 'allergy' }, { typed: {} }, kept);
  kept.setItem('tessera.language', 'es');
  dropAllDrafts(kept);
  expect(Object.keys(kept)).toEqual(['tessera.language']);
});
