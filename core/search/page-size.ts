/** Characters of JSON on a page, included records apart: answers above 4 MB are refused, so a page of long records ends early. */
const MAX_CHARACTERS = 2_500_000;

/** Fills one page of an answer: by number, and by how long its records are. */
export class PageSize {
  readonly #count: number;
  #records = 0;
  #characters = 0;
  constructor(count: number) {
    this.#count = count;
  }

  /** Whether one more record has room; if so it is counted. The first one always has. */
  takes(record: object): boolean {
    if (this.full) return false;
    const characters = JSON.stringify(record).length;
    if (this.#records > 0 && this.#characters + characters > MAX_CHARACTERS) return false;
    this.#records++;
    this.#characters += characters;
    return true;
  }

  get full(): boolean {
    return this.#records >= this.#count;
  }
}
