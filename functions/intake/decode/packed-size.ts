/*
 * How large a packed piece of a TIFF becomes, counted without unpacking it: a few bytes can say "four thousand times", and the decoder
 * does what they say.
 */

/** PackBits (TIFF 6.0, section 9). */
export function unpackBitsSize(piece: Uint8Array): number {
  let size = 0;
  for (let at = 0; at < piece.length; ) {
    const n = (piece[at]! << 24) >> 24;
    // -128 does nothing.
    size += n >= 0 ? n + 1 : n > -128 ? 1 - n : 0;
    at += n >= 0 ? n + 2 : n > -128 ? 2 : 1;
  }
  return size;
}

/**
 * LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, the table begun anew by 256, the end 257. It goes as the decoder goes, so that nothing is
 * unpacked that was not counted. Ends once it is more than `most`; a code that names nothing is more than any.
 */
export function lzwSize(piece: Uint8Array, most: number): number {
  const lengths = new Uint32Array(4_096).fill(1, 0, 258);
  let [next, bits, size, before, at] = [258, 9, 0, 0, 0];
  const read = (): number => {
    const byte = at >>> 3;
    const window = (piece[byte]! << 16) | ((piece[byte + 1] ?? 0) << 8) | (piece[byte + 2] ?? 0);
    const code = (window >>> (24 - (at & 7) - bits)) & ((1 << bits) - 1);
    at += bits;
    return code;
  };
  const add = () => {
    if (next < 4_096) lengths[next] = lengths[before]! + 1;
    next += 1;
    if (next + 1 === 1 << bits && bits < 12) bits += 1;
  };
  while (at < piece.length * 8 && size <= most) {
    let code = read();
    if (code === 257) break;
    if (code === 256) {
      [next, bits] = [258, 9];
      code = read();
      if (code === 257) break;
      if (code > 257) return Infinity;
    } else if (code <= next) add();
    else return Infinity;
    size += lengths[code]!;
    before = code;
  }
  return size;
}
