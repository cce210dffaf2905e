import { readFileSync } from 'node:fs';
import { parseSync } from 'vite';

/** A piece of a parsed file (ESTree with JSX and TypeScript). */
export interface Piece {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}
const isPiece = (value: unknown): value is Piece =>
  typeof value === 'object' && value !== null && typeof (value as Piece).type === 'string';

/** Visits every piece of a file from the outside in; `above` are those it stands in, the nearest last. */
export function eachPiece(
  file: string,
  visit: (piece: Piece, above: readonly Piece[], line: number) => void,
  text?: string,
): void {
  const source = text ?? readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed.`);
  const walk = (value: unknown, above: readonly Piece[]): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, above);
    if (!isPiece(value)) return;
    visit(value, above, source.slice(0, value.start).split('\n').length);
    for (const part of Object.values(value)) walk(part, [...above, value]);
  };
  walk(program, []);
}

/** The text of a string or a template, with `{}` for what is filled in; undefined for anything else. */
export function literalText(piece: unknown): string | undefined {
  if (!isPiece(piece)) return undefined;
  if (piece.type === 'Literal' && typeof piece.value === 'string') return piece.value;
  if (piece.type !== 'TemplateLiteral') return undefined;
  return (piece.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('{}');
}
