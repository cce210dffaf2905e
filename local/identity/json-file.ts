import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * One JSON value kept in memory and on disk (mode 0600). A save writes a new file, flushes it and renames it over the old
 * one, so that a crash leaves either the old state or the new one. Saves asked for while one is running are folded into the next.
 */
export class JsonFile<T> {
  readonly value: T;
  readonly #path: string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** Reads the file, or begins with `initial` when there is none. @throws Error in one sentence when the file is damaged. */
  constructor(path: string, initial: () => T) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const text = readIfThere(path);
    this.value = text === undefined ? initial() : parse<T>(path, text);
  }

  /** Resolves when a state at least as new as the present one is on disk. */
  save(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#write().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    // The state is taken after this turn of the event loop, so that changes made together are saved together.
    await undefined;
    const draft = `${this.#path}.${randomUUID()}`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(this.value));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse<T>(path: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`The sign-in data in ${path} is damaged: put a copy of the file back, or remove the folder to start anew.`, {
      cause,
    });
  }
}
