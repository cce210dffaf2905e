import { createHmac } from 'node:crypto';

/** 43 letters, digits, - and _ that follow from the data folder's secret and a name, and tell nothing about another name's. */
export const derivedSecret = (secret: string, name: string): string =>
  createHmac('sha256', secret).update(name).digest('base64url');
