import { createHash } from 'node:crypto';
import { type Key, keys } from '../../core/store/keys.ts';
import type { TenantId } from '../../schemas/ids.ts';
import type { LinkView, MailLanguage, SignUp, StaffRole } from '../../schemas/people.ts';
import type { Link, Purpose } from './links.ts';

/** A sign-up or an invitation that waits for its person. */
export interface Pending {
  readonly name: string;
  readonly email: string;
  readonly language: MailLanguage;
  /** Of a patient's access also `revoked`, once the clinic has ended it, and `locked` after too many wrong birth dates. */
  readonly state: 'open' | 'withdrawn' | 'done' | 'revoked' | 'locked';
  /** The hash of the newest link: older ones no longer work. */
  readonly link?: string;
  /** The same hash once its mail was handed over: where they differ, the mail was never sent. */
  readonly mailed?: string;
  readonly invitedAt?: string;
  readonly untilMs?: number;
  /** Set before we make an account, so that a repeat after an interruption knows whose account it finds half made. */
  readonly making?: true;
  /** Of an invitation to a clinic. */
  readonly roles?: readonly StaffRole[];
  readonly clinicName?: string;
  /** Of a sign-up: what was asked for, and the id that its tenant has or will have. */
  readonly signUp?: SignUp;
  readonly tenant?: TenantId;
  /** Of a patient's access: whose account it became and when, and which invitation it is: attempts are counted by it. */
  readonly sub?: string;
  readonly activeSince?: string;
  readonly round?: string;
}

export const keyOf = (purpose: Purpose): Key => {
  switch (purpose.kind) {
    case 'signup':
      return keys.signUp(purpose.id);
    case 'invitation':
      return keys.member(purpose.tenant, purpose.id);
    case 'patient':
      return keys.portalAccess(purpose.tenant, purpose.id);
    case 'operator':
      return keys.operator(purpose.id);
  }
};

const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 27);

/** One invitation for an address at a time: its id follows from the address. */
export const invitationId = (email: string): string => `inv-${shortHash(email)}`;
export const isInvitationId = (id: string): boolean => id.startsWith('inv-');
/** A sign-up that is sent again under the same key is the same sign-up. */
export const signUpId = (idempotencyKey: string): string => shortHash(idempotencyKey);

/** Whether a link can be used, and if not, why. An invitation that was accepted is gone. */
export function linkState(link: Link, pending: Pending | undefined, nowMs: number): LinkView['state'] {
  if (link.used || !pending || pending.state === 'done') return 'used';
  if (pending.state === 'withdrawn' || pending.state === 'revoked') return 'withdrawn';
  if (pending.link !== link.hash) return 'replaced';
  if (pending.state === 'locked') return 'locked';
  return nowMs < link.untilMs ? 'open' : 'expired';
}
