import type { Role } from '../../../schemas/access.ts';
import type { May } from '../settings/sections.ts';

export type TaskCardId = 'inbox' | 'notes' | 'review-result' | 'file-document';
export type CardId = TaskCardId | 'my-visits' | 'visits' | 'rooming' | 'money' | 'clinic';

/** What each role begins its day with, in this order. */
const BY_ROLE: Partial<Record<Role, readonly CardId[]>> = {
  physician: ['my-visits', 'inbox', 'notes', 'review-result'],
  nurse: ['rooming', 'inbox'],
  'front-desk': ['visits', 'inbox', 'file-document'],
  biller: ['money', 'inbox'],
  admin: ['clinic', 'inbox'],
};

/** What a card asks the server for: nobody is shown one that would be refused. */
const NEEDS: Record<CardId, readonly (readonly [type: string, interaction: Parameters<May>[1]])[]> = {
  inbox: [['Task', 'search']],
  notes: [['Task', 'search']],
  'review-result': [['Task', 'search']],
  'file-document': [['Task', 'search']],
  'my-visits': [['Appointment', 'search']],
  visits: [['Appointment', 'search']],
  rooming: [
    ['Appointment', 'search'],
    ['Observation', 'search'],
  ],
  money: [
    ['ChargeItem', 'search'],
    ['Invoice', 'search'],
    ['PaymentReconciliation', 'search'],
  ],
  clinic: [
    ['Staff', 'read'],
    ['FailedWork', 'read'],
  ],
};

/** The cards of a person: of several roles the union, in the order in which a day goes: patients first, the clinic last. */
export function cardsFor(roles: readonly Role[], may: May): readonly CardId[] {
  const order: readonly Role[] = ['physician', 'nurse', 'front-desk', 'biller', 'admin'];
  const cards = order.filter((role) => roles.includes(role)).flatMap((role) => BY_ROLE[role] ?? []);
  return [...new Set(cards)].filter((card) => NEEDS[card].every(([type, interaction]) => may(type, interaction)));
}
