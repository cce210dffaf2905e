import { randomUUID } from 'node:crypto';
import { JsonFile } from './json-file.ts';
import { hashPassword, newPassword, type PasswordPolicy, passwordFaults, passwordMatches } from './passwords.ts';
import { checkTotp, type TotpCheck } from './totp.ts';

/** Cognito's words: FORCE_CHANGE_PASSWORD has a temporary password, RESET_REQUIRED none that counts. */
export type UserStatus = 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED';

export interface User {
  /** Also the user name: pools that sign in by e-mail address give a UUID for both. */
  readonly sub: string;
  /** Standard and custom attributes but `sub`; `email` is always there, in lower case. */
  attributes: Record<string, string> & { email: string };
  passwordHash?: string;
  status: UserStatus;
  enabled: boolean;
  groups: string[];
  totp?: { secret: string; lastUsedStep?: number };
  readonly createdMs: number;
  modifiedMs: number;
}

/** Cognito's error names; the API answers them as they are. */
export type DirectoryErrorName =
  | 'UserNotFoundException'
  | 'UsernameExistsException'
  | 'InvalidPasswordException'
  | 'InvalidParameterException'
  | 'ResourceNotFoundException'
  | 'AliasExistsException'
  | 'UnsupportedUserStateException';

export class DirectoryError extends Error {
  override readonly name: DirectoryErrorName;
  constructor(name: DirectoryErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

interface Stored {
  users: Record<string, User>;
}

export interface NewUser {
  readonly email: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Made at random when left out; either way it must be changed at the first sign-in. */
  readonly temporaryPassword?: string;
  /** The password is the user's own already: what the runtime's demo uses, and Cognito's API has no word for. */
  readonly confirmed?: boolean;
}

interface UsersOptions {
  readonly file: string;
  readonly policy: PasswordPolicy;
  readonly groups: readonly string[];
  readonly nowMs: () => number;
  /** Ends every session and refresh token of a user. */
  readonly endSessions: (sub: string) => Promise<void>;
}

/** The users of one pool, in memory and on disk. Every change is on disk when its promise resolves. */
export class Users {
  readonly #file: JsonFile<Stored>;
  readonly #byEmail = new Map<string, User>();
  readonly #options: UsersOptions;

  constructor(options: UsersOptions) {
    this.#options = options;
    this.#file = new JsonFile<Stored>(options.file, () => ({ users: {} }));
    for (const user of this.all()) this.#byEmail.set(user.attributes.email, user);
  }

  /** In order of creation. */
  all(): readonly User[] {
    return Object.values(this.#file.value.users);
  }

  /** By sub (which is the user name) or by e-mail address. */
  find(name: string): User | undefined {
    return this.#file.value.users[name] ?? this.#byEmail.get(foldEmail(name));
  }

  /** @throws DirectoryError UserNotFoundException */
  read(name: string): User {
    const user = this.find(name);
    if (!user) throw new DirectoryError('UserNotFoundException', 'User does not exist.');
    return user;
  }

  /** @throws DirectoryError UsernameExistsException, InvalidPasswordException, InvalidParameterException */
  async create({
    email,
    attributes,
    temporaryPassword,
    confirmed = false,
  }: NewUser): Promise<{ user: User; temporaryPassword: string }> {
    const address = checkedEmail(email);
    const password = temporaryPassword ?? newPassword();
    this.#checkPolicy(password);
    const passwordHash = await hashPassword(password);
    // Looked at after the hash, which takes its time: of two that create the same address one is refused.
    if (this.#byEmail.has(address)) throw new DirectoryError('UsernameExistsException', 'User account already exists');
    const nowMs = this.#options.nowMs();
    const sub = randomUUID();
    const user: User = {
      sub,
      attributes: { ...attributes, email: address },
      passwordHash,
      status: confirmed ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
      enabled: true,
      groups: [],
      createdMs: nowMs,
      modifiedMs: nowMs,
    };
    this.#file.value.users[sub] = user;
    this.#byEmail.set(address, user);
    await this.#file.save();
    return { user, temporaryPassword: password };
  }

  /** Another temporary password for somebody who has not signed in yet. @throws DirectoryError UnsupportedUserStateException */
  async inviteAgain(
    name: string,
    { temporaryPassword = newPassword() }: { temporaryPassword?: string } = {},
  ): Promise<{ user: User; temporaryPassword: string }> {
    const user = this.read(name);
    if (user.status !== 'FORCE_CHANGE_PASSWORD') {
      throw new DirectoryError('UnsupportedUserStateException', `User status is ${user.status}; it cannot be invited again.`);
    }
    await this.setPassword(name, temporaryPassword, { permanent: false });
    return { user, temporaryPassword };
  }

  /** A permanent password confirms the user; a temporary one has to be changed at the next sign-in. */
  async setPassword(name: string, password: string, { permanent }: { permanent: boolean }): Promise<void> {
    const user = this.read(name);
    this.#checkPolicy(password);
    const passwordHash = await hashPassword(password);
    await this.#change(user, () => {
      user.passwordHash = passwordHash;
      user.status = permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    });
  }

  /** The password no longer opens anything until a new one is set. */
  async requireReset(name: string): Promise<void> {
    const user = this.read(name);
    await this.#change(user, () => {
      user.status = 'RESET_REQUIRED';
    });
    await this.#options.endSessions(user.sub);
  }

  /** Takes as long whether or not the user exists. */
  async passwordIsRight(user: User | undefined, password: string): Promise<boolean> {
    return passwordMatches(password, user?.passwordHash);
  }

  async setEnabled(name: string, enabled: boolean): Promise<void> {
    const user = this.read(name);
    await this.#change(user, () => {
      user.enabled = enabled;
    });
    if (!enabled) await this.#options.endSessions(user.sub);
  }

  /** An empty value takes the attribute away, as Cognito does. @throws DirectoryError AliasExistsException when another user has the address */
  async updateAttributes(name: string, changes: Readonly<Record<string, string>>): Promise<void> {
    const user = this.read(name);
    if ('sub' in changes) throw new DirectoryError('InvalidParameterException', 'user.sub: Attribute cannot be updated.');
    const before = user.attributes.email;
    const email = changes.email === undefined ? before : checkedEmail(changes.email);
    if (email !== before && this.#byEmail.has(email)) {
      throw new DirectoryError('AliasExistsException', 'An account with the given email already exists.');
    }
    await this.#change(user, () => {
      const kept = Object.entries({ ...user.attributes, ...changes }).filter(([, value]) => value !== '');
      user.attributes = { ...Object.fromEntries(kept), email };
      this.#byEmail.delete(before);
      this.#byEmail.set(email, user);
    });
  }

  async addToGroup(name: string, group: string): Promise<void> {
    const user = this.read(name);
    this.#checkGroup(group);
    if (user.groups.includes(group)) return;
    await this.#change(user, () => {
      user.groups.push(group);
    });
  }

  async removeFromGroup(name: string, group: string): Promise<void> {
    const user = this.read(name);
    this.#checkGroup(group);
    await this.#change(user, () => {
      user.groups = user.groups.filter((other) => other !== group);
    });
  }

  /** The second factor: a shared secret that the user's authenticator app holds; undefined takes it away. */
  async setTotp(name: string, totp: { secret: string; lastUsedStep?: number } | undefined): Promise<void> {
    const user = this.read(name);
    await this.#change(user, () => {
      if (totp) user.totp = { ...totp };
      else delete user.totp;
    });
  }

  /** Checks a code and marks its step as used, on disk before it answers: a code opens one session at most. */
  async spendTotp(user: User, code: string): Promise<TotpCheck['verdict']> {
    const { totp } = user;
    if (!totp) return 'wrong';
    const check = checkTotp(totp.secret, code, this.#options.nowMs(), totp.lastUsedStep);
    if (check.verdict !== 'right') return check.verdict;
    totp.lastUsedStep = check.step;
    await this.#file.save();
    return 'right';
  }

  /** Ends every session and refresh token; access tokens already given stand until they expire. */
  async signOutEverywhere(name: string): Promise<void> {
    await this.#options.endSessions(this.read(name).sub);
  }

  async delete(name: string): Promise<void> {
    const user = this.read(name);
    delete this.#file.value.users[user.sub];
    this.#byEmail.delete(user.attributes.email);
    await this.#file.save();
    await this.#options.endSessions(user.sub);
  }

  /** Resolves when everything is on disk. */
  saved(): Promise<void> {
    return this.#file.save();
  }

  async #change(user: User, change: () => void): Promise<void> {
    change();
    user.modifiedMs = this.#options.nowMs();
    await this.#file.save();
  }

  #checkPolicy(password: string): void {
    if (passwordFaults(password, this.#options.policy).length === 0) return;
    throw new DirectoryError('InvalidPasswordException', 'Password does not conform to policy');
  }

  #checkGroup(group: string): void {
    if (!this.#options.groups.includes(group)) throw new DirectoryError('ResourceNotFoundException', 'Group not found.');
  }
}

/** E-mail addresses are compared without regard to case. */
export const foldEmail = (email: string): string => email.trim().toLowerCase();

function checkedEmail(email: string): string {
  const address = foldEmail(email);
  if (address.length > 254 || !/^[^\s@]+@[^\s@]+$/.test(address)) {
    throw new DirectoryError('InvalidParameterException', 'Username should be an email.');
  }
  return address;
}
