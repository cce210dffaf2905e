import { createHash, randomBytes } from 'node:crypto';

/** The table learns a hash only: whoever reads it can use no link. Random bits by the hundred need no salt. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
export const newToken = (): string => randomBytes(32).toString('base64url');
