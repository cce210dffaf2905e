import { Secret, TOTP } from 'otpauth';

/** Seconds that a code stands (RFC 6238, section 5.2). */
export const STEP_SECONDS = 30;
/** Steps that a phone's clock may be off, either way. */
const WINDOW = 1;

const totpOf = (secret: string, account?: { issuer: string; label: string }): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: STEP_SECONDS, algorithm: 'SHA1', ...account });

/** A new shared secret: 160 bits (RFC 4226, section 4, R6) in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** The code that an authenticator app shows at this time. */
export const totpCode = (secret: string, atMs: number): string => totpOf(secret).generate({ timestamp: atMs });

/** The number of the 30-second step that a time lies in. */
export const totpStep = (atMs: number): number => Math.floor(atMs / 1_000 / STEP_SECONDS);

export type TotpCheck = { readonly verdict: 'right'; readonly step: number } | { readonly verdict: 'used-already' | 'wrong' };

/**
 * Whether `code` is right now, one step either way. A step can be used once, and so can none before it
 * (RFC 6238, section 5.2: a code must not be accepted a second time).
 */
export function checkTotp(secret: string, code: string, atMs: number, lastUsedStep: number | undefined): TotpCheck {
  if (!/^\d{6}$/.test(code)) return { verdict: 'wrong' };
  const delta = totpOf(secret).validate({ token: code, timestamp: atMs, window: WINDOW });
  if (delta === null) return { verdict: 'wrong' };
  const step = totpStep(atMs) + delta;
  return lastUsedStep !== undefined && step <= lastUsedStep ? { verdict: 'used-already' } : { verdict: 'right', step };
}

/** The link that authenticator apps read from a QR code. */
export const otpauthLink = (secret: string, account: { issuer: string; label: string }): string =>
  totpOf(secret, account).toString();
