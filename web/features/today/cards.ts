import type { Role } from '../../../schemas/access.ts';
import type { May } from '../settings/sections.ts';

export type CardId = 'inbox' | 'sign-note' | 'review-result' | 'file-document' | 'clinic';

/** What each role begins its day with, in this order. */
const BY_ROLE: Partial<Record<Role, readonly CardId[]>> = {
  physician: ['inbox', 'sign-note', 'review-result'],
  nurse: ['inbox'],
  'front-desk': ['inbox', 'file-document'],
  biller: ['inbox'],
  admin: ['clinic', 'inbox'],
};

/** The cards of a person: of several roles the union, in the order of the roles as a day goes: patients first, the clinic last. */
export function cardsFor(roles: readonly Role[], may: May): readonly CardId[] {
  const order: readonly Role[] = ['physician', 'nurse', 'front-desk', 'biller', 'admin'];
  const cards = order.filter((role) => roles.includes(role)).flatMap((role) => BY_ROLE[role] ?? []);
  return [...new Set(cards)].filter((card) =>
    card === 'clinic' ? may('Staff', 'read') && may('FailedWork', 'read') : may('Task', 'search'),
  );
}
