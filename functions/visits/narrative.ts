import type { Narrative } from 'fhir/r4';

/** What XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string): string =>
  text.replace(UNWRITABLE, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Typed text as a narrative: every line as it was typed, in any script. */
export function narrativeOf(text: string): Narrative {
  const lines = escaped(text).split(/\r\n|\r|\n/);
  return { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${lines.join('<br/>')}</p></div>` };
}
