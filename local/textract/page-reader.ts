import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, type Worker } from 'tesseract.js';

export interface ReadLine {
  readonly text: string;
  /** Per cent. */
  readonly confidence: number;
}

/** English only, from the package that brings the data: nothing is downloaded. */
const DATA = join(dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int');
/** A reader without work for this long is ended: it holds some 100 MB. */
const IDLE_MS = 60_000;

/** Reads pages one after the other in a thread of its own, which is started when the first one comes. */
export class PageReader {
  #worker: Promise<Worker> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  read(picture: Buffer): Promise<readonly ReadLine[]> {
    const result = this.#last.then(() => this.#read(picture));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await (await worker)?.terminate();
  }

  async #read(picture: Buffer): Promise<readonly ReadLine[]> {
    clearTimeout(this.#idle);
    this.#worker ??= createWorker('eng', 1, { langPath: DATA, cacheMethod: 'none', gzip: true });
    const { data } = await (await this.#worker).recognize(picture, {}, { blocks: true, text: false });
    this.#idle = setTimeout(() => void this.close(), IDLE_MS);
    this.#idle.unref();
    return (data.blocks ?? []).flatMap(({ paragraphs }) =>
      paragraphs.flatMap(({ lines }) => lines.map(({ text, confidence }) => ({ text: text.trim(), confidence }))),
    );
  }
}
