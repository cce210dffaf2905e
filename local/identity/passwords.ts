import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** The pool's rules, with the names that a Cognito pool's template gives them. */
export interface PasswordPolicy {
  /** Characters; Cognito allows 6 to 99. */
  readonly minimumLength: number;
  readonly requireLowercase?: boolean;
  readonly requireUppercase?: boolean;
  readonly requireNumbers?: boolean;
  readonly requireSymbols?: boolean;
}

/** Cognito takes no longer ones; it also bounds the work that one sign-in can ask for. */
const LONGEST = 256;
const COST = { N: 16_384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

/** `scrypt$<salt>$<key>`, both base64url (RFC 7914, N = 16384, r = 8, p = 1). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFC'), salt, KEY_BYTES, COST);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Takes as long for a missing hash as for a wrong password, so that time does not tell which e-mail addresses exist. */
export async function passwordMatches(password: string, hash: string | undefined): Promise<boolean> {
  const [, salt = '', key = ''] = (hash ?? '').split('$');
  const wanted = Buffer.from(key, 'base64url');
  const given = await derive(password.slice(0, LONGEST).normalize('NFC'), Buffer.from(salt, 'base64url'), KEY_BYTES, COST);
  return wanted.length === given.length && timingSafeEqual(given, wanted);
}

export type PasswordFault = 'too-short' | 'too-long' | 'no-lowercase' | 'no-uppercase' | 'no-number' | 'no-symbol' | 'edge-space';

/** Every rule that the password breaks; none when it may be used. */
export function passwordFaults(password: string, policy: PasswordPolicy): PasswordFault[] {
  const faults: [PasswordFault, boolean][] = [
    ['too-short', [...password].length < policy.minimumLength],
    ['too-long', password.length > LONGEST],
    ['no-lowercase', Boolean(policy.requireLowercase) && !/\p{Ll}/u.test(password)],
    ['no-uppercase', Boolean(policy.requireUppercase) && !/\p{Lu}/u.test(password)],
    ['no-number', Boolean(policy.requireNumbers) && !/[0-9]/.test(password)],
    // Cognito counts a space as a symbol unless it stands at an end, where it refuses it.
    ['no-symbol', Boolean(policy.requireSymbols) && !/[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(password)],
    ['edge-space', password !== password.trim()],
  ];
  return faults.filter(([, broken]) => broken).map(([fault]) => fault);
}

const ALPHABETS = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.!?'];

/** A random password of 16 characters (about 95 bits) with each kind of character: it meets any policy of at most 16. */
export function newPassword(): string {
  const all = ALPHABETS.join('');
  const pick = (alphabet: string): string => alphabet[randomInt(alphabet.length)] ?? '';
  const characters = [...ALPHABETS.map(pick), ...Array.from({ length: 12 }, () => pick(all))];
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}
