import { newToken } from '../../core/links/secret.ts';
import type { Mailer } from '../../core/mail/mailer.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Attempts } from './attempts.ts';
import type { Kept, KeptRows } from './kept.ts';
import { KEPT_DAYS, type Links, linkAddress, type Purpose } from './links.ts';
import { linkMail } from './mails.ts';
import { keyOf, type Pending } from './pending.ts';

export interface PostOfficeDeps {
  readonly rows: KeptRows;
  readonly links: Links;
  readonly attempts: Attempts;
  readonly mailer: Mailer;
  readonly nowMs: () => number;
}

/**
 * Mails a new link to somebody who is waited for; the one before it no longer works. The row names the link before the mail leaves, so a
 * link that arrives is always known, and is marked as mailed after, so that a repeat after an interruption sends what was never sent.
 * @throws Problem too-many-requests; unavailable when the mail could not be handed over; conflict when somebody else is sending it
 */
export async function sendLink(
  { rows, links, attempts, mailer, nowMs }: PostOfficeDeps,
  purpose: Purpose,
  { value, revision }: Kept<Pending>,
  origin: string,
): Promise<Pending> {
  await attempts.count('mail-by-email', value.email);
  const token = newToken();
  const { hash, untilMs } = await links.add(token, purpose);
  const linked: Pending = { ...value, state: 'open', link: hash, untilMs, invitedAt: new Date(nowMs()).toISOString() };
  if (!(await rows.save(keyOf(purpose), linked, revision, KEPT_DAYS))) throw new Problem('conflict', said('mail-busy'));
  await mailer.send(linkMail(purpose, value, linkAddress(origin, purpose, token)));
  const mailed: Pending = { ...linked, mailed: hash };
  await rows.save(keyOf(purpose), mailed, revision + 1, KEPT_DAYS);
  return mailed;
}
