import encodeQR from 'qr';
import { Html, html, page } from './layout.ts';
import type { Texts } from './texts.ts';

/** What all steps of a sign-in share: where the form goes, and what was wrong with the last attempt. */
export interface StepView {
  readonly texts: Texts;
  readonly mount: string;
  readonly problem?: { readonly text: string; readonly list?: readonly string[] };
}

export const passwordPage = ({ texts, mount, problem }: StepView, { pool, email }: { pool: string; email: string }): string =>
  step(texts, mount, texts.signIn, {
    intro: texts.signInTo[pool],
    problem,
    fields: html`<label for="email">${texts.email}</label>
<input id="email" name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="254" value="${email}"${email === '' && AUTOFOCUS}>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256"${email !== '' && AUTOFOCUS}${invalid(problem)}>`,
    action: texts.signIn,
  });

export const newPasswordPage = ({ texts, mount, problem }: StepView, rules: readonly string[]): string =>
  step(texts, mount, texts.choosePassword, {
    intro: texts.choosePasswordText,
    problem,
    fields: html`<label for="password">${texts.newPassword}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="rules${problem && ' problem'}"${AUTOFOCUS}>
<ul id="rules" class="rules soft">${rules.map((rule) => html`<li>${rule}</li>`)}</ul>
<label for="repeat">${texts.repeatPassword}</label>
<input id="repeat" name="repeat" type="password" autocomplete="new-password" required maxlength="256">`,
    action: texts.save,
    startAgain: true,
  });

export const codePage = ({ texts, mount, problem }: StepView): string =>
  step(texts, mount, texts.enterCode, {
    intro: texts.enterCodeText,
    problem,
    fields: codeField(texts, problem),
    action: texts.continueOn,
    startAgain: true,
  });

/** Shows the secret as a picture and in letters (groups of four), and asks for the first code. */
export const setUpPage = ({ texts, mount, problem }: StepView, { secret, link }: { secret: string; link: string }): string =>
  step(texts, mount, texts.setUp, {
    intro: texts.setUpText,
    problem,
    before: html`<img class="qr" width="200" height="200" alt="${texts.setUpQr}" src="data:image/svg+xml;base64,${Buffer.from(encodeQR(link, 'svg')).toString('base64')}">
<p>${texts.setUpByHand} <code class="key" id="secret">${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>`,
    fields: codeField(texts, problem),
    action: texts.continueOn,
    startAgain: true,
  });

const AUTOFOCUS = new Html(' autofocus');
const invalid = (problem: StepView['problem']): Html | undefined =>
  problem ? new Html(' aria-invalid="true" aria-describedby="problem"') : undefined;

const codeField = (texts: Texts, problem: StepView['problem']): Html => html`<label for="code">${texts.code}</label>
<input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" required pattern="[0-9 ]*" maxlength="7"${AUTOFOCUS}${invalid(problem)}>`;

interface Step {
  readonly intro: string | undefined;
  readonly problem: StepView['problem'];
  readonly before?: Html;
  readonly fields: Html;
  readonly action: string;
  readonly startAgain?: boolean;
}

const step = (texts: Texts, mount: string, title: string, { intro, problem, before, fields, action, startAgain }: Step): string =>
  page(texts, mount, {
    title,
    main: html`<h1>${title}</h1>
${intro && html`<p class="soft">${intro}</p>`}
${before}
${problem && html`<div class="wrong" id="problem" role="alert">${problem.text}${problem.list && html`<ul>${problem.list.map((line) => html`<li>${line}</li>`)}</ul>`}</div>`}
<form method="post">
${fields}
<button type="submit">${action}</button>
</form>
${startAgain && html`<form method="post"><input type="hidden" name="start-again" value="yes"><button type="submit" class="plain">${texts.startAgain}</button></form>`}`,
  });
