import { DRAFT_PREFIX } from './drafts.ts';

/** A draft of this tab, as a list of them shows it. */
export interface KeptDraft {
  readonly storageKey: string;
  readonly tenant: string;
  readonly patient: string;
  /** "allergy", or "allergy:<id>" for a correction. */
  readonly form: string;
  /** The values of its fields, without empty ones: words that were typed, and codes that were chosen. */
  readonly values: readonly string[];
}

/** The texts somewhere below `value`, without what the machine put there: of a form over a record, only what was typed counts. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { typed } = value as { typed?: unknown };
  return Object.values((typed as object | undefined) ?? value).flatMap(textsIn);
}

/** The drafts that the person has left in this tab, whatever form they belong to. Without a person (signed out) there are none to show. */
export function keptDrafts(user: string, storage: Storage): readonly KeptDraft[] {
  if (user === '') return [];
  return Object.keys(storage)
    .filter((key) => key.startsWith(`${DRAFT_PREFIX}${user}/`))
    .sort()
    .flatMap((storageKey) => {
      const [tenant = '', patient = '', ...form] = storageKey.slice(DRAFT_PREFIX.length + user.length + 1).split('/');
      try {
        const values = textsIn(JSON.parse(storage.getItem(storageKey) ?? 'null'));
        return [{ storageKey, tenant, patient, form: form.join('/'), values }];
      } catch {
        return [];
      }
    });
}

/** Forgets every draft of the tab: a person who signs out leaves nothing to whoever sits down next. */
export function dropAllDrafts(storage: Storage): void {
  for (const key of Object.keys(storage).filter((name) => name.startsWith(DRAFT_PREFIX))) storage.removeItem(key);
}
