import type { Texts } from './texts.ts';

/** Markup that is safe to send: made by `html` alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[] | false | undefined;

/** A template whose plain strings are escaped. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.reduce((page, piece, at) => page + markup(parts[at - 1]) + piece));

function markup(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One page in the house's frame. `mount` is the path of the issuer, where style and script lie. */
export function page(
  texts: Texts,
  mount: string,
  { title, script, main }: { title: string; script?: string; main: Html },
): string {
  return html`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – Tessera</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${mount}/assets/sign-in.css">
${script && html`<script src="${mount}/assets/${script}" defer></script>`}
</head>
<body>
<main>
<p class="brand"><svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#3563e0"/><g fill="#fff"><rect x="7" y="7" width="8" height="8" rx="1.5"/><rect x="17" y="7" width="8" height="8" rx="1.5" opacity=".65"/><rect x="7" y="17" width="8" height="8" rx="1.5" opacity=".65"/><rect x="17" y="17" width="8" height="8" rx="1.5"/></g></svg>Tessera</p>
${main}
</main>
</body>
</html>`.text;
}
