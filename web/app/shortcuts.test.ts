import { describe, expect, test } from 'vitest';
import { meaningOf, type Pressed, SHORTCUTS } from './shortcuts.ts';

const press = (key: string, over: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...over,
});

describe('what a key means', () => {
  test.each(SHORTCUTS.map(({ id, keys }) => ({ id, keys: keys as readonly string[] })))('$keys is $id', ({ id, keys }) => {
    const [first = '', second = ''] = keys;
    const meaning =
      first === 'Mod'
        ? meaningOf(press(second.length === 1 ? second.toLowerCase() : second, { ctrlKey: true }), undefined)
        : keys.length === 2
          ? meaningOf(press(second.toLowerCase()), meaningOf(press(first.toLowerCase()), undefined).begins)
          : meaningOf(press(first === 'Esc' ? 'Escape' : first.toLowerCase()), undefined);
    expect(meaning).toEqual({ shortcut: id });
  });

  test('no two shortcuts share their keys', () => {
    expect(new Set(SHORTCUTS.map(({ keys }) => keys.join(' '))).size).toBe(SHORTCUTS.length);
  });

  test.each([
    { pressed: press('P'), before: 'G', shortcut: 'patients', because: 'caps lock changes nothing' },
    { pressed: press('k', { metaKey: true }), before: undefined, shortcut: 'palette', because: 'Cmd on a Mac' },
    {
      pressed: press('/', { code: 'Digit7' }),
      before: undefined,
      shortcut: 'search',
      because: 'the slash of a Spanish keyboard',
    },
    {
      pressed: press('з', { code: 'KeyP' }),
      before: 'G',
      shortcut: 'patients',
      because: 'a Cyrillic keyboard: the place counts',
    },
    { pressed: press('p'), before: undefined, shortcut: undefined, because: 'the second key alone' },
    { pressed: press('p'), before: 'X', shortcut: undefined, because: 'another first key' },
    { pressed: press('n', { ctrlKey: true }), before: undefined, shortcut: undefined, because: 'Ctrl N is the browser’s' },
    {
      pressed: press('e', { altKey: true }),
      before: undefined,
      shortcut: undefined,
      because: 'Alt E writes € on some keyboards',
    },
    { pressed: press('Dead', { code: 'KeyE' }), before: undefined, shortcut: undefined, because: 'an accent under way' },
  ])('$because', ({ pressed, before, shortcut }) => {
    expect(meaningOf(pressed, before).shortcut).toBe(shortcut);
  });
});
