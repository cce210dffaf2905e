import { useEffect } from 'react';

/** Every key of the workspace, in the order of the help. `g p` are two keys after each other. */
export const SHORTCUTS = ['search', 'palette', 'patients', 'newPatient', 'overview', 'settings', 'help', 'close'] as const;
export type Shortcut = (typeof SHORTCUTS)[number];
export const SHORTCUT_KEYS: Record<Shortcut, readonly string[]> = {
  search: ['/'],
  palette: ['Ctrl', 'K'],
  patients: ['g', 'p'],
  newPatient: ['n'],
  overview: ['g', 'o'],
  settings: ['g', 's'],
  help: ['?'],
  close: ['Esc'],
};

const SECOND_KEY_MS = 1_000; // how long `g` waits for its second letter

/** Whether a key belongs to what is being typed. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Listens for the single and two-letter shortcuts; those with Ctrl belong to the palette, Esc to what is open. */
export function useShortcuts(run: Partial<Record<Shortcut, () => void>>): void {
  useEffect(() => {
    let gAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const second = Date.now() - gAt < SECOND_KEY_MS;
      gAt = event.key === 'g' ? Date.now() : 0;
      const found: Shortcut | undefined =
        event.key === '/'
          ? 'search'
          : event.key === 'n'
            ? 'newPatient'
            : event.key === '?'
              ? 'help'
              : second && event.key === 'p'
                ? 'patients'
                : second && event.key === 'o'
                  ? 'overview'
                  : second && event.key === 's'
                    ? 'settings'
                    : undefined;
      const action = found && run[found];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [run]);
}

/** `/` goes to the page's own search where it has one, else to the one in the top bar. */
export function focusSearch(): void {
  const field =
    document.querySelector<HTMLInputElement>('[data-page-search]') ??
    document.querySelector<HTMLInputElement>('[data-top-search]');
  field?.focus();
  field?.select();
}
