import { expect, test } from 'vitest';
import { thisTab } from './note-store.ts';

/** A tab's storage; a duplicated tab begins with a copy. */
const storageOf = (kept: Record<string, string>): Storage =>
  ({
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void Object.assign(kept, { [key]: value }),
  }) as Storage;
/** Locks of one browser: a name is held until the page that holds it is gone. */
function browser() {
  const held = new Set<string>();
  const locks = {
    request: async (name: string, _options: object, work: (lock: object | null) => unknown) => {
      if (held.has(name)) return work(null);
      held.add(name);
      return work({ name });
    },
  } as unknown as LockManager;
  return { locks, end: () => held.clear() };
}

test('a tab keeps its name over a reload; a duplicate of it has another, so that neither writes over the other’s text', async () => {
  const { locks, end } = browser();
  const kept: Record<string, string> = { 'tessera.tab': 'the-first' };
  end(); // the page before the reload is gone
  expect(await thisTab(storageOf(kept), locks)).toBe('the-first');
  expect(await thisTab(storageOf(kept), locks)).toBe('the-first'); // another note in the same page
  const other = browser();
  await other.locks.request('tessera.tab/its-own', { ifAvailable: true }, () => undefined);
  const copy: Record<string, string> = { 'tessera.tab': 'its-own' };
  const name = await thisTab(storageOf(copy), other.locks);
  expect([name === 'its-own', copy['tessera.tab'] === name]).toEqual([false, true]);
});

test('a browser that knows no locks, or refuses them, believes the name', async () => {
  expect(await thisTab(storageOf({ 'tessera.tab': 'x' }), undefined)).toBe('x');
  const refusing = { request: () => Promise.reject(new Error('no')) } as unknown as LockManager;
  expect(await thisTab(storageOf({ 'tessera.tab': 'y' }), refusing)).toBe('y');
});
