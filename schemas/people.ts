import * as z from 'zod';
import { PLATFORM_ROLES, TENANT_ROLES } from './access.ts';
import { Slug } from './ids.ts';
import { Country, TimeZone } from './places.ts';
import { BirthDate } from './portal.ts';

/** The roles that staff can have: all of a clinic's but the patients'. */
export const STAFF_ROLES = TENANT_ROLES.filter((role) => role !== 'patient');
export type StaffRole = Exclude<(typeof TENANT_ROLES)[number], 'patient'>;
/** They write in charts, and so have a Practitioner of their own. */
export const CLINICAL_ROLES: readonly StaffRole[] = ['physician', 'nurse'];

/** Compared without regard to case, as the pools do. */
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'));
/** Names stand in the subject and the text of mails to people who have not asked for them, so no name is a line or an address. */
const Name = z
  .string()
  .trim()
  .min(2, 'At least two letters.')
  .max(120, 'At most 120 letters.')
  .refine(
    (name) => !/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(name),
    'One line, without hidden signs.',
  )
  .refine((name) => !/:\/\/|\bwww\./i.test(name), 'A name, without a web address.');
const Language = z.enum(['en', 'es']);
export type MailLanguage = z.infer<typeof Language>;
const Roles = z
  .array(z.enum(STAFF_ROLES as [StaffRole, ...StaffRole[]]))
  .min(1, 'Choose at least one role.')
  .max(6);

/** POST /api/platform/signup */
export const SignUp = z.strictObject({
  clinicName: Name,
  /** The clinic's name in addresses. */
  slug: Slug,
  country: Country,
  timeZone: TimeZone,
  /** The first administrator. */
  name: Name,
  email: Email,
  language: Language.default('en'),
});
export type SignUp = z.infer<typeof SignUp>;

/** 32 random bytes, base64url: the secret of a link. It travels in the fragment of an address and in bodies only, so no log sees it. */
const Token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'This link is not complete. Open it again from the mail.');
export const LinkToken = z.strictObject({ token: Token });
/** Characters: Cognito takes no more. What makes a password good is the pool's to say. */
const Password = z.string().min(1).max(256);
export const ConfirmLink = z.strictObject({
  token: Token,
  password: Password.optional(),
  slug: Slug.optional(),
  /** Of a patient: what the link alone does not prove. */
  birthDate: BirthDate.optional(),
});

/** What a link is for, and whether it can still be used. */
export interface LinkView {
  readonly kind: 'signup' | 'invitation' | 'patient' | 'operator';
  /** `replaced`: a newer mail has been sent. `withdrawn`: whoever invited has taken it back. `locked`: too many wrong birth dates. */
  readonly state: 'open' | 'expired' | 'used' | 'replaced' | 'withdrawn' | 'locked';
  readonly name: string;
  readonly email: string;
  readonly clinic?: string;
  readonly slug?: string;
  readonly roles?: readonly StaffRole[];
  /** The person has no account yet and chooses a password here. */
  readonly choosesPassword: boolean;
}
/** The answer to a link that was used. */
export interface LinkDone {
  readonly kind: LinkView['kind'];
  /** Where to sign in to: the clinic, if it is one. */
  readonly slug?: string;
}

/** POST /api/{tenant}/staff */
export const InviteStaff = z.strictObject({ name: Name, email: Email, roles: Roles, language: Language.default('en') });
export type InviteStaff = z.infer<typeof InviteStaff>;

/** PUT /api/{tenant}/staff/{id}: what is named changes. */
export const ChangeStaff = z
  .strictObject({
    roles: Roles.optional(),
    /** A member is active or disabled; an invitation invited or withdrawn. */
    state: z.enum(['active', 'disabled', 'invited', 'withdrawn']).optional(),
    /** Why a member is disabled: the other administrators read it. */
    reason: z.string().trim().min(3, 'Say why, in a few words.').max(300).optional(),
  })
  .refine(({ roles, state }) => roles !== undefined || state !== undefined, 'Say which roles, or which state.')
  .refine(({ state, reason }) => state !== 'disabled' || reason !== undefined, {
    message: 'Say why, in a few words.',
    path: ['reason'],
  });
export type ChangeStaff = z.infer<typeof ChangeStaff>;

/** One line of Settings > Staff: a member, or an invitation that nobody has accepted yet. */
export interface StaffEntry {
  readonly id: string;
  readonly state: 'active' | 'disabled' | 'invited';
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly StaffRole[];
  /** The last mail with a link. */
  readonly invitedAt?: string;
  /** Until when its link works. */
  readonly linkUntil?: string;
  readonly reason?: string;
  /** The one who asks. */
  readonly you?: true;
}

/** PUT /api/{tenant}/clinic */
export const ChangeClinic = z.strictObject({ name: Name, timeZone: TimeZone });
/** GET and PUT /api/{tenant}/clinic */
export interface ClinicFacts {
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly country?: string;
  readonly created?: string;
}

/** POST /api/platform/operators */
export const InviteOperator = z.strictObject({ name: Name, email: Email, language: Language.default('en') });
export interface OperatorEntry {
  readonly id: string;
  readonly state: 'active' | 'invited';
  readonly name?: string;
  readonly email?: string;
  readonly invitedAt?: string;
  readonly linkUntil?: string;
  readonly you?: true;
}
export const OPERATOR_ROLE = PLATFORM_ROLES[0];

/** What the pools ask of a password (infra/constructs/sign-in.ts): shown while it is typed. The pool itself has the last word. */
export const PASSWORD_RULES = {
  length: (text: string) => [...text].length >= 12,
  lowercase: (text: string) => /[a-z]/.test(text),
  uppercase: (text: string) => /[A-Z]/.test(text),
  digit: (text: string) => /[0-9]/.test(text),
  symbol: (text: string) => /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(text.trim()),
} as const;

const FOLDED = /\p{M}/gu;
/** A slug made of a clinic's name: "Café Süd, Dr. Böhm" becomes "cafe-sud-dr-bohm". Empty when the name has no Latin letters. */
export const slugFrom = (name: string): string =>
  name
    .normalize('NFD')
    .replace(FOLDED, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-+$/, '');
