/**
 * Small habits kept in this browser, by person and clinic: ids and names of tiles only, never a patient's name.
 * A browser that refuses storage simply forgets.
 */
export interface Owner {
  readonly user: string;
  readonly tenant: string;
}

const keyOf = (what: string, { user, tenant }: Owner) => `tessera.${what}/${user}/${tenant}`;

function readList(what: string, owner: Owner): readonly string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(keyOf(what, owner)) ?? '[]');
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

function keepList(what: string, owner: Owner, list: readonly string[]): void {
  try {
    localStorage.setItem(keyOf(what, owner), JSON.stringify(list));
  } catch {
    // storage is full or refused: a habit is forgotten, nothing else
  }
}

/** Whether the person has gone through the first steps, or skipped them, in this browser. */
export const hasSeenGuide = (owner: Owner): boolean => readList('guide', owner).length > 0;
export const rememberGuide = (owner: Owner): void => keepList('guide', owner, ['seen']);

const RECENT = 8; // what fits without scrolling

export const recentPatients = (owner: Owner): readonly string[] => readList('recent', owner);
/** Puts the patient first. */
export const rememberPatient = (owner: Owner, id: string): void =>
  keepList('recent', owner, [id, ...recentPatients(owner).filter((other) => other !== id)].slice(0, RECENT));

/** The person's order of tiles: those they have placed, then the rest as we ship them. Unknown names are dropped. */
export function orderedTiles<T extends string>(shipped: readonly T[], kept: readonly string[]): readonly T[] {
  const placed = kept.filter((name): name is T => shipped.includes(name as T));
  return [...new Set([...placed, ...shipped])];
}
export const keptTileOrder = (owner: Owner): readonly string[] => readList('tiles', owner);
export const keepTileOrder = (owner: Owner, order: readonly string[]): void => keepList('tiles', owner, order);
