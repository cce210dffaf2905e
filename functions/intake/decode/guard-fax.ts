import UTIF from 'utif2';

/** Pixels across: five feet at 1,200 dpi, more than any paper has. */
const MOST_ACROSS = 72_000;
/** Bits that are no code: what fills a line that was sent too fast, or a piece to the end of its sector. */
const MOST_FILLING = 8_000;

/** The inside of the fax decoder (T.4, T.6): it collects bits until they are a code, and runs until they are as long as a line. */
interface FaxDecoder {
  _addNtimes(line: number[], times: number, colour: number): void;
  _lens: readonly Readonly<Record<string, number>>[];
  _dmap: Readonly<Record<string, number>>;
}

/** In a damaged fax neither ever comes, and it would go on until the memory is full. Once a process: then it throws. */
export function guardFax(): void {
  const decoder = UTIF.decode as unknown as FaxDecoder;
  const add = decoder._addNtimes;
  decoder._addNtimes = (line, times, colour) => {
    if (line.length + times > MOST_ACROSS) throw new RangeError('A line of this fax has no end.');
    add(line, times, colour);
  };
  const guarded = (codes: Readonly<Record<string, number>>) =>
    new Proxy(codes, {
      get(target, bits: string) {
        if (bits.length > MOST_FILLING) throw new RangeError('What follows in this fax is no code.');
        return target[bits];
      },
    });
  decoder._lens = decoder._lens.map(guarded);
  decoder._dmap = guarded(decoder._dmap);
}
