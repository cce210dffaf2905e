/**
 * Notes that are being written, kept in this browser at every keystroke: in IndexedDB, which a killed tab, a lost network and an ended
 * session leave alone. Only what the server does not have yet stands here; what is saved there is taken out. Invariant: every key begins
 * with the person, so that nobody is shown another's text. Each tab has its own row, so that two tabs never write over each other.
 */
export interface KeptNote<T> {
  readonly user: string;
  readonly tenant: string;
  /** The draft's id. */
  readonly note: string;
  readonly tab: string;
  /** What is typed, and what the server had when it was begun. */
  readonly typed: T;
  readonly base: { readonly version: number; readonly typed: T };
  /** Epoch ms. */
  readonly at: number;
}

const STORE = 'notes';
let opening: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('tessera', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('This browser keeps nothing.'));
  });
  return opening;
}
// Opened before the first keystroke, which then waits for nothing.
if (typeof indexedDB !== 'undefined') void database().catch(() => undefined);

const done = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('Nothing was kept.'));
  });

type Of = Pick<KeptNote<unknown>, 'user' | 'tenant' | 'note'>;
const keyOf = ({ user, tenant, note, tab }: Of & { tab: string }): string[] => [user, tenant, note, tab];

export async function keepNote<T>(kept: KeptNote<T>): Promise<void> {
  const transaction = (await database()).transaction(STORE, 'readwrite', { durability: 'relaxed' });
  transaction.objectStore(STORE).put(kept, keyOf(kept));
  // Said at once: a transaction that waits for its answers before it commits dies with its tab, and takes the last letters along.
  transaction.commit();
  await done(transaction);
}

export async function dropNote(of: Of & { tab: string }): Promise<void> {
  const transaction = (await database()).transaction(STORE, 'readwrite');
  transaction.objectStore(STORE).delete(keyOf(of));
  await done(transaction);
}

/** What every tab of this browser has kept of a note, oldest first. */
export async function keptNotes<T>(of: Of): Promise<KeptNote<T>[]> {
  const transaction = (await database()).transaction(STORE, 'readonly');
  const request = transaction.objectStore(STORE).getAll(wholeNote(of));
  await done(transaction);
  return (request.result as KeptNote<T>[]).sort((a, b) => a.at - b.at);
}

/** Forgets what every tab has kept of a note. */
export async function dropNotes(of: Of): Promise<void> {
  const transaction = (await database()).transaction(STORE, 'readwrite');
  transaction.objectStore(STORE).delete(wholeNote(of));
  await done(transaction);
}
const wholeNote = ({ user, tenant, note }: Of): IDBKeyRange => IDBKeyRange.bound([user, tenant, note], [user, tenant, note, []]); // an array sorts behind every text

/**
 * This tab's name: it outlives a reload and ends with the tab. A duplicated tab gets a copy of the name with it, and must not write over the
 * first one's text: a lock says whose the name is, and goes when its tab does.
 */
export async function thisTab(storage: Storage, locks: LockManager | undefined = navigator.locks): Promise<string> {
  const known = storage.getItem(TAB);
  if (known !== null && (mine.has(known) || (await isFree(known, locks)))) return known;
  const made = crypto.randomUUID();
  await isFree(made, locks);
  storage.setItem(TAB, made);
  return made;
}
const TAB = 'tessera.tab';
/** Names that this page holds. */
const mine = new Set<string>();

/** Takes the name for as long as this page lives. A browser without locks cannot say whose it is, and believes. */
function isFree(name: string, locks: LockManager | undefined): Promise<boolean> {
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks
      .request(`${TAB}/${name}`, { ifAvailable: true }, (lock) => {
        if (lock) mine.add(name);
        resolve(lock !== null);
        return lock ? new Promise<void>(() => undefined) : undefined;
      })
      .catch(() => resolve(true));
  });
}
