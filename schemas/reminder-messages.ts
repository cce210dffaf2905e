import type { ReminderLanguage } from './reminders.ts';

/**
 * The words of a reminder. Invariant: of the visit it says the clinic, the day and the time, and nothing that tells of health: no name, no
 * kind of visit, no practitioner. Mail and text messages lie about in clear.
 */
export interface ReminderWords {
  readonly clinic: string;
  readonly startMs: number;
  readonly timeZone: string;
  readonly language: ReminderLanguage;
  readonly link: string;
}

const TAGS: Readonly<Record<ReminderLanguage, string>> = { en: 'en-US', es: 'es-US' };

/** "Tuesday, December 1" and "2:20 PM CST": the zone is named, for whoever reads it on a journey. */
export function visitTime({ startMs, timeZone, language }: Pick<ReminderWords, 'startMs' | 'timeZone' | 'language'>): {
  day: string;
  time: string;
} {
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(TAGS[language], { timeZone, ...options }).format(startMs).replaceAll(/[\u202f\u00a0]/g, ' ');
  return {
    day: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    time: format({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
  };
}

/** A mail's subject and text. */
export function reminderMail(words: ReminderWords): { subject: string; text: string } {
  const { clinic, link, language } = words;
  const { day, time } = visitTime(words);
  if (language === 'es')
    return {
      subject: `${clinic}: su cita del ${day}`,
      text: [
        `Le recordamos su cita en ${clinic}:`,
        `${day}, ${time}`,
        '',
        'Confírmela o cancélela en esta página; no hace falta entrar en ninguna cuenta:',
        link,
        '',
        'El enlace sirve una vez, hasta la hora de la cita. Si no quiere más recordatorios, dígaselo a la clínica.',
        '',
      ].join('\n'),
    };
  return {
    subject: `${clinic}: your visit on ${day}`,
    text: [
      `This is a reminder of your visit at ${clinic}:`,
      `${day}, ${time}`,
      '',
      'Confirm or cancel it on this page; you need not sign in:',
      link,
      '',
      'The link works once, until the time of the visit. If you want no more reminders, tell the clinic.',
      '',
    ].join('\n'),
  };
}

/** One text message of two parts at most. It names the way out of it (CTIA, Messaging Principles). */
export function reminderText(words: ReminderWords): string {
  const { clinic, link, language } = words;
  const { day, time } = visitTime(words);
  return language === 'es'
    ? `${clinic}: su cita, ${day}, ${time}. Confirme o cancele: ${link} Responda STOP para no recibir más.`
    : `${clinic}: your visit, ${day}, ${time}. Confirm or cancel: ${link} Reply STOP to end.`;
}
