import type { Mail } from '../../core/mail/mailer.ts';
import type { MailLanguage } from '../../schemas/people.ts';
import { LINK_HOURS, type Purpose } from './links.ts';
import type { Pending } from './pending.ts';

interface Words {
  /** Without a name where the mail may have gone astray: it would say whose patient somebody is. */
  readonly greeting: (name: string) => string;
  readonly subject: Readonly<Record<Purpose['kind'], (clinic: string) => string>>;
  readonly what: Readonly<Record<Purpose['kind'], (clinic: string) => string>>;
  readonly open: string;
  readonly until: string;
  readonly notYou: string;
  readonly resetSubject: (clinic: string) => string;
  readonly reset: (clinic: string) => string;
}

const WORDS: Readonly<Record<MailLanguage, Words>> = {
  en: {
    greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
    subject: {
      signup: (clinic) => `Confirm your clinic: ${clinic}`,
      invitation: (clinic) => `You are invited to work in ${clinic} on Tessera`,
      patient: (clinic) => `${clinic}: your access to the patient portal`,
      operator: () => 'You are invited to run this Tessera installation',
    },
    what: {
      signup: (clinic) =>
        `somebody, probably you, has signed up ${clinic} with Tessera and named you as its first administrator.`,
      invitation: (clinic) => `${clinic} keeps its records with Tessera and invites you to work there.`,
      patient: (clinic) =>
        `${clinic} invites you to its patient portal. To open it, you need this link and the birth date that the clinic knows.`,
      operator: () => 'whoever runs this Tessera installation invites you to run it with them. Operators open no charts.',
    },
    open: 'Open this page and press its button:',
    until: `The link works once, for ${LINK_HOURS} hours. If it has expired, its page sends you another.`,
    notYou: 'If you do not know what this is about, do nothing: without the button nothing happens.',
    resetSubject: (clinic) => `${clinic}: your second factor was reset`,
    reset: (clinic) =>
      `an administrator of ${clinic} has reset your second factor for signing in to Tessera. At your next sign-in you set up your authenticator app again.\n\nIf you did not ask for this, tell the administrators of your clinic at once. Your password is unchanged.`,
  },
  es: {
    greeting: (name) => (name ? `Hola, ${name}:` : 'Hola:'),
    subject: {
      signup: (clinic) => `Confirme su clínica: ${clinic}`,
      invitation: (clinic) => `Le invitan a trabajar en ${clinic} con Tessera`,
      patient: (clinic) => `${clinic}: su acceso al portal de pacientes`,
      operator: () => 'Le invitan a operar esta instalación de Tessera',
    },
    what: {
      signup: (clinic) =>
        `alguien, probablemente usted, ha registrado ${clinic} en Tessera y le ha nombrado su primer administrador.`,
      invitation: (clinic) => `${clinic} lleva sus historias con Tessera y le invita a trabajar allí.`,
      patient: (clinic) =>
        `${clinic} le invita a su portal de pacientes. Para abrirlo necesita este enlace y la fecha de nacimiento que la clínica conoce.`,
      operator: () =>
        'quien opera esta instalación de Tessera le invita a operarla también. Los operadores no abren historias clínicas.',
    },
    open: 'Abra esta página y pulse su botón:',
    until: `El enlace sirve una vez, durante ${LINK_HOURS} horas. Si ha caducado, su página le envía otro.`,
    notYou: 'Si no sabe de qué se trata, no haga nada: sin el botón no ocurre nada.',
    resetSubject: (clinic) => `${clinic}: se restableció su segundo factor`,
    reset: (clinic) =>
      `un administrador de ${clinic} ha restablecido su segundo factor para entrar en Tessera. La próxima vez que entre configurará de nuevo su aplicación de autenticación.\n\nSi usted no lo pidió, avise enseguida a los administradores de su clínica. Su contraseña no ha cambiado.`,
  },
};

/** The mail that brings somebody to the page of their link. */
export function linkMail({ kind }: Purpose, pending: Pending, address: string): Mail {
  const words = WORDS[pending.language];
  const clinic = pending.signUp?.clinicName ?? pending.clinicName ?? '';
  return {
    to: pending.email,
    subject: words.subject[kind](clinic),
    text: [
      words.greeting(pending.name),
      '',
      words.what[kind](clinic),
      '',
      words.open,
      address,
      '',
      words.until,
      words.notYou,
      '',
    ].join('\n'),
  };
}

/** Tells a person what was done to their sign-in, so that it is never done unseen. */
export const secondFactorMail = (language: MailLanguage, to: string, name: string, clinic: string): Mail => ({
  to,
  subject: WORDS[language].resetSubject(clinic),
  text: `${WORDS[language].greeting(name)}\n\n${WORDS[language].reset(clinic)}\n`,
});
