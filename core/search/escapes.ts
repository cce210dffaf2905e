/** Escaping in search values (FHIR R4, Search, "Escaping Search Parameters"): `\,`, `\|`, `\$` and `\\` stand for the sign itself. */

/** The parts between separators that are not escaped; escapes inside the parts stay. */
export function splitEscaped(text: string, separator: ',' | '|' | '$'): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '\\' && at + 1 < text.length) part += sign + text[++at];
    else if (sign === separator) {
      parts.push(part);
      part = '';
    } else part += sign;
  }
  return [...parts, part];
}

export const toPlainText = (text: string): string => text.replace(/\\([,|$\\])/g, '$1');
