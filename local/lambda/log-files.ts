import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** A log that has grown past this is put aside at the next start; one older file is kept. */
const MOST_BYTES = 20 * 1024 * 1024;

/** One file a function, a line an entry, in the folder that `npm start` names. */
export class LogFiles {
  readonly #folder: string;
  readonly #open = new Map<string, WriteStream>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  write(name: string, line: string): void {
    this.#stream(name).write(`${line}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((stream) => new Promise((done) => stream.end(done))));
    this.#open.clear();
  }

  #stream(name: string): WriteStream {
    const known = this.#open.get(name);
    if (known) return known;
    const file = join(this.#folder, `${name}.log`);
    if (existsSync(file) && statSync(file).size > MOST_BYTES) renameSync(file, `${file}.old`);
    const stream = createWriteStream(file, { flags: 'a' });
    this.#open.set(name, stream);
    return stream;
  }
}
