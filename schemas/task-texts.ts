/**
 * Why a card or a bank gave no money, as the desk is told it: with what to do next, and never more than may be said to the person who stands
 * there. A card that is reported lost or stolen, or that a bank suspects, is one that was declined and no more.
 */
export const DECLINES = {
  declined: 'The bank declined and says no more. The patient can ask their bank, or pay another way.',
  'no-money': 'There is too little money for this amount. Ask for another card or account, a part of it, or try on another day.',
  'over-limit': 'It is over a limit of the card. Ask for another one, a part of it, or try on another day.',
  expired: 'The card has expired. Ask for a new one.',
  'wrong-details': 'Number, date, code or address of the card are not right. Have them entered again.',
  'needs-owner': 'The bank wants the card’s owner to confirm. Send the payment link: charged without them it is refused again.',
  'not-supported': 'This card does not pay this kind of bill or this currency. Ask for another one.',
  'try-again': 'The bank could not answer at that moment. Try once more.',
  duplicate: 'The bank takes it for a payment that was just made. Look whether it is paid before you try again.',
  'account-closed': 'The bank account is closed or does not exist. Ask for another way to pay.',
  'not-allowed': 'The bank account does not allow this debit. Do not repeat it; talk with the patient.',
} as const;
export type Decline = keyof typeof DECLINES;
export const isDecline = (value: unknown): value is Decline => typeof value === 'string' && Object.hasOwn(DECLINES, value);

/** Why a payment of an invoice failed, how often one did, and what to do next. */
export const paymentTexts = (declines: Readonly<Record<Decline, string>>): Record<`payment-${Decline}`, string> =>
  Object.fromEntries(
    Object.entries(declines).map(([name, text]) => [`payment-${name}`, `{{times}} × {{amount}}: ${text}`]),
  ) as Record<`payment-${Decline}`, string>;

/**
 * What Tessera itself writes into a task, by its name: as its description or as a note. The name and its values stand beside the text (an
 * extension of Task._description or of Task.note), so that the inbox says it in its reader's language; what a person typed has none, and so
 * have tasks from before. A name is kept as long as there are tasks.
 */
export const TASK_TEXTS = {
  'owner-left': '{{who}} does not work here any more.',
  'somebody-left': 'Whoever had it does not work here any more.',
  'document-moved': 'This document was in another chart. Read it for the patient it belongs to.',
  'file-scan': 'File a scanned document.',
  'scan-lost': 'A scanned document did not arrive.',
  'reminder-unprepared': 'A reminder of this visit was not prepared. See that the patient knows of it.',
  'reminder-unsure': 'A reminder may not have arrived. Reach the patient in another way.',
  'struck-visit-charges': 'This visit was another patient’s. Void what was charged for it.',
  ...paymentTexts(DECLINES),
} as const;
export type TaskTextName = keyof typeof TASK_TEXTS;
