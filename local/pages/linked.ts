import { type Html, html } from '../identity/pages/layout.ts';

/** An address in running text: up to white space, without the punctuation that closes the sentence around it. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;

/** Plain text with its web addresses as links, as a mail program shows it. Everything else stays text. */
export function linked(text: string): Html[] {
  const parts: Html[] = [];
  let from = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    parts.push(html`${text.slice(from, index)}`, html`<a href="${address}" rel="noreferrer noopener">${address}</a>`);
    from = index + address.length;
  }
  return [...parts, html`${text.slice(from)}`];
}
