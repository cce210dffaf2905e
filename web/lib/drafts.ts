/**
 * What somebody has typed and not yet saved. It lives in this tab's sessionStorage, so that it survives a reload, an idle sign-out and a
 * full page's trip to the sign-in page, and ends with the tab. Invariant: the key begins with the person, so that nobody is shown another's draft.
 */
export interface DraftKey {
  readonly user: string;
  readonly tenant: string;
  readonly patient: string;
  /** "allergy", or "allergy:<id>" for a correction. */
  readonly form: string;
}

export const DRAFT_PREFIX = 'tessera.draft/';
const keyOf = ({ user, tenant, patient, form }: DraftKey) => `${DRAFT_PREFIX}${user}/${tenant}/${patient}/${form}`;

export function readDraft<T>(key: DraftKey, storage: Storage): T | undefined {
  const text = storage.getItem(keyOf(key));
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined; // written by something else: nobody's typing is lost by ignoring it
  }
}
export const keepDraft = (key: DraftKey, value: unknown, storage: Storage): void =>
  storage.setItem(keyOf(key), JSON.stringify(value));
export const dropDraft = (key: DraftKey, storage: Storage): void => storage.removeItem(keyOf(key));
