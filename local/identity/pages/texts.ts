import type { PasswordFault } from '../passwords.ts';

/** Every text of the sign-in pages, by language. */
export interface Texts {
  readonly language: string;
  readonly signIn: string;
  readonly signInTo: Readonly<Record<string, string>>;
  readonly email: string;
  readonly password: string;
  readonly wrongPassword: string;
  readonly locked: (seconds: number) => string;
  readonly disabled: string;
  readonly resetRequired: string;
  readonly choosePassword: string;
  readonly choosePasswordText: string;
  readonly newPassword: string;
  readonly repeatPassword: string;
  readonly save: string;
  readonly stillMissing: string;
  readonly notTheSame: string;
  readonly samePassword: string;
  readonly rules: (minimumLength: number) => Readonly<Record<PasswordFault, string>>;
  readonly enterCode: string;
  readonly enterCodeText: string;
  readonly code: string;
  readonly continueOn: string;
  readonly wrongCode: string;
  readonly usedCode: string;
  readonly setUp: string;
  readonly setUpText: string;
  readonly setUpQr: string;
  readonly setUpByHand: string;
  readonly startAgain: string;
  readonly signingOut: string;
  readonly signOut: string;
  readonly signedOut: string;
  readonly signedOutText: string;
  readonly cannotSignIn: string;
  readonly startAgainInApp: string;
  readonly ended: string;
}

const ENGLISH: Texts = {
  language: 'en',
  signIn: 'Sign in',
  signInTo: { staff: 'For the people who work at the clinic', patients: 'For patients and their families' },
  email: 'E-mail',
  password: 'Password',
  wrongPassword: 'The e-mail or the password is not right. Check both and try again.',
  locked: (seconds) => `Too many attempts. Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
  disabled: 'This account is switched off. Ask the administrator of your clinic.',
  resetRequired: 'The password has to be set anew. Ask the administrator of your clinic for a temporary one.',
  choosePassword: 'Choose a new password',
  choosePasswordText: 'The one you have is temporary.',
  newPassword: 'New password',
  repeatPassword: 'New password again',
  save: 'Save and go on',
  stillMissing: 'This password cannot be used. It needs:',
  notTheSame: 'The two passwords are not the same.',
  samePassword: 'Choose a password that differs from the temporary one.',
  rules: (minimumLength) => ({
    'too-short': `at least ${minimumLength} characters`,
    'too-long': 'at most 256 characters',
    'no-lowercase': 'a small letter',
    'no-uppercase': 'a capital letter',
    'no-number': 'a digit',
    'no-symbol': 'a symbol',
    'edge-space': 'no space at the beginning or end',
  }),
  enterCode: 'Enter your code',
  enterCodeText: 'Open your authenticator app and type the six digits it shows for Tessera.',
  code: 'Six-digit code',
  continueOn: 'Continue',
  wrongCode: 'That code is not right. Type the one that the app shows now.',
  usedCode: 'That code has been used already. Wait for the next one.',
  setUp: 'Set up your authenticator app',
  setUpText:
    'Tessera asks for a code from your phone at every sign-in. Scan this picture with an authenticator app, then type the six digits it shows.',
  setUpQr: 'QR code for your authenticator app',
  setUpByHand: 'Or type this key into the app:',
  startAgain: 'Use another account',
  signingOut: 'Sign out of Tessera?',
  signOut: 'Sign out',
  signedOut: 'You are signed out',
  signedOutText: 'You can close this window.',
  cannotSignIn: 'This sign-in cannot go on',
  startAgainInApp: 'Nothing has been changed. Open Tessera again and sign in from there.',
  ended: 'This sign-in took too long, or was finished in another window.',
};

const SPANISH: Texts = {
  language: 'es',
  signIn: 'Iniciar sesión',
  signInTo: { staff: 'Para quienes trabajan en la clínica', patients: 'Para pacientes y sus familias' },
  email: 'Correo electrónico',
  password: 'Contraseña',
  wrongPassword: 'El correo o la contraseña no son correctos. Revíselos e inténtelo de nuevo.',
  locked: (seconds) =>
    `Demasiados intentos. Espere ${seconds === 1 ? 'un segundo' : `${seconds} segundos`} e inténtelo de nuevo.`,
  disabled: 'Esta cuenta está desactivada. Consulte al administrador de su clínica.',
  resetRequired: 'Hay que renovar la contraseña. Pida una temporal al administrador de su clínica.',
  choosePassword: 'Elija una contraseña nueva',
  choosePasswordText: 'La que tiene es temporal.',
  newPassword: 'Contraseña nueva',
  repeatPassword: 'Repita la contraseña nueva',
  save: 'Guardar y continuar',
  stillMissing: 'Esta contraseña no sirve. Necesita:',
  notTheSame: 'Las dos contraseñas no coinciden.',
  samePassword: 'Elija una contraseña distinta de la temporal.',
  rules: (minimumLength) => ({
    'too-short': `al menos ${minimumLength} caracteres`,
    'too-long': 'como máximo 256 caracteres',
    'no-lowercase': 'una letra minúscula',
    'no-uppercase': 'una letra mayúscula',
    'no-number': 'una cifra',
    'no-symbol': 'un símbolo',
    'edge-space': 'sin espacios al principio ni al final',
  }),
  enterCode: 'Escriba su código',
  enterCodeText: 'Abra su aplicación de autenticación y escriba las seis cifras que muestra para Tessera.',
  code: 'Código de seis cifras',
  continueOn: 'Continuar',
  wrongCode: 'El código no es correcto. Escriba el que la aplicación muestra ahora.',
  usedCode: 'Ese código ya se ha usado. Espere al siguiente.',
  setUp: 'Configure su aplicación de autenticación',
  setUpText:
    'Tessera pide un código de su teléfono en cada inicio de sesión. Escanee esta imagen con una aplicación de autenticación y escriba las seis cifras que muestra.',
  setUpQr: 'Código QR para su aplicación de autenticación',
  setUpByHand: 'O escriba esta clave en la aplicación:',
  startAgain: 'Usar otra cuenta',
  signingOut: '¿Cerrar la sesión de Tessera?',
  signOut: 'Cerrar sesión',
  signedOut: 'Ha cerrado la sesión',
  signedOutText: 'Puede cerrar esta ventana.',
  cannotSignIn: 'No se puede continuar',
  startAgainInApp: 'No se ha cambiado nada. Abra Tessera de nuevo e inicie sesión desde allí.',
  ended: 'El inicio de sesión tardó demasiado o se terminó en otra ventana.',
};

/** The texts of the first language we have among those wanted ("es-MX", "en"), else English. */
export function textsFor(wanted: readonly string[]): Texts {
  for (const tag of wanted) {
    const found = [ENGLISH, SPANISH].find(({ language }) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return ENGLISH;
}

/** The languages of an Accept-Language header (RFC 9110, section 12.5.4), most wanted first. */
export const languagesOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/\s*;\s*q=/);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
