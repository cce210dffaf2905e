import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { messagePage } from './pages/message-pages.ts';
import { codePage, newPasswordPage, passwordPage, type StepView, setUpPage } from './pages/step-pages.ts';
import { languagesOf, type Texts, textsFor } from './pages/texts.ts';
import type { PasswordFault } from './passwords.ts';
import type { PoolSettings } from './pool.ts';
import { type Answer, FIRST_STEP, type Refusal, type SignIn, type Step } from './steps.ts';
import { otpauthLink } from './totp.ts';
import type { Users } from './users.ts';

/** As long as the provider remembers the request that began the sign-in. */
const ATTEMPT_MS = 900_000;
const MOST_FORM_BYTES = 8_192;

interface Attempt {
  answer: Answer;
  readonly startedMs: number;
}

interface PageParts {
  readonly pool: PoolSettings;
  readonly provider: Provider;
  readonly users: Users;
  readonly signIn: SignIn;
  readonly nowMs: () => number;
}

/** The pages between an application's request and its answer: one address a sign-in, one form a step. */
export class SignInPages {
  readonly #parts: PageParts;
  readonly #mount: string;
  /** By the provider's id of the request. In memory: after a restart a sign-in under way begins again. */
  readonly #attempts = new Map<string, Attempt>();

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.#mount = new URL(parts.pool.issuer).pathname;
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const interaction = await this.#parts.provider.interactionDetails(req, res).catch(() => undefined);
    const wanted = [
      String(interaction?.params.ui_locales ?? interaction?.params.lang ?? '').split(' '),
      languagesOf(req.headers['accept-language']),
    ];
    const texts = textsFor(wanted.flat());
    if (!interaction)
      return send(
        res,
        400,
        messagePage(texts, this.#mount, { title: texts.cannotSignIn, text: texts.ended, detail: texts.startAgainInApp }),
      );
    const attempt = this.#attemptOf(interaction.uid, String(interaction.params.login_hint ?? ''));
    if (req.method === 'POST') {
      attempt.answer = await this.#parts.signIn.next(attempt.answer.step, await readForm(req));
    } else if (attempt.answer.refusal) {
      attempt.answer = { step: attempt.answer.step };
    }
    const { step, refusal } = attempt.answer;
    if (step.name === 'done') {
      this.#attempts.delete(interaction.uid);
      return this.#parts.provider.interactionFinished(req, res, { login: { accountId: step.sub, amr: [...step.amr] } });
    }
    send(
      res,
      refusal ? 422 : 200,
      this.#pageOf(step, { texts, mount: this.#mount, ...(refusal && { problem: this.#problemOf(texts, refusal) }) }),
    );
  }

  #attemptOf(uid: string, loginHint: string): Attempt {
    const nowMs = this.#parts.nowMs();
    for (const [other, { startedMs }] of this.#attempts) if (nowMs - startedMs > ATTEMPT_MS) this.#attempts.delete(other);
    const attempt = this.#attempts.get(uid) ?? { answer: { step: { ...FIRST_STEP, email: loginHint } }, startedMs: nowMs };
    this.#attempts.set(uid, attempt);
    return attempt;
  }

  #pageOf(step: Exclude<Step, { name: 'done' }>, view: StepView): string {
    const { pool, users } = this.#parts;
    switch (step.name) {
      case 'password':
        return passwordPage(view, { pool: pool.name, email: step.email });
      case 'new-password':
        return newPasswordPage(view, this.#rules(view.texts));
      case 'code':
        return codePage(view);
      case 'set-up': {
        const label = users.find(step.sub)?.attributes.email ?? '';
        return setUpPage(view, { secret: step.secret, link: otpauthLink(step.secret, { issuer: 'Tessera', label }) });
      }
    }
  }

  #rules(texts: Texts): string[] {
    const { passwordPolicy: policy } = this.#parts.pool;
    const asked: [PasswordFault, unknown][] = [
      ['too-short', true],
      ['no-lowercase', policy.requireLowercase],
      ['no-uppercase', policy.requireUppercase],
      ['no-number', policy.requireNumbers],
      ['no-symbol', policy.requireSymbols],
    ];
    const words = texts.rules(policy.minimumLength);
    return asked.filter(([, applies]) => applies).map(([fault]) => words[fault]);
  }

  #problemOf(texts: Texts, refusal: Refusal): StepView['problem'] {
    switch (refusal.why) {
      case 'wrong-password':
        return { text: texts.wrongPassword };
      case 'locked':
        return { text: texts.locked(refusal.seconds) };
      case 'disabled':
        return { text: texts.disabled };
      case 'reset-required':
        return { text: texts.resetRequired };
      case 'weak-password': {
        const words = texts.rules(this.#parts.pool.passwordPolicy.minimumLength);
        return { text: texts.stillMissing, list: refusal.faults.map((fault) => words[fault]) };
      }
      case 'not-the-same':
        return { text: texts.notTheSame };
      case 'same-password':
        return { text: texts.samePassword };
      case 'wrong-code':
        return { text: texts.wrongCode };
      case 'used-code':
        return { text: texts.usedCode };
    }
  }
}

function send(res: ServerResponse, status: number, page: string): void {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  res.end(page);
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_FORM_BYTES) return new URLSearchParams();
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
