import { useEffect, useRef } from 'react';

/** Where a key works; the help groups its rows by it. */
export const PLACES = ['anywhere', 'chart', 'record', 'note', 'inbox'] as const;
interface Row {
  readonly id: string;
  readonly place: (typeof PLACES)[number];
  /** One key, or two after each other; `Mod` is Ctrl, on a Mac Cmd, and is held. */
  readonly keys: readonly string[];
}

/** Every key of the workspace. The handler below and the help read this list and nothing else, so the help cannot say what is not so. */
export const SHORTCUTS = [
  { id: 'search', place: 'anywhere', keys: ['/'] },
  { id: 'palette', place: 'anywhere', keys: ['Mod', 'K'] },
  { id: 'today', place: 'anywhere', keys: ['G', 'T'] },
  { id: 'calendar', place: 'anywhere', keys: ['G', 'C'] },
  { id: 'patients', place: 'anywhere', keys: ['G', 'P'] },
  { id: 'inbox', place: 'anywhere', keys: ['G', 'I'] },
  { id: 'documents', place: 'anywhere', keys: ['G', 'D'] },
  { id: 'billing', place: 'anywhere', keys: ['G', 'B'] },
  { id: 'settings', place: 'anywhere', keys: ['G', 'S'] },
  { id: 'create', place: 'anywhere', keys: ['N'] },
  { id: 'help', place: 'anywhere', keys: ['?'] },
  { id: 'close', place: 'anywhere', keys: ['Esc'] },
  { id: 'overview', place: 'chart', keys: ['G', 'O'] },
  { id: 'edit', place: 'record', keys: ['E'] },
  { id: 'sign', place: 'note', keys: ['Mod', 'Enter'] },
  { id: 'next', place: 'inbox', keys: ['J'] },
  { id: 'previous', place: 'inbox', keys: ['K'] },
  { id: 'mark', place: 'inbox', keys: ['X'] },
  { id: 'take', place: 'inbox', keys: ['T'] },
  { id: 'handOver', place: 'inbox', keys: ['H'] },
  { id: 'snooze', place: 'inbox', keys: ['S'] },
] as const satisfies readonly Row[];
export type Shortcut = (typeof SHORTCUTS)[number]['id'];

export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * The key as the list writes it. What counts is the sign on the key, wherever the layout has it: `/` is Shift 7 on a Spanish keyboard.
 * Where a layout has no Latin letters, the place of the key counts instead.
 */
export function keyOf({ key, code }: Pressed): string {
  if (key === 'Escape') return 'Esc';
  if (/^\p{L}$/u.test(key) && !/^[a-z]$/i.test(key)) return /^Key([A-Z])$/.exec(code)?.[1] ?? key;
  return key.length === 1 ? key.toUpperCase() : key;
}

/** What a key means after the one before it: a shortcut, or the beginning of one. A key with Alt is somebody else's. */
export function meaningOf(pressed: Pressed, before: string | undefined): { shortcut?: Shortcut; begins?: string } {
  if (pressed.altKey) return {};
  const held = pressed.ctrlKey || pressed.metaKey;
  const key = keyOf(pressed);
  const found = SHORTCUTS.find(({ keys: [first, second] }: Row) =>
    held
      ? first === 'Mod' && second === key
      : second === undefined
        ? first === key
        : before !== undefined && first === before && second === key,
  );
  if (found) return { shortcut: found.id };
  return !held && SHORTCUTS.some(({ keys }: Row) => keys.length === 2 && keys[0] === key) ? { begins: key } : {};
}

const SECOND_KEY_MS = 1_000; // how long the first of two keys waits for its second

/** Whether a key belongs to what is being typed. A box that is ticked takes no letters. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'));

/** Runs what is given for each shortcut. Esc belongs to whatever is open. While somebody types, only a held key counts. */
export function useShortcuts(run: Partial<Record<Shortcut, (event: KeyboardEvent) => void>>): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    let before: { key: string; atMs: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      if (isTyping(event.target) && !event.ctrlKey && !event.metaKey) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const nowMs = Date.now();
      const { shortcut, begins } = meaningOf(event, before && nowMs - before.atMs < SECOND_KEY_MS ? before.key : undefined);
      before = begins === undefined ? undefined : { key: begins, atMs: nowMs };
      const action = shortcut && latest.current[shortcut];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** `/` goes to the page's own search where it has one, else to the one in the top bar. */
export function focusSearch(): void {
  const field =
    document.querySelector<HTMLInputElement>('[data-page-search]') ??
    document.querySelector<HTMLInputElement>('[data-top-search]');
  field?.focus();
  field?.select();
}

/** `e` goes into whatever on the screen can be corrected. */
export const openEditor = (): void => document.querySelector<HTMLElement>('[data-edit]')?.click();
