import type { ComponentType } from 'react';
import type { Interaction } from '../../../schemas/access.ts';
import { bring } from '../../i18n/index.ts';

export interface BillingSection {
  readonly path: 'unbilled' | 'invoices' | 'payments';
  readonly needs: { readonly type: string; readonly interaction: Interaction };
  readonly page: () => Promise<{ Component: ComponentType }>;
}

/** The lists of the billing desk in their order: its row of tabs and the routes read this and nothing else. */
export const BILLING_SECTIONS: readonly BillingSection[] = [
  {
    path: 'unbilled',
    needs: { type: 'ChargeItem', interaction: 'search' },
    page: async () => ({ Component: (await bring(() => import('./UnbilledPage.tsx'), 'billing')).UnbilledPage }),
  },
  {
    path: 'invoices',
    needs: { type: 'Invoice', interaction: 'search' },
    page: async () => ({ Component: (await bring(() => import('./InvoicesPage.tsx'), 'billing')).InvoicesPage }),
  },
  {
    path: 'payments',
    needs: { type: 'PaymentReconciliation', interaction: 'search' },
    page: async () => ({ Component: (await bring(() => import('./PaymentsPage.tsx'), 'billing')).PaymentsPage }),
  },
];

type May = (type: string, interaction: Interaction) => boolean;
export const permittedBilling = (may: May): readonly BillingSection[] =>
  BILLING_SECTIONS.filter(({ needs }) => may(needs.type, needs.interaction));
