import type { Interaction } from '../../../schemas/access.ts';

export interface BillingSection {
  readonly path: 'unbilled' | 'invoices' | 'payments';
  readonly needs: { readonly type: string; readonly interaction: Interaction };
}

/** The lists of the billing desk in their order: its row of tabs and the routes read this and nothing else. */
export const BILLING_SECTIONS: readonly BillingSection[] = [
  {
    path: 'unbilled',
    needs: { type: 'ChargeItem', interaction: 'search' },
  },
  {
    path: 'invoices',
    needs: { type: 'Invoice', interaction: 'search' },
  },
  {
    path: 'payments',
    needs: { type: 'PaymentReconciliation', interaction: 'search' },
  },
];

type May = (type: string, interaction: Interaction) => boolean;
export const permittedBilling = (may: May): readonly BillingSection[] =>
  BILLING_SECTIONS.filter(({ needs }) => may(needs.type, needs.interaction));
