/** What a slash in the text means: a command being typed at the caret, at the beginning of a line or after a space. */
export interface Slash {
  /** Where the slash stands. */
  readonly from: number;
  readonly to: number;
  readonly name: string;
  /** What stands after the command's name: "/problem asthma". */
  readonly argument: string;
}

/** The slash before the caret, on its line. Undefined when there is none: "and/or" and "12/5" are no commands. */
export function slashAt(text: string, caret: number): Slash | undefined {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  const found = /(?:^|\s)\/(\p{L}*)(?:[ \t]+(\S.*))?$/u.exec(line);
  if (!found || /(?:^|\s)\/\s/.test(found[0])) return undefined;
  const length = found[0].trimStart().length;
  return { from: caret - length, to: caret, name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() };
}

/** The text without the command. */
export const withoutSlash = (text: string, { from, to }: Slash): string => `${text.slice(0, from)}${text.slice(to)}`;
