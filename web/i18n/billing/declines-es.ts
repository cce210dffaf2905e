import type { Decline } from '../../../schemas/task-texts.ts';

/** Also in the tasks of failed payments. */
export const DECLINES_ES: Readonly<Record<Decline, string>> = {
  declined: 'El banco rechazó el pago y no dice más. El paciente puede preguntar a su banco o pagar de otra manera.',
  'no-money': 'No hay dinero suficiente para este importe. Pida otra tarjeta o cuenta, una parte, o inténtelo otro día.',
  'over-limit': 'Supera un límite de la tarjeta. Pida otra, una parte, o inténtelo otro día.',
  expired: 'La tarjeta ha caducado. Pida una nueva.',
  'wrong-details': 'El número, la fecha, el código o la dirección de la tarjeta no son correctos. Que se introduzcan de nuevo.',
  'needs-owner': 'El banco pide que el titular confirme. Envíe el enlace de pago: sin el titular se rechazará otra vez.',
  'not-supported': 'Esta tarjeta no sirve para este tipo de pago o esta moneda. Pida otra.',
  'try-again': 'El banco no pudo responder en ese momento. Inténtelo una vez más.',
  duplicate: 'El banco lo toma por un pago recién hecho. Mire si ya está pagado antes de intentarlo de nuevo.',
  'account-closed': 'La cuenta bancaria está cerrada o no existe. Pida otra forma de pago.',
  'not-allowed': 'La cuenta bancaria no permite este cargo. No lo repita; hable con el paciente.',
};
