import type { Communication, Consent, Patient } from 'fhir/r4';
import * as z from 'zod';

/**
 * Reminders of appointments, what both sides of the wire say of them. One Communication is one message to one patient: its id follows from
 * (appointment, occurrence, channel, offset), so there is never a second one. Where R4 has no word these are our extensions (ADR 0016).
 */
export const REMINDER_CHANNELS = ['mail', 'sms'] as const;
export type ReminderChannel = (typeof REMINDER_CHANNELS)[number];
export const REMINDER_LANGUAGES = ['en', 'es'] as const;
export type ReminderLanguage = (typeof REMINDER_LANGUAGES)[number];

export const REMINDER = 'urn:tessera:reminder';
/** `Communication.statusReason`: why nothing was sent, or what became of it. */
export const REMINDER_OUTCOME = 'urn:tessera:reminder-outcome';
/** R4, communication-category. */
export const COMMUNICATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/communication-category';
/** v3 ParticipationMode, the value set of Communication.medium. */
export const PARTICIPATION_MODE = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode';
export const MEDIUM: Readonly<Record<ReminderChannel, { readonly code: string; readonly display: string }>> = {
  mail: { code: 'EMAILWRIT', display: 'email' },
  sms: { code: 'SMSWRIT', display: 'SMS message' },
};

/** Why a reminder was not sent, or is in doubt. */
export const REMINDER_REASONS = [
  'opted-out',
  'no-consent',
  'no-address',
  'not-set-up',
  'too-late',
  'superseded',
  'refused',
  'bounced',
  'unreached',
  'in-doubt',
] as const;
export type ReminderReason = (typeof REMINDER_REASONS)[number];
export const LINK_ANSWERS = ['confirmed', 'cancelled'] as const;
export type LinkAnswer = (typeof LINK_ANSWERS)[number];

/** What a Communication of ours says of itself. */
export interface Reminder {
  readonly channel: ReminderChannel;
  /** Minutes before the appointment. */
  readonly offset: number;
  /** The start that it reminds of: a UTC instant. */
  readonly start: string;
  /** The hash of its link's secret. */
  readonly link?: string;
  readonly answer?: LinkAnswer;
  readonly answered?: string;
  /** By what the provider names the message. */
  readonly message?: string;
}

const channelOf = ({ medium = [] }: Pick<Communication, 'medium'>): ReminderChannel =>
  medium.some(({ coding = [] }) => coding.some(({ code }) => code === MEDIUM.sms.code)) ? 'sms' : 'mail';

/** Undefined for a Communication that is no reminder. */
export function reminderOf(communication: Pick<Communication, 'extension' | 'medium'>): Reminder | undefined {
  const parts = communication.extension?.find(({ url }) => url === REMINDER)?.extension;
  const part = (url: string) => parts?.find((one) => one.url === url);
  const start = part('start')?.valueInstant;
  if (!parts || !start) return undefined;
  const text = (url: string): string | undefined => part(url)?.valueString ?? part(url)?.valueCode ?? part(url)?.valueInstant;
  const optional = { link: text('link'), answered: text('answered'), message: text('message') };
  const answer = LINK_ANSWERS.find((one) => one === text('answer'));
  return {
    channel: channelOf(communication),
    offset: part('offset')?.valueInteger ?? 0,
    start,
    ...(answer && { answer }),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** The extension that says it. */
export const reminderExtension = ({ offset, start, link, answer, answered, message }: Omit<Reminder, 'channel'>) => ({
  url: REMINDER,
  extension: [
    { url: 'offset', valueInteger: offset },
    { url: 'start', valueInstant: start },
    ...(link ? [{ url: 'link', valueString: link }] : []),
    ...(message ? [{ url: 'message', valueString: message }] : []),
    ...(answer ? [{ url: 'answer', valueCode: answer }] : []),
    ...(answered ? [{ url: 'answered', valueInstant: answered }] : []),
  ],
});

/** How a reminder stands, in one word of the screens. */
export const REMINDER_STATES = ['sending', 'waiting', 'sent', 'no-word', 'delivered', 'not-sent', 'failed', 'in-doubt'] as const;
export type ReminderState = (typeof REMINDER_STATES)[number];

export const reasonOf = ({ statusReason }: Pick<Communication, 'statusReason'>): ReminderReason | undefined =>
  REMINDER_REASONS.find((reason) =>
    statusReason?.coding?.some(({ system, code }) => system === REMINDER_OUTCOME && code === reason),
  );

/** A message that was sent, or refused, and did not arrive: the patient is to be reached otherwise. */
const NOT_ARRIVED: readonly (ReminderReason | undefined)[] = ['refused', 'bounced', 'unreached'];

/** Carriers tell what became of a message within 72 hours (AWS End User Messaging SMS, "Message delivery statuses"), SES within 14. */
const WORD_COMES_MS = 72 * 3_600_000;

/** `completed` alone says that the service has it; with `received` that it has arrived. What came back is `stopped`. */
export function stateOf(
  { status, statusReason, received, sent, meta }: Pick<Communication, 'status' | 'statusReason' | 'received' | 'sent' | 'meta'>,
  nowMs: number,
): ReminderState {
  switch (status) {
    case 'completed': {
      if (received) return 'delivered';
      return nowMs - Date.parse(sent ?? meta?.lastUpdated ?? '') > WORD_COMES_MS ? 'no-word' : 'sent';
    }
    case 'in-progress':
      return 'sending';
    case 'preparation':
      return 'waiting';
    case 'unknown':
      return 'in-doubt';
    default:
      return NOT_ARRIVED.includes(reasonOf({ statusReason })) ? 'failed' : 'not-sent';
  }
}

/** A patient's consent to be reminded, one record a channel. */
export const CONSENT_SYSTEM = 'urn:tessera:reminder-consent';
/** `yes` and `no` were said; `unasked`: nothing is recorded. */
export type ConsentState = 'yes' | 'no' | 'unasked';
export const consentState = (consent: Pick<Consent, 'status' | 'provision'> | undefined): ConsentState =>
  consent?.status !== 'active' ? 'unasked' : consent.provision?.type === 'deny' ? 'no' : 'yes';

/** Where a patient is reached by a channel, as the chart says it; old entries count no more. */
export function addressOf({ telecom = [] }: Pick<Patient, 'telecom'>, channel: ReminderChannel): string | undefined {
  const current = telecom.filter(({ use, value }) => use !== 'old' && value);
  if (channel === 'mail')
    return current.find(({ system, value }) => system === 'email' && /^[^\s@<>]+@[^\s@<>]+$/.test(value ?? ''))?.value;
  const phones = current.filter(({ system }) => system === 'phone' || system === 'sms');
  const rank = ({ system, use }: { system?: string; use?: string }): number =>
    system === 'sms' ? 0 : use === 'mobile' ? 1 : use === undefined ? 2 : 9;
  const best = phones.filter((one) => rank(one) < 9).sort((one, other) => rank(one) - rank(other));
  return best.flatMap(({ value }) => numberOf(value ?? '') ?? [])[0];
}

/** E.164. A number without a country is one of the United States, where ten digits are one. */
export function numberOf(written: string): string | undefined {
  const digits = written.replaceAll(/\D/g, '');
  if (written.trim().startsWith('+')) return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
  if (/^[2-9]\d{9}$/.test(digits)) return `+1${digits}`;
  return /^1[2-9]\d{9}$/.test(digits) ? `+${digits}` : undefined;
}

/** The language that a patient prefers, where a message can be written in it. */
export function languageOf({ communication = [] }: Pick<Patient, 'communication'>): ReminderLanguage | undefined {
  const sorted = [...communication].sort((one, other) => Number(other.preferred ?? false) - Number(one.preferred ?? false));
  const codes = sorted.flatMap(
    ({ language }) => language.coding?.flatMap(({ code }) => code?.slice(0, 2).toLowerCase() ?? []) ?? [],
  );
  return REMINDER_LANGUAGES.find((language) => language === codes[0]);
}

/** The body of the page's requests: the secret of a link. It never stands in an address. */
export const VisitLinkToken = z.strictObject({ token: z.string().min(20).max(200) });
export type VisitLinkToken = z.infer<typeof VisitLinkToken>;

/**
 * open: it can be used. confirmed, cancelled: it was. expired: the visit has begun. moved: the visit has another time. gone: it was
 * cancelled otherwise.
 */
export const VISIT_LINK_STATES = ['open', 'confirmed', 'cancelled', 'expired', 'moved', 'gone'] as const;
export type VisitLinkState = (typeof VISIT_LINK_STATES)[number];
export interface VisitLinkView {
  readonly state: VisitLinkState;
  readonly clinic: string;
  /** Whom to call. */
  readonly phone?: string;
  /** UTC instant, and the zone of the place. */
  readonly start: string;
  readonly timeZone: string;
  /** The patient's, where the chart knows it. */
  readonly language?: ReminderLanguage;
  /** It has been confirmed already, by this link or otherwise. */
  readonly confirmed: boolean;
}

/** What the clinic records of a patient's wish. */
export const ReminderWish = z.strictObject({ channel: z.enum(REMINDER_CHANNELS), wish: z.enum(['yes', 'no']) });
export type ReminderWish = z.infer<typeof ReminderWish>;
export interface ReminderPreference {
  readonly channel: ReminderChannel;
  readonly state: ConsentState;
  /** Where it would go; absent when the chart has no address for it. */
  readonly address?: string;
  /** When it was said: a UTC instant. */
  readonly said?: string;
  /** Said by the patient's own text message. */
  readonly byMessage?: boolean;
}

/** A page of what the clinic sent lately; without `cursor` it is the last one. It may hold none, and go on. */
export interface ClinicReminders {
  readonly reminders: readonly Communication[];
  /** Names by the patient's id. */
  readonly patients: Readonly<Record<string, string>>;
  readonly cursor?: string;
}
