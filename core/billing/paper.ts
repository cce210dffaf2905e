import anyAscii from 'any-ascii';
import type { PDFFont, PDFPage } from 'pdf-lib';

/*
 * A page of paper as a PDF: a heading, facts, tables of money, remarks. It is set in Helvetica, which every reader of PDFs has and which
 * writes the languages of western Europe. A text of another script is written in Latin letters, and the page says so.
 */
export interface Paper {
  readonly language: 'en' | 'es';
  readonly title: string;
  /** Who it is from: the first line is a name. */
  readonly from: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly tables: readonly PaperTable[];
  readonly remarks: readonly string[];
  /** Said at the foot when a text had to be written in other letters. */
  readonly inLatinLetters: string;
  /** "Page 1 of 2". */
  readonly pageOf: (page: number, pages: number) => string;
  readonly size: 'letter' | 'a4';
  readonly made: Date;
}
export interface PaperTable {
  readonly heading: string;
  /** The last column is an amount and stands at the right. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below its line, in bold. */
  readonly sums: readonly (readonly [label: string, amount: string])[];
}

/** Points. */
const SIZES = { letter: [612, 792], a4: [595.28, 841.89] } as const;
const MARGIN = 56;
const TEXT = 10;
const SMALL = 8.5;
const LEAD = 1.45;
const AMOUNT_WIDTH = 110;
const LABEL_WIDTH = 130;

/** Every character that the font has as it is, the others in Latin letters. Pure. */
export function inLatinLetters(text: string, has: (codePoint: number) => boolean): { text: string; changed: boolean } {
  let changed = false;
  const letters = [...text.normalize('NFC').replace(/\s+/g, ' ')].map((letter) => {
    if (has(letter.codePointAt(0) ?? 0)) return letter;
    changed = true;
    return [...anyAscii(letter)].filter((ascii) => has(ascii.codePointAt(0) ?? 0)).join('') || '?';
  });
  return { text: letters.join(''), changed };
}

export async function toPdf(paper: Paper): Promise<Uint8Array> {
  // Loaded when the first page is asked for: nothing else of billing waits for it.
  const { PDFDocument, StandardFonts, rgb } = await import('pdf-lib');
  const document = await PDFDocument.create();
  const [plain, bold] = await Promise.all(
    [StandardFonts.Helvetica, StandardFonts.HelveticaBold].map((f) => document.embedFont(f)),
  );
  if (!plain || !bold) throw new Error('Helvetica stands in every PDF.');
  const known = new Set(plain.getCharacterSet());
  let otherLetters = false;
  const latin = (text: string): string => {
    const written = inLatinLetters(text, (codePoint) => known.has(codePoint));
    otherLetters ||= written.changed;
    return written.text;
  };
  document.setTitle(`${latin(paper.title)} - ${latin(paper.from[0] ?? '')}`);
  document.setLanguage(paper.language);
  document.setProducer('Tessera');
  document.setCreationDate(paper.made);
  document.setModificationDate(paper.made);

  const [width, height] = SIZES[paper.size];
  const right = width - MARGIN;
  let page: PDFPage = document.addPage([width, height]);
  let y = height - MARGIN;
  const room = (needed: number): void => {
    if (y - needed >= MARGIN + 2 * SMALL) return;
    page = document.addPage([width, height]);
    y = height - MARGIN;
  };
  const write = (text: string, x: number, font: PDFFont, size: number, end: 'left' | 'right' = 'left'): void =>
    page.drawText(text, { x: end === 'left' ? x : x - font.widthOfTextAtSize(text, size), y, size, font });
  /** Writes beside each other what is as high as its highest cell, and goes below it. */
  const row = (cells: readonly { text: string; x: number; width: number; end?: 'right' }[], font: PDFFont, size = TEXT): void => {
    const lines = cells.map(({ text, width: most }) => wrapped(latin(text), font, size, most));
    const count = Math.max(...lines.map(({ length }) => length));
    for (let at = 0; at < count; at += 1) {
      room(size * LEAD);
      y -= size * LEAD;
      for (const [of, { x, end }] of cells.entries()) {
        const line = lines[of]?.[at];
        if (line) write(line, x, font, size, end);
      }
    }
  };
  const rule = (): void => {
    y -= 5;
    page.drawLine({ start: { x: MARGIN, y }, end: { x: right, y }, thickness: 0.6, color: rgb(0.6, 0.6, 0.6) });
  };
  const whole = right - MARGIN;

  for (const [at, line] of paper.from.entries())
    row([{ text: line, x: MARGIN, width: whole }], at === 0 ? bold : plain, at === 0 ? 12 : TEXT);
  y -= 18;
  row([{ text: paper.title, x: MARGIN, width: whole }], bold, 18);
  y -= 8;
  for (const [label, value] of paper.facts)
    row(
      [
        { text: label, x: MARGIN, width: LABEL_WIDTH - 8 },
        { text: value, x: MARGIN + LABEL_WIDTH, width: whole - LABEL_WIDTH },
      ],
      plain,
    );
  for (const { heading, columns, rows, sums } of paper.tables) {
    const text = (whole - AMOUNT_WIDTH) / (columns.length - 1);
    const cellsOf = (texts: readonly string[]) =>
      texts.map((cell, at) =>
        at === columns.length - 1
          ? { text: cell, x: right, width: AMOUNT_WIDTH, end: 'right' as const }
          : { text: cell, x: MARGIN + at * text, width: text - 10 },
      );
    y -= 18;
    room(5 * TEXT * LEAD); // a heading stands with its first rows
    row([{ text: heading, x: MARGIN, width: whole }], bold, 12);
    y -= 2;
    row(cellsOf(columns), bold, SMALL);
    rule();
    for (const cells of rows) row(cellsOf(cells), plain);
    rule();
    for (const [label, amount] of sums)
      row(
        [
          { text: label, x: MARGIN, width: whole - AMOUNT_WIDTH - 10 },
          { text: amount, x: right, width: AMOUNT_WIDTH, end: 'right' },
        ],
        bold,
      );
  }
  y -= 14;
  for (const remark of [...paper.remarks, ...(otherLetters ? [paper.inLatinLetters] : [])]) {
    row([{ text: remark, x: MARGIN, width: whole }], plain, SMALL);
    y -= 3;
  }
  const pages = document.getPages();
  if (pages.length > 1)
    for (const [at, one] of pages.entries())
      one.drawText(latin(paper.pageOf(at + 1, pages.length)), { x: MARGIN, y: MARGIN - 2 * SMALL, size: SMALL, font: plain });
  return document.save();
}

/** Lines no wider than `most` points; a word that is wider by itself is cut. */
function wrapped(text: string, font: PDFFont, size: number, most: number): string[] {
  const fits = (line: string): boolean => font.widthOfTextAtSize(line, size) <= most;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (!fits(line)) {
      let cut = line.length - 1;
      while (cut > 1 && !fits(line.slice(0, cut))) cut -= 1;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return [...lines, line];
}
