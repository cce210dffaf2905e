/**
 * A narrative is one XHTML <div> with text or an image in it, well formed, with the formatting elements and attributes of HTML 4.0
 * chapters 7-11 and 15, links and images; no scripts, forms, frames, links to style sheets or event handlers (FHIR R4, Narrative;
 * invariants txt-1 and txt-2). One pass over the text.
 */
import type { Fault } from './issue.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
const ELEMENTS = words(
  `a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr i
  img ins kbd li map ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var`,
);
const ATTRIBUTES = words(
  `abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff cite class clear color colspan compact coords datetime dir face
  frame headers height href hreflang hspace id ismap lang longdesc name nohref noshade nowrap rel rev rowspan rules scope shape size span src
  start style summary tabindex target title type usemap valign value vspace width xml:lang xml:space xmlns`,
);

const invariant = (text: string): Fault => ({ code: 'invariant', text });
const NOT_A_DIV = invariant('Write the narrative as one <div xmlns="http://www.w3.org/1999/xhtml"> element (txt-1).');
const NOT_WELL_FORMED = invariant(
  'Write the narrative as well-formed XHTML: close every element, quote every attribute, escape < and & (txt-1).',
);
const NOT_ALLOWED = invariant(
  'Keep to formatting elements and attributes in the narrative, without scripts, forms and event handlers (txt-1).',
);
const NO_CONTENT = invariant('Put text or an image into the narrative, or leave it out (txt-2).');

/** Plain text, a comment, or a tag with its attributes. */
const TEXT = /[^<]+/y;
const COMMENT = /<!--[^-]*(?:-[^-]+)*-->/y;
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_:][\w:.-]*)\s*=\s*("[^"]*"|'[^']*')/g;
const BARE_AMPERSAND = /&(?!(?:#\d+|#x[\dA-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)/;
/** Addresses that run code when they are followed. */
const RUNS_CODE = /^["']\s*(?:javascript|vbscript|data:text)/i;

const areAllowed = (attributes: string): boolean => {
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (!(ATTRIBUTES.has(name) || name.startsWith('xmlns:')) || RUNS_CODE.test(value)) return false;
  }
  return true;
};

/** What is wrong with a narrative's XHTML, if anything. */
export function narrativeFault(xhtml: string): Fault | undefined {
  const source = xhtml.trim();
  const open: string[] = [];
  let hasContent = false;
  let position = 0;
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(source);
    if (found) position = pattern.lastIndex;
    return found;
  };
  while (position < source.length) {
    if (position > 0 && open.length === 0) return NOT_A_DIV;
    const text = read(TEXT);
    if (text) {
      if (BARE_AMPERSAND.test(text[0])) return NOT_WELL_FORMED;
      hasContent ||= text[0].trim() !== '';
      continue;
    }
    if (read(COMMENT)) continue;
    const tag = read(TAG);
    if (!tag) return NOT_WELL_FORMED;
    const [, closing, name = '', attributes = '', selfClosing] = tag;
    if (closing) {
      if (open.pop() !== name) return NOT_WELL_FORMED;
      continue;
    }
    if (open.length === 0 && name !== 'div') return NOT_A_DIV;
    if (!ELEMENTS.has(name) || !areAllowed(attributes)) return NOT_ALLOWED;
    if (BARE_AMPERSAND.test(attributes)) return NOT_WELL_FORMED;
    hasContent ||= name === 'img';
    if (!selfClosing) open.push(name);
  }
  if (open.length > 0) return NOT_WELL_FORMED;
  if (!source.startsWith('<div')) return NOT_A_DIV;
  return hasContent ? undefined : NO_CONTENT;
}
