import { Html, html, page } from './layout.ts';
import type { Texts } from './texts.ts';

/** A page that says one thing. `detail` is for whoever reports it. */
export const messagePage = (
  texts: Texts,
  mount: string,
  { title, text, detail }: { title: string; text: string; detail?: string },
): string =>
  page(texts, mount, { title, main: html`<h1>${title}</h1><p>${text}</p>${detail && html`<p class="soft">${detail}</p>`}` });

/** Signs out at once where scripts run, as Cognito does, and with a button where they do not. `form` is the provider's own markup. */
export const signOutPage = (texts: Texts, mount: string, form: string): string =>
  page(texts, mount, {
    title: texts.signOut,
    script: 'submit.js',
    main: html`<h1>${texts.signingOut}</h1>${new Html(form)}
<input type="hidden" name="logout" value="yes" form="op.logoutForm"><button type="submit" form="op.logoutForm">${texts.signOut}</button>`,
  });
