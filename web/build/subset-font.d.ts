declare module 'subset-font' {
  /** The characters of `text` from a font, as a font file again. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'woff2'; variationAxes?: Record<string, { min: number; max: number }>; noLayoutClosure?: boolean },
  ): Promise<Buffer>;
}
