import type { LockOut } from './lock-out.ts';
import { type PasswordFault, passwordFaults } from './passwords.ts';
import type { PoolSettings } from './pool.ts';
import { checkTotp, newTotpSecret } from './totp.ts';
import { foldEmail, type User, type Users } from './users.ts';

/**
 * The steps of one sign-in: password, then a new password where the old one is temporary, then the second factor or its
 * set-up. What has been proven is kept here, on the server, and never in the form.
 */
export type Step =
  | { readonly name: 'password'; readonly email: string }
  | { readonly name: 'new-password'; readonly sub: string }
  | { readonly name: 'code'; readonly sub: string }
  | { readonly name: 'set-up'; readonly sub: string; readonly secret: string }
  | { readonly name: 'done'; readonly sub: string; readonly amr: readonly string[] };

export type Refusal =
  | {
      readonly why:
        | 'wrong-password'
        | 'disabled'
        | 'reset-required'
        | 'not-the-same'
        | 'same-password'
        | 'wrong-code'
        | 'used-code';
    }
  | { readonly why: 'locked'; readonly seconds: number }
  | { readonly why: 'weak-password'; readonly faults: readonly PasswordFault[] };

export interface Answer {
  readonly step: Step;
  readonly refusal?: Refusal;
}

export const FIRST_STEP: Step = { name: 'password', email: '' };

export class SignIn {
  readonly #pool: PoolSettings;
  readonly #users: Users;
  readonly #lockOut: LockOut;
  readonly #nowMs: () => number;

  constructor(pool: PoolSettings, users: Users, lockOut: LockOut, nowMs: () => number) {
    this.#pool = pool;
    this.#users = users;
    this.#lockOut = lockOut;
    this.#nowMs = nowMs;
  }

  /** The step after `step`, given what was typed into its form; the same step with a refusal when it was not right. */
  async next(step: Step, form: URLSearchParams): Promise<Answer> {
    if (form.has('start-again')) return { step: FIRST_STEP };
    switch (step.name) {
      case 'password':
        return this.#password(form.get('email') ?? '', form.get('password') ?? '');
      case 'new-password':
        return this.#withUser(step, (user) =>
          this.#newPassword(step, user, form.get('password') ?? '', form.get('repeat') ?? ''),
        );
      case 'code':
        return this.#withUser(step, (user) => this.#code(step, user, digitsOf(form.get('code'))));
      case 'set-up':
        return this.#withUser(step, (user) => this.#setUp(step, user, digitsOf(form.get('code'))));
      case 'done':
        return { step };
    }
  }

  async #password(typed: string, password: string): Promise<Answer> {
    const email = foldEmail(typed);
    const step: Step = { name: 'password', email: typed.trim() };
    const locked = this.#locked(step, email);
    if (locked) return locked;
    const user = this.#users.find(email);
    const right = await this.#users.passwordIsRight(user, password);
    // Looked at again: several attempts may have been on their way while the password was being hashed.
    const lockedMeanwhile = this.#locked(step, email);
    if (lockedMeanwhile) return lockedMeanwhile;
    if (!user || !right) {
      this.#lockOut.failed(email);
      return { step, refusal: { why: 'wrong-password' } };
    }
    // Only whoever knows the password learns what state the account is in.
    if (!user.enabled) return { step, refusal: { why: 'disabled' } };
    if (user.status === 'RESET_REQUIRED') return { step, refusal: { why: 'reset-required' } };
    if (user.status === 'FORCE_CHANGE_PASSWORD') return { step: { name: 'new-password', sub: user.sub } };
    return { step: this.#secondFactor(user) };
  }

  async #newPassword(step: Step, user: User, password: string, repeated: string): Promise<Answer> {
    const faults = passwordFaults(password, this.#pool.passwordPolicy);
    if (faults.length > 0) return { step, refusal: { why: 'weak-password', faults } };
    if (password !== repeated) return { step, refusal: { why: 'not-the-same' } };
    if (await this.#users.passwordIsRight(user, password)) return { step, refusal: { why: 'same-password' } };
    await this.#users.setPassword(user.sub, password, { permanent: true });
    return { step: this.#secondFactor(user) };
  }

  #secondFactor(user: User): Step {
    if (this.#pool.mfa !== 'OFF' && user.totp) return { name: 'code', sub: user.sub };
    if (this.#pool.mfa === 'ON') return { name: 'set-up', sub: user.sub, secret: newTotpSecret() };
    return this.#done(user, ['pwd']);
  }

  async #code(step: Step, user: User, code: string): Promise<Answer> {
    const account = user.attributes.email;
    const locked = this.#locked(step, account);
    if (locked) return locked;
    const verdict = await this.#users.spendTotp(user, code);
    if (verdict === 'right') return { step: this.#done(user, ['pwd', 'otp', 'mfa']) };
    // A code that was right a moment ago is no guess: it is refused, and not counted.
    if (verdict === 'used-already') return { step, refusal: { why: 'used-code' } };
    this.#lockOut.failed(account);
    return { step, refusal: { why: 'wrong-code' } };
  }

  async #setUp(step: Step & { name: 'set-up' }, user: User, code: string): Promise<Answer> {
    const account = user.attributes.email;
    const locked = this.#locked(step, account);
    if (locked) return locked;
    // Set up in another window meanwhile: that one counts.
    if (user.totp) return { step: { name: 'code', sub: user.sub } };
    const check = checkTotp(step.secret, code, this.#nowMs(), undefined);
    if (check.verdict !== 'right') {
      this.#lockOut.failed(account);
      return { step, refusal: { why: 'wrong-code' } };
    }
    await this.#users.setTotp(user.sub, { secret: step.secret, lastUsedStep: check.step });
    return { step: this.#done(user, ['pwd', 'otp', 'mfa']) };
  }

  #done(user: User, amr: readonly string[]): Step {
    this.#lockOut.succeeded(user.attributes.email);
    return { name: 'done', sub: user.sub, amr };
  }

  #locked(step: Step, account: string): Answer | undefined {
    const seconds = Math.ceil(this.#lockOut.remainingMs(account) / 1_000);
    return seconds > 0 ? { step, refusal: { why: 'locked', seconds } } : undefined;
  }

  /** An account may be switched off or deleted between two steps. */
  async #withUser(step: { readonly sub: string }, then: (user: User) => Promise<Answer>): Promise<Answer> {
    const user = this.#users.find(step.sub);
    return user?.enabled ? then(user) : { step: FIRST_STEP, refusal: { why: 'disabled' } };
  }
}

const digitsOf = (typed: string | null): string => (typed ?? '').replace(/\s/g, '');
