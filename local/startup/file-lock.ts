import { DatabaseSync } from 'node:sqlite';

/**
 * Takes the lock, or answers undefined when another process has it. Invariant: the lock is the operating system's, on a file that
 * SQLite holds. It ends with the process, however that dies, so no stale lock ever has to be removed by hand.
 * @throws Error when the file is no lock
 */
export function tryLock(file: string): (() => void) | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
  return () => {
    if (database.isOpen) database.close();
  };
}
